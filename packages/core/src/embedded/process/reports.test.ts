import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentEvent } from "../../wire/agent-event.ts";
import { createMachineMailbox } from "./machine-mailbox.ts";
import { createProcessReports } from "./reports.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "runs-fleet-reports-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const visibilityMs = 60_000;

function eventOf(machineId: string, sequence: number): AgentEvent {
  return { id: `event-${sequence}`, machineId, atMs: 1_000, sequence, kind: "ready" };
}

async function machineOf(id: string) {
  await mkdir(join(directory, id, "events"), { recursive: true });
  return createMachineMailbox(join(directory, id)).events;
}

describe("createProcessReports", () => {
  it("says who sent an event by the place where it lies, whatever it claims", async () => {
    await using reports = createProcessReports({ directory });
    const thief = await machineOf("pm-thief");
    await thief.send(eventOf("pm-victim", 1));
    const [delivery] = await reports.receive({ max: 10, waitMs: 0, visibilityMs });
    expect(delivery).toMatchObject({ sender: "pm-thief", body: { machineId: "pm-victim" } });
  });

  it("hears at once of an event that another process wrote", async () => {
    await using reports = createProcessReports({ directory, rescanMs: 60_000 });
    const machine = await machineOf("pm-a");
    const waiting = reports.receive({ max: 1, waitMs: 10_000, visibilityMs });
    await machine.send(eventOf("pm-a", 1));
    expect(await waiting).toMatchObject([{ sender: "pm-a" }]);
  });

  it("finds an event without a hint at its next look at everything", async () => {
    await using reports = createProcessReports({ directory, rescanMs: 50 });
    expect(await reports.receive({ max: 1, waitMs: 0, visibilityMs })).toEqual([]);
    const machine = await machineOf("pm-a");
    await rm(join(directory, "hints"), { recursive: true });
    await writeFile(join(directory, "hints"), "no directory");
    await machine.send(eventOf("pm-a", 1));
    const found = await reports.receive({ max: 1, waitMs: 10_000, visibilityMs });
    expect(found).toMatchObject([{ body: { id: "event-1" } }]);
  });

  it("delivers the events of a machine in their order", async () => {
    await using reports = createProcessReports({ directory });
    const machine = await machineOf("pm-a");
    for (const sequence of [2, 11, 1, 3]) await machine.send(eventOf("pm-a", sequence));
    const found = await reports.receive({ max: 10, waitMs: 0, visibilityMs });
    expect(found.map(({ body }) => body.sequence)).toEqual([1, 2, 3, 11]);
  });

  it("holds a repeated event once", async () => {
    await using reports = createProcessReports({ directory });
    const machine = await machineOf("pm-a");
    await machine.send(eventOf("pm-a", 1));
    await machine.send(eventOf("pm-a", 1));
    expect(await reports.receive({ max: 10, waitMs: 0, visibilityMs })).toHaveLength(1);
  });

  it("gives a host that takes over all that was not acknowledged, and nothing else", async () => {
    await using first = createProcessReports({ directory });
    await using second = createProcessReports({ directory });
    const machine = await machineOf("pm-a");
    await machine.send(eventOf("pm-a", 1));
    await machine.send(eventOf("pm-a", 2));
    const [one] = await first.receive({ max: 2, waitMs: 0, visibilityMs });
    if (one) await first.acknowledge([one]);
    const found = await second.receive({ max: 10, waitMs: 0, visibilityMs });
    expect(found.map(({ body }) => body.id)).toEqual(["event-2"]);
  });

  it("puts aside what is no event, with the cause, and goes on", async () => {
    await using reports = createProcessReports({ directory });
    const machine = await machineOf("pm-a");
    const events = join(directory, "pm-a", "events");
    await writeFile(join(events, "0.json"), "{");
    await writeFile(join(events, "1.json"), JSON.stringify({ body: { kind: "unheard-of" } }));
    await writeFile(join(events, "2.json"), "x".repeat(200_000));
    await writeFile(join(events, "half.tmp"), "half");
    await machine.send(eventOf("pm-a", 1));
    const found = await reports.receive({ max: 10, waitMs: 0, visibilityMs });
    expect(found.map(({ body }) => body.id)).toEqual(["event-1"]);
    expect((await readdir(join(directory, "dead-letters"))).sort()).toEqual([
      "pm-a-0.json",
      "pm-a-0.json.cause",
      "pm-a-1.json",
      "pm-a-1.json.cause",
      "pm-a-2.json",
      "pm-a-2.json.cause",
    ]);
  });

  it("puts aside an event that was received too often", async () => {
    await using reports = createProcessReports({ directory, maxReceives: 2 });
    await (await machineOf("pm-a")).send(eventOf("pm-a", 1));
    for (const expected of [1, 1, 0]) {
      const found = await reports.receive({ max: 1, waitMs: 0, visibilityMs });
      expect(found).toHaveLength(expected);
      await reports.extend(found, 0);
    }
    expect(
      existsSync(join(directory, "dead-letters", "pm-a-0000000000001000-00000001-event-1.json")),
    ).toBe(true);
  });

  it("refuses to send for a machine whose id is no place of its own", async () => {
    await using reports = createProcessReports({ directory });
    for (const id of ["../pm-a", "attempts", "a/b", "."]) {
      const [outcome] = await reports.send([{ body: eventOf(id, 1) }]);
      expect(outcome).toMatchObject({ ok: false, error: { kind: "config" } });
    }
    expect(await readdir(directory)).toEqual([]);
  });
});
