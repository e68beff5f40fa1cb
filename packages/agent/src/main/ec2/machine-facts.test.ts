import type { MachineMetadata } from "@runs-fleet/aws/agent";
import { createVirtualClock } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { readMachineFacts, WrongMachine } from "./machine-facts.ts";

const identity = { instanceId: "i-0a1b", region: "eu-west-1", accountId: "123456789012" };

/** Metadata that is there after a while. */
function stage(options: {
  readonly tags?: Readonly<Record<string, string>>;
  readonly lateMs?: number;
  readonly tagsLateMs?: number;
}) {
  const clock = createVirtualClock(0);
  const lines: string[] = [];
  const { tags = {}, lateMs = 0, tagsLateMs = 0 } = options;
  const metadata = {
    identity: async () => {
      if (clock.now() < lateMs) throw new Error("The metadata is not there");
      return identity;
    },
    tag: async (key: string) => (clock.now() < tagsLateMs ? undefined : tags[key]),
  } as unknown as MachineMetadata;
  const stopped = new AbortController();
  const facts = readMachineFacts({
    metadata,
    clock,
    signal: stopped.signal,
    log: (line) => lines.push(line),
  });
  facts.catch(() => undefined);
  return { clock, lines, stopped, facts };
}

describe("readMachineFacts", () => {
  it("reads who it is, where it belongs and when it has to end", async () => {
    const tags = { "runs-fleet:environment": "ci", "runs-fleet:deadline": "1780000000000" };
    const { facts, lines } = stage({ tags });
    expect(await facts).toEqual({ identity, environment: "ci", deadlineMs: 1_780_000_000_000 });
    expect(lines).toEqual([]);
  });

  it("waits for metadata and tags that come late, and says so once", async () => {
    const tags = { "runs-fleet:environment": "ci" };
    const { clock, facts, lines } = stage({ tags, lateMs: 5_000, tagsLateMs: 60_000 });
    await clock.advance(120_000);
    expect(await facts).toEqual({ identity, environment: "ci" });
    expect(lines).toEqual([
      "waiting for the instance's metadata",
      "waiting for the tag runs-fleet:environment",
    ]);
  });

  it("gives up on an instance that shows no tags", async () => {
    const { clock, facts } = stage({});
    await clock.advance(200_000);
    await expect(facts).rejects.toThrow(WrongMachine);
    await expect(facts).rejects.toThrow("runs-fleet:environment");
  });

  it("passes on why there is no metadata", async () => {
    const { clock, facts } = stage({ lateMs: Number.POSITIVE_INFINITY });
    await clock.advance(200_000);
    await expect(facts).rejects.toThrow("The metadata is not there");
  });

  it.each(["", "soon", "-1", "1e9", "9".repeat(16)])("takes no deadline %j", async (deadline) => {
    const tags = { "runs-fleet:environment": "ci", "runs-fleet:deadline": deadline };
    await expect(stage({ tags }).facts).rejects.toThrow("runs-fleet:deadline");
  });

  it("stops when it is told to", async () => {
    const { clock, stopped, facts } = stage({});
    await clock.advance(1_000);
    stopped.abort("enough");
    await expect(facts).rejects.toBe("enough");
  });
});
