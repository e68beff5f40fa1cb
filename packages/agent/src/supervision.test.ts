import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  beginSupervision,
  dueMs,
  mostLaunches,
  type Supervision,
  type SupervisionEffect,
  type SupervisionInput,
  type SupervisionLimits,
  superviseStep,
} from "./supervision.ts";

const limits: SupervisionLimits = {
  registrationTimeoutMs: 100,
  idleTimeoutMs: 200,
  maxRuntimeMs: 10_000,
  interruptGraceMs: 50,
  relaunchDelayMs: 10,
  stopByMs: 5_000,
};

const line = (kind: "listening" | "outdated"): SupervisionInput => ({
  kind: "line",
  line: { kind },
});
const jobStarted: SupervisionInput = {
  kind: "line",
  line: { kind: "job-started", jobName: "build" },
};
const ended = (code?: number): SupervisionInput => ({
  kind: "ended",
  exit: code === undefined ? { signal: "SIGKILL" } : { code },
});
const time: SupervisionInput = { kind: "time" };

/** Plays inputs at their instants; answers the last state and all effects. */
function play(inputs: readonly (readonly [number, SupervisionInput])[], within = limits) {
  let { state, effects } = beginSupervision(0);
  const all: SupervisionEffect[] = [...effects];
  for (const [nowMs, input] of inputs) {
    ({ state, effects } = superviseStep(state, input, nowMs, within));
    all.push(...effects);
  }
  return { state, effects: all.map((effect) => ("what" in effect ? effect.what : effect.kind)) };
}

describe("superviseStep", () => {
  it("reports the registration and the job once, and ends with the exit code", () => {
    const { state, effects } = play([
      [10, line("listening")],
      [11, line("listening")],
      [20, jobStarted],
      [21, jobStarted],
      [90, ended(100)],
    ]);
    expect(effects).toEqual(["launch", "registered", "job-started"]);
    expect(state.end).toEqual({ result: "succeeded", exitCode: 100 });
    expect(dueMs(state, limits)).toBeUndefined();
  });

  it("ends a listener that does not register in time: asks first, kills after the grace", () => {
    const { state, effects } = play([
      [99, time],
      [100, time],
      [149, time],
      [150, time],
      [151, ended()],
    ]);
    expect(effects).toEqual(["launch", "interrupt", "kill"]);
    expect(state).toMatchObject({
      stop: { reason: "no registration in time" },
      end: { result: "unknown" },
    });
  });

  it("ends a listener that gets no job in time, as no-job", () => {
    const { state, effects } = play([
      [50, line("listening")],
      [249, time],
      [250, time],
      [260, ended(0)],
    ]);
    expect(effects).toEqual(["launch", "registered", "interrupt"]);
    expect(state.end).toEqual({ result: "no-job", exitCode: 0 });
  });

  it("leaves a job alone until the deadline", () => {
    const { state, effects } = play([
      [10, line("listening")],
      [20, jobStarted],
      [4_999, time],
      [5_000, time],
      [5_010, ended(0)],
    ]);
    expect(effects).toEqual(["launch", "registered", "job-started", "interrupt"]);
    expect(state).toMatchObject({ stop: { reason: "deadline" }, end: { result: "cancelled" } });
  });

  it("ends a job that runs for too long", () => {
    const { state } = play(
      [
        [10, line("listening")],
        [20, jobStarted],
        [700, time],
      ],
      { ...limits, maxRuntimeMs: 700 },
    );
    expect(state.stop).toMatchObject({ reason: "longest runtime", atMs: 700 });
  });

  it("starts a listener again that asks for it, after a pause", () => {
    for (const [code, as] of [
      [2, "retry"],
      [3, "update"],
      [4, "update"],
    ] as const) {
      const { state, effects } = play([
        [10, ended(code)],
        [19, time],
        [20, time],
      ]);
      expect(effects).toEqual(["launch", "launch"]);
      expect(state).toMatchObject({ launches: 2, launchedAtMs: 20 });
      const waiting = play([[10, ended(code)]]).state;
      expect([waiting.relaunchAtMs, waiting.relaunchAs]).toEqual([20, as]);
    }
  });

  it("starts a listener again 10 times and no more", () => {
    const inputs: (readonly [number, SupervisionInput])[] = [];
    for (let round = 0; round < 20; round += 1) {
      inputs.push([round * 20, ended(2)], [round * 20 + 10, time]);
    }
    const { state, effects } = play(inputs);
    expect(effects).toHaveLength(mostLaunches);
    expect(mostLaunches - 1).toBe(10);
    expect(state.end).toEqual({ result: "unknown", exitCode: 2 });
  });

  it("does not start again what has begun a job, is outdated or was asked to end", () => {
    expect(
      play([
        [5, line("listening")],
        [6, jobStarted],
        [9, ended(2)],
      ]).state.end,
    ).toBeDefined();
    expect(
      play([
        [5, line("outdated")],
        [9, ended(2)],
      ]).state.end?.result,
    ).toBe("runner-outdated");
    const stopped = play([
      [5, { kind: "stop", reason: "signal" }],
      [9, ended(2)],
    ]);
    expect(stopped.state.end).toBeDefined();
  });

  it("ends at once when it is asked to while no listener runs", () => {
    const { state, effects } = play([
      [10, ended(2)],
      [15, { kind: "stop", reason: "interruption" }],
    ]);
    expect(effects).toEqual(["launch"]);
    expect(state.end).toEqual({ result: "unknown" });
  });

  it("always ends by the deadline and the grace, kills at most once, and never wakes in vain", () => {
    const anyInput: fc.Arbitrary<SupervisionInput> = fc.constantFrom(
      line("listening"),
      line("outdated"),
      jobStarted,
      ended(0),
      ended(1),
      ended(2),
      ended(3),
      ended(102),
      ended(),
      time,
      { kind: "stop", reason: "signal" } as const,
    );
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), anyInput), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (inputs) => {
        let nowMs = 0;
        let { state, effects } = beginSupervision(nowMs);
        let running = true;
        const seen: string[] = [];
        const give = (input: SupervisionInput): void => {
          // A process that does not run says nothing.
          if ((input.kind === "line" || input.kind === "ended") && !running) return;
          if (input.kind === "ended") running = false;
          ({ state, effects } = superviseStep(state, input, nowMs, limits));
          for (const effect of effects) {
            seen.push(effect.kind);
            if (effect.kind === "launch") running = true;
          }
        };
        for (const [afterMs, input] of inputs) {
          const untilMs = nowMs + afterMs;
          for (let due = dueMs(state, limits); due !== undefined && due <= untilMs; ) {
            nowMs = Math.max(nowMs, due);
            const before: Supervision = state;
            give(time);
            expect(state).not.toEqual(before);
            due = dueMs(state, limits);
          }
          nowMs = untilMs;
          give(input);
        }
        for (let due = dueMs(state, limits); due !== undefined; due = dueMs(state, limits)) {
          nowMs = Math.max(nowMs, due);
          give(time);
          if (seen.at(-1) === "kill") give(ended());
        }
        expect(nowMs).toBeLessThanOrEqual(
          Math.max(limits.stopByMs + limits.interruptGraceMs, 60 * 400 + limits.interruptGraceMs),
        );
        expect(seen.filter((kind) => kind === "kill").length).toBeLessThanOrEqual(1);
        expect(seen.filter((kind) => kind === "interrupt").length).toBeLessThanOrEqual(1);
        if (!state.end) give(ended());
        expect(state.end !== undefined || state.relaunchAtMs !== undefined).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
