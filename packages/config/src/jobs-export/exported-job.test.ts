import type { RecordedJob } from "@runs-fleet/core/github";
import { describe, expect, it } from "vitest";
import { judgeJob, matches } from "./exported-job.ts";

const rules = {
  ...{ fromMs: 10_000, toMs: 100_000, hosted: false, firstAttempts: false },
  ...{ labels: [], repositories: [] },
};
const repository = { name: "acme/app", visibility: "private", fork: false } as const;
const good: RecordedJob = {
  ...{ id: "1", runId: "2", attempt: 1, finished: true, labels: ["linux"], conclusion: "success" },
  ...{ runnerName: "r-1", createdAtMs: 20_000, startedAtMs: 30_000, completedAtMs: 50_000 },
};

function verdict(more: Partial<RecordedJob>) {
  return judgeJob({ ...good, ...more }, repository, rules);
}
function without(...names: readonly (keyof RecordedJob)[]) {
  const kept = Object.entries(good).filter(([name]) => !names.includes(name as keyof RecordedJob));
  return judgeJob(Object.fromEntries(kept) as unknown as RecordedJob, repository, rules);
}

describe("the verdict on a job", () => {
  it("clamps what GitHub writes a second too early, and never answers a time below zero", () => {
    expect(verdict({ startedAtMs: 19_000 })).toMatchObject({
      job: { queuedAtMs: 20_000, startedAtMs: 20_000, durationMs: 30_000 },
    });
    expect(verdict({ startedAtMs: 20_000, completedAtMs: 19_500 })).toMatchObject({
      job: { completedAtMs: 20_000, durationMs: 0 },
    });
  });

  it("takes the range with its first moment and without its last", () => {
    expect(verdict({ createdAtMs: 10_000 })).toHaveProperty("job");
    expect(verdict({ createdAtMs: 9_000 })).toEqual({ leftOut: "outside-range" });
    expect(verdict({ createdAtMs: 100_000 })).toEqual({ leftOut: "outside-range" });
  });

  it("knows GitHub's own runners by their group, else by their name, else by the labels", () => {
    const hosted = { leftOut: "github-hosted" };
    expect(verdict({ runnerGroup: "GitHub Actions" })).toEqual(hosted);
    expect(verdict({ runnerName: "GitHub Actions 12" })).toEqual(hosted);
    expect(verdict({ runnerName: "Hosted Agent" })).toEqual(hosted);
    // A self-hosted runner may have any label.
    const own = { labels: ["ubuntu-latest"], runnerGroup: "Default" };
    expect(verdict(own)).toHaveProperty("job");
    for (const label of ["ubuntu-latest", "Ubuntu-24.04-arm", "windows-2025", "macos-15-xlarge"]) {
      const cancelled = { ...good, labels: [label], conclusion: "cancelled" };
      const { runnerName: _name, ...waiting } = cancelled;
      expect(judgeJob(waiting, repository, rules)).toEqual(hosted);
    }
    expect(verdict({ labels: ["ubuntu-gpu"] })).toHaveProperty("job");
  });

  it("leaves out what lacks a time that a simulation needs", () => {
    expect(without("createdAtMs")).toEqual({ leftOut: "times-unreadable" });
    expect(without("startedAtMs")).toEqual({ leftOut: "times-unreadable" });
    expect(without("completedAtMs")).toEqual({ leftOut: "times-unreadable" });
  });

  it("leaves out labels and times that nobody means", () => {
    const tooLong = { leftOut: "labels-too-long" };
    expect(verdict({ labels: ["x".repeat(257)] })).toEqual(tooLong);
    expect(verdict({ labels: Array.from({ length: 101 }, (_, index) => `l${index}`) })).toEqual(
      tooLong,
    );
    expect(verdict({ completedAtMs: 40 * 86_400_000 })).toEqual({ leftOut: "times-unreadable" });
  });

  it("holds a job that ended before it was queued for a copy of an earlier attempt", () => {
    expect(verdict({ attempt: 2, createdAtMs: 60_000 })).toEqual({ leftOut: "copied" });
  });
});

describe("patterns", () => {
  it.each([
    ["linux", "Linux", true],
    ["linux", "linux-2", false],
    ["*", "", true],
    ["api-*", "api-", true],
    ["*-api", "an-api", true],
    ["a*b*c", "axxbyyc", true],
    ["a*b*c", "ac", false],
    ["ab*ba", "aba", false],
    ["a*a", "a", false],
    ["**", "anything", true],
    ["runs-fleet=*/cpu=8", "runs-fleet=1/cpu=8", true],
    ["a.c", "abc", false],
  ])("%s on %s: %s", (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });
});
