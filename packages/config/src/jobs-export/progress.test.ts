import { describe, expect, it } from "vitest";
import { spentUntilMs, timeForCallsMs } from "./budget.ts";
import {
  countText,
  createProgressView,
  durationText,
  type ExportProgress,
  progressBar,
} from "./progress.ts";

const hourMs = 3_600_000;
const progress: ExportProgress = {
  phase: "jobs",
  repositories: { done: 12, total: 12 },
  runs: { done: 1_250, total: 5_000 },
  jobs: 9_876,
  calls: 1_300,
  callsLeft: 2_345,
  leftMs: 75 * 60_000,
  nowMs: 0,
};

describe("progress", () => {
  it("is one line that tells all", () => {
    expect(progressBar(progress, 200)).toBe(
      "█████░░░░░░░░░░░░░░░ reading jobs · repositories 12/12 · runs 1,250/5,000 · jobs 9,876 · calls left 2,345 · about 75 min left",
    );
    expect(progressBar(progress, 60)).toHaveLength(59);
  });

  it("shows a wait with its reason, counting down", () => {
    const waiting = { why: "limited", untilMs: 42_000 } as const;
    const shown = (nowMs: number) => progressBar({ ...progress, waiting, nowMs }, 60);
    expect(shown(0)).toContain(" waiting 0:42, GitHub asks to wait · ");
    expect(shown(1_000)).toContain(" waiting 0:41, ");
    expect(shown(42_000 - 3_723_000)).toContain(" waiting 1:02:03, ");
  });

  it("reads well at any size", () => {
    expect([0, 999, 1_000, 1_234_567].map(countText)).toEqual(["0", "999", "1,000", "1,234,567"]);
    expect([0, 400, 89_000, 90_000, 89 * 60_000, 185 * 60_000].map(durationText)).toEqual([
      ...["0 s", "1 s", "89 s", "2 min", "89 min", "3 h 05 min"],
    ]);
  });

  it("is a line every ten seconds in a log, and one for what is new", () => {
    const lines: string[] = [];
    const view = createProgressView(
      { isTerminal: false, write: (text) => lines.push(text) },
      false,
    );
    for (let nowMs = 0; nowMs < 60_000; nowMs += 500) view.show({ ...progress, nowMs });
    expect(lines).toHaveLength(6);
    const waiting = { why: "budget", untilMs: hourMs } as const;
    for (let nowMs = 60_000; nowMs < hourMs; nowMs += 1_000)
      view.show({ ...progress, waiting, nowMs });
    expect(lines).toHaveLength(6 + 12);
    view.end();
    expect(lines.join("")).not.toContain("\u001b");
  });
});

describe("the budget", () => {
  const budget = { status: 200, limit: 5_000, remaining: 1_500, resetMs: 1_000_000 };

  it("is spent when only the reserve is left, until the hour is over", () => {
    expect(spentUntilMs(undefined, undefined, 0)).toBeUndefined();
    expect(spentUntilMs({ status: 200 }, undefined, 0)).toBeUndefined();
    expect(spentUntilMs({ ...budget, remaining: 1_001 }, undefined, 0)).toBeUndefined();
    expect(spentUntilMs({ ...budget, remaining: 1_000 }, undefined, 0)).toBe(1_002_000);
    expect(spentUntilMs({ ...budget, remaining: 1_000 }, 0, 0)).toBeUndefined();
    expect(spentUntilMs({ ...budget, remaining: 1_000 }, undefined, 1_002_000)).toBeUndefined();
  });

  it("tells how long calls take: at their pace, then by the hour", () => {
    const left = (calls: number) => timeForCallsMs(calls, 100, budget, undefined, 400_000);
    expect(left(500)).toBe(50_000);
    expect(left(501)).toBe(600_000 + 100);
    expect(left(500 + 4_000)).toBe(600_000 + 400_000);
    expect(left(500 + 4_001)).toBe(600_000 + hourMs + 100);
    expect(timeForCallsMs(1_000, 100, undefined, undefined, 0)).toBe(100_000);
  });
});
