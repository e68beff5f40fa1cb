import { FleetError } from "@runs-fleet/core";
import { createVirtualClock } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import type { S3Objects } from "../s3/objects.ts";
import { createS3LogShipper, type S3LogShipperOptions } from "./log-shipper.ts";

/** A bucket that keeps what is put under the condition that there is nothing. */
function stage(options: Partial<S3LogShipperOptions> = {}, there: readonly string[] = []) {
  const clock = createVirtualClock(0);
  const stored = new Map<string, string>(there.map((key) => [key, "of an earlier boot\n"]));
  const state = { failing: false, puts: 0 };
  const objects = {
    put: async (key: string, body: Uint8Array | string) => {
      state.puts += 1;
      if (state.failing) throw new FleetError({ kind: "unavailable", message: "S3 is away" });
      if (stored.has(key)) return { outcome: "exists" } as const;
      stored.set(key, String(body));
      return { outcome: "stored", etag: undefined, sha256: "" } as const;
    },
  } as unknown as S3Objects;
  const shipper = createS3LogShipper({ objects, key: "logs/m/agent", clock, ...options });
  return { clock, stored, state, shipper };
}

const partOf = (part: number): string => `logs/m/agent/${String(part).padStart(8, "0")}.log`;

describe("createS3LogShipper", () => {
  it("collects lines for a while, and puts nothing when there are none", async () => {
    const { clock, stored, state, shipper } = stage({ collectMs: 1_000 });
    shipper.write("one");
    shipper.write("two");
    await clock.advance(999);
    expect(state.puts).toBe(0);
    await clock.advance(1);
    expect([...stored]).toEqual([[partOf(1), "one\ntwo\n"]]);
    await clock.advance(3_600_000);
    expect(state.puts).toBe(1);
    shipper.write("three");
    await clock.advance(1_000);
    expect(stored.get(partOf(2))).toBe("three\n");
  });

  it("ships a part at once that has grown enough", async () => {
    const { clock, stored, shipper } = stage({ collectMs: 1_000, partBytes: 8 });
    shipper.write("1234567");
    await clock.advance(0);
    expect(stored.get(partOf(1))).toBe("1234567\n");
  });

  it("goes on behind the parts of an earlier boot", async () => {
    const { clock, stored, shipper } = stage({}, [partOf(1), partOf(2)]);
    shipper.write("again");
    await clock.advance(10_000);
    expect(stored.get(partOf(1))).toBe("of an earlier boot\n");
    expect(stored.get(partOf(3))).toBe("again\n");
  });

  it("keeps lines while S3 is away, asks more and more rarely, and drops the oldest", async () => {
    const { clock, stored, state, shipper } = stage({ partBytes: 1, maxBytes: 20 });
    state.failing = true;
    for (let index = 0; index < 10; index += 1) shipper.write(`line ${index}`);
    await clock.advance(24 * 3_600_000);
    expect(state.puts).toBeLessThan(300);
    const flushed = shipper.flush(0);
    await clock.advance(0);
    expect(await flushed).toBe(false);
    state.failing = false;
    await clock.advance(300_000);
    expect([...stored.values()]).toEqual(["(8 lines are missing here)\nline 8\nline 9\n"]);
  });

  it("flushes without the wait, tries again while there is time, and then gives up", async () => {
    const { clock, stored, state, shipper } = stage();
    shipper.write("last");
    state.failing = true;
    const flushed = shipper.flush(10_000);
    await clock.advance(4_000);
    expect(state.puts).toBeGreaterThan(2);
    state.failing = false;
    await clock.advance(1_000);
    expect(await flushed).toBe(true);
    expect(stored.get(partOf(1))).toBe("last\n");
    state.failing = true;
    shipper.write("lost");
    const given = shipper.flush(5_000);
    await clock.advance(5_000);
    expect(await given).toBe(false);
    expect(await shipper.flush(0)).toBe(false);
  });

  it("has nothing to flush at first, and ships nothing after its end", async () => {
    const { clock, state, shipper } = stage();
    expect(await shipper.flush(0)).toBe(true);
    shipper.write("one");
    const closing = shipper[Symbol.asyncDispose]();
    await clock.advance(0);
    await closing;
    shipper.write("two");
    await clock.advance(60_000);
    expect(state.puts).toBe(0);
  });

  it.each([{ collectMs: -1 }, { partBytes: 0 }, { partBytes: 10, maxBytes: 9 }])(
    "refuses %j",
    (options) => {
      expect(() => stage(options)).toThrow(RangeError);
    },
  );
});
