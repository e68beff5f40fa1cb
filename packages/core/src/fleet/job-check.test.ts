import { describe, expect, it } from "vitest";
import { aJob, nowMs } from "../../test/fleet/builders.ts";
import { jobCheck, wordOf } from "./job-check.ts";
import type { JobRecord, Told } from "./records.ts";

const minutes = 60_000;
const told: Told = { atMs: nowMs + 20 * minutes, tries: 1 };
const capacity = { code: "capacity", message: "None left" } as const;
const job = (changes: Partial<JobRecord>): JobRecord =>
  aJob("1", { headSha: "abc", receivedAtMs: nowMs, labels: ["a`b", "c"], ...changes });

describe("what a developer reads of a job", () => {
  it("is what it waits for, for how long, and holds up nothing", () => {
    const check = jobCheck(job({ told }), capacity);
    expect(check).toMatchObject({
      ...{ conclusion: "neutral", title: "Waits for a machine: capacity" },
      ...{ externalId: "1.1", sha: "abc" },
    });
    expect(check?.summary).toMatch(/`a'b`, `c` and has waited for 20 min.*\*\*capacity\*\*: None/s);
    const coming = jobCheck(job({ told, state: "assigned" }), undefined);
    expect(coming?.title).toBe("Waits for a machine: one is on its way");
  });

  it("is the same while it runs and after its end: when it began, and on which runner", () => {
    const began = { told, startedAtMs: nowMs + 25 * minutes, runnerName: "rf-1" };
    const running = jobCheck(job({ ...began, state: "running" }), undefined);
    expect(running).toMatchObject({ conclusion: "success", title: "Began after 25 min" });
    expect(running?.summary).toContain("runner rf-1");
    const ended = { ...began, conclusion: "failure", endedAtMs: nowMs + 60 * minutes };
    expect(jobCheck(job({ ...ended, state: "completed" }), undefined)).toEqual(running);
  });

  it("is that it waits no longer when it was ended before it began", () => {
    const ended = { told, conclusion: "cancelled", endedAtMs: nowMs + 30 * minutes };
    expect(jobCheck(job({ ...ended, state: "cancelled" }), undefined)).toMatchObject({
      ...{ conclusion: "neutral", title: "Waits no longer: cancelled" },
      summary: expect.stringContaining("waited for 30 min"),
    });
  });

  it("is why it got no runner", () => {
    const check = jobCheck(job({ told, state: "failed", cause: capacity }), undefined);
    expect(check).toMatchObject({ conclusion: "failure", title: "No runner: capacity" });
  });

  it("is nothing when the commit is not known, or when nothing was said of a job that began", () => {
    const unknown = aJob("1", { told, receivedAtMs: nowMs });
    expect(jobCheck(unknown, capacity)).toBeUndefined();
    for (const state of ["running", "completed", "cancelled"] as const) {
      expect(wordOf(job({ state }))).toBeUndefined();
      expect(jobCheck(job({ state }), undefined)).toBeUndefined();
    }
  });
});
