import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJobs } from "./parse-jobs.ts";

const job = {
  queuedAtMs: 1_764_000_000_000,
  durationMs: 60_000,
  labels: ["runs-fleet/pool=p"],
  repository: "acme/app",
};
const line = (changes: object = {}): string => JSON.stringify({ ...job, ...changes });

describe("reading jobs", () => {
  it("reads every good line, with and without a last line break, and skips empty ones", () => {
    const full = {
      visibility: "internal",
      fork: true,
      startedAtMs: job.queuedAtMs,
      conclusion: "success",
      id: "7",
    };
    const { jobs, problems, badLines } = parseJobs(`\uFEFF${line()}\r\n\n  \n${line(full)}`);
    expect(jobs).toEqual([job, { ...job, ...full }]);
    expect([problems, badLines]).toEqual([[], 0]);
  });

  it.each([
    ["{", "invalid-json", []],
    ["[]", "not-an-object", []],
    ["7", "not-an-object", []],
    [line({ queuedAtMs: "now" }), "invalid-value", ["queuedAtMs"]],
    [line({ queuedAtMs: job.queuedAtMs * 1_000_000 }), "invalid-value", ["queuedAtMs"]],
    [line({ durationMs: -1 }), "invalid-value", ["durationMs"]],
    [line({ durationMs: undefined }), "missing", ["durationMs"]],
    [line({ labels: [] }), "invalid-value", ["labels"]],
    [line({ labels: ["a", 5] }), "invalid-value", ["labels", 1]],
    [line({ repository: "acme" }), "invalid-value", ["repository"]],
    [line({ startedAtMs: job.queuedAtMs - 1 }), "invalid-value", ["startedAtMs"]],
    [line({ fork: "yes" }), "invalid-value", ["fork"]],
    [line({ started: 5 }), "unknown-key", ["started"]],
    [line({ id: "x".repeat(30_000) }), "line-too-long", []],
  ])("names the line, the field and the code of %s", (bad, code, path) => {
    const { jobs, problems, badLines } = parseJobs(`${line()}\n\n${bad}\n${line()}`);
    expect(problems).toMatchObject([{ line: 3, code, path }]);
    expect(problems[0]?.message).not.toBe("");
    expect(badLines).toBe(1);
    expect(jobs).toEqual([job, job]);
  });

  it("counts all bad lines and tells of a hundred", () => {
    const { problems, badLines } = parseJobs("{\n".repeat(500));
    expect([problems.length, badLines]).toEqual([100, 500]);
  });

  it("loses no good line and never throws, whatever stands between them", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(line()), fc.string())), (lines) => {
        const flat = lines.map((text) => text.replaceAll(/[\n\uFEFF]/g, ""));
        const { jobs, badLines } = parseJobs(flat.join("\n"));
        const good = flat.filter((text) => text.trim() === line()).length;
        const empty = flat.filter((text) => text.trim() === "").length;
        expect(jobs.length).toBe(good);
        expect(badLines).toBe(flat.length - good - empty);
      }),
    );
  });
});
