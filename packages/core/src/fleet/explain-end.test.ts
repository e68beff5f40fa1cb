import { describe, expect, it } from "vitest";
import { aJob, aMachine, aRegistration, nowMs } from "../../test/fleet/builders.ts";
import { explainsEnd, interruptionOf } from "./explain-end.ts";
import type { Interruption } from "./records.ts";

const announced: Interruption = {
  kind: "announced",
  atMs: nowMs,
  endsAtMs: nowMs + 120_000,
  machineId: "m",
};
const lost: Interruption = { kind: "lost", atMs: nowMs, machineId: "m" };

describe("an interruption", () => {
  it.each([
    ["the job failed minutes after the end, when its lock ran out", "failure", 720_000, true],
    ["the agent stopped its runner 45 s before the end", "cancelled", 75_000, true],
    ["the runner gave up in the last minute", "failure", 61_000, true],
    ["its own steps failed while the machine worked on", "failure", 59_000, false],
    ["somebody cancelled it while the machine worked on", "cancelled", 30_000, false],
    ["somebody cancelled it when the machine was long gone", "cancelled", 181_000, false],
    ["it succeeded after all", "success", 90_000, false],
    ["it was skipped", "skipped", 90_000, false],
  ] as const)("that was announced: %s", (_, conclusion, afterMs, explains) => {
    expect(explainsEnd(announced, conclusion, nowMs + afterMs)).toBe(explains);
  });

  it.each([
    ["the job failed when its lock ran out", "failure", 540_000, true],
    ["the job had failed before the machine was missed", "failure", -1, false],
    ["somebody cancelled the job that nobody ran any more", "cancelled", 540_000, false],
    ["it had succeeded", "success", -30_000, false],
  ] as const)("without a word: %s", (_, conclusion, afterMs, explains) => {
    expect(explainsEnd(lost, conclusion, nowMs + afterMs)).toBe(explains);
  });

  it("is known by the machine as long as it is there, and by the job when it is gone", () => {
    const machine = aMachine("m", {
      state: "running",
      registration: aRegistration("m"),
      announcedEndMs: nowMs + 120_000,
    });
    expect(interruptionOf(aJob("1"), machine, nowMs)).toEqual({
      ...announced,
      runnerName: "rf-m-1",
    });
    expect(interruptionOf(aJob("1", { interruption: lost }), undefined, nowMs)).toEqual(lost);
    expect(interruptionOf(aJob("1"), aMachine("m"), nowMs)).toBeUndefined();
  });

  it("of the machine that was meant for a job says nothing about one that ran elsewhere", () => {
    const interruption = { ...lost, runnerName: "rf-m-1" };
    const ran = (runnerName: string) => aJob("1", { interruption, runnerName, state: "running" });
    expect(interruptionOf(ran("rf-m-1"), undefined, nowMs)).toEqual(interruption);
    expect(interruptionOf(ran("rf-other-1"), undefined, nowMs)).toBeUndefined();
  });
});
