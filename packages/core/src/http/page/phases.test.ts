import { describe, expect, it } from "vitest";
import type { JobStatus } from "../../fleet/status.ts";
import { percentile, takenPhases, waitOf } from "./phases.ts";

const job = (waitsMs: JobStatus["waitsMs"]): JobStatus => ({
  id: "1",
  repository: "acme/shop",
  state: "running",
  queuedAtMs: 0,
  labels: [],
  waitsMs,
});

describe("takenPhases", () => {
  it("places each step behind the one before, whatever the order of the record", () => {
    const taken = takenPhases(job({ run: 5, machine: 20, queue: 10 }));
    expect(taken.map(({ key, startMs, durationMs }) => [key, startMs, durationMs])).toEqual([
      ["queue", 0, 10],
      ["machine", 10, 20],
      ["run", 30, 5],
    ]);
  });

  it("keeps steps that it has no words for, before the run", () => {
    expect(takenPhases(job({ warmup: 7, run: 5, queue: 1 })).map(({ key }) => key)).toEqual([
      "queue",
      "warmup",
      "run",
    ]);
  });

  it("counts lengths that are none as nothing", () => {
    const taken = takenPhases(job({ queue: -3, machine: Number.NaN, github: 4 }));
    expect(taken.map(({ durationMs }) => durationMs)).toEqual([0, 0, 4]);
  });
});

describe("waitOf", () => {
  it("is all but the run", () => {
    expect(waitOf(job({ queue: 1, machine: 2, github: 3, register: 4, run: 1_000 }))).toBe(10);
  });
});

describe("percentile", () => {
  it("is a value that occurred", () => {
    expect(percentile([5, 1, 3, 2, 4], 0.5)).toBe(3);
    expect(percentile([5, 1, 3, 2, 4], 0.95)).toBe(5);
    expect(percentile([7], 0.5)).toBe(7);
    expect(percentile([], 0.5)).toBeUndefined();
  });
});
