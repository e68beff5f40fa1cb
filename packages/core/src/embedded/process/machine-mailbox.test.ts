import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readText } from "./files.ts";
import { bootOf, terminatedOf } from "./layout.ts";
import { createMachineMailbox } from "./machine-mailbox.ts";
import { bootClaimOf } from "./process-identity.ts";
import { ringMachine } from "./ring.ts";

let machine: string;

beforeEach(async () => {
  machine = join(await mkdtemp(join(tmpdir(), "runs-fleet-mailbox-")), "pm-a");
  await mkdir(machine);
  await writeFile(bootOf(machine, 1), bootClaimOf(process.pid));
});

afterEach(() => rm(join(machine, ".."), { recursive: true, force: true }));

describe("createMachineMailbox", () => {
  it("hears the doorbell", async () => {
    const { assignments } = createMachineMailbox(machine);
    const rung = assignments.rung(new AbortController().signal);
    await ringMachine(machine, 1, "nonce-1");
    await rung;
    const again = assignments.rung(new AbortController().signal);
    await ringMachine(machine, 1, "nonce-2");
    await again;
  });

  it("hears a ring that came before it listened, once", async () => {
    const { assignments } = createMachineMailbox(machine);
    await ringMachine(machine, 1, "nonce-1");
    await assignments.rung(new AbortController().signal);
    const silence = new AbortController();
    const waiting = assignments.rung(silence.signal);
    silence.abort("silence");
    await expect(waiting).rejects.toBe("silence");
  });

  it("does not hear an aborted call", async () => {
    const { assignments } = createMachineMailbox(machine);
    await expect(assignments.rung(AbortSignal.abort("over"))).rejects.toBe("over");
    expect(process.listenerCount("SIGCONT")).toBe(0);
  });

  it("says why the machine went off, and keeps the first reason", async () => {
    const { power } = createMachineMailbox(machine);
    await power.off("its job ended");
    await power.off("something else");
    expect(JSON.parse((await readText(terminatedOf(machine))) ?? "")).toMatchObject({
      reason: "its job ended",
    });
  });
});
