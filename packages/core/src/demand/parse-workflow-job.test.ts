import { describe, expect, it } from "vitest";
import { jobBody } from "../../test/webhook-harness.ts";
import { parseWorkflowJob } from "./parse-workflow-job.ts";

const receipt = { deliveryId: "d-1", receivedAtMs: 1_000 };

function read(body: unknown) {
  const parsed = parseWorkflowJob(body, receipt);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
}

const eventOf = (...parts: Parameters<typeof jobBody>) => read(jobBody(...parts)).event;

describe("parseWorkflowJob", () => {
  it("keeps a small projection and nothing else of the body", () => {
    expect(eventOf({ steps: [{ name: "secret step" }] })).toEqual({
      kind: "job",
      action: "queued",
      jobId: "14541957942",
      runId: "5376417041",
      attempt: 1,
      name: "build",
      repository: "acme/shop",
      repositoryId: "445650657",
      visibility: "private",
      fork: false,
      labels: ["runs-fleet/cpu=4/arch=arm64"],
      headSha: "a97e21f3f8a5a9b4a5b2b6f8a5a9b4a5b2b6f8aa",
      createdAtMs: 1_782_444_689_000,
      deliveryId: "d-1",
      receivedAtMs: 1_000,
    });
  });

  it("keeps custom properties that are one text, within GitHub's own bounds", () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`p${n}`, "x"]));
    const properties = (custom_properties: unknown) =>
      eventOf({}, { custom_properties })?.properties;
    expect(
      properties({
        team: "web",
        live: "true",
        both: ["a"],
        none: null,
        long: "x".repeat(101),
        n: 1,
      }),
    ).toEqual({ team: "web", live: "true" });
    expect(Object.keys(properties(many) ?? {})).toHaveLength(100);
    for (const nothing of [{}, { none: null }, undefined, null, [], "team"]) {
      expect(eventOf({}, { custom_properties: nothing })).not.toHaveProperty("properties");
    }
  });

  it("sees that a queued job waits behind a gate", () => {
    expect(read(jobBody({ status: "waiting" })).waiting).toBe(true);
    expect(read(jobBody({}, {}, "waiting")).waiting).toBe(true);
    expect(read(jobBody()).waiting).toBe(false);
  });

  it("does not take a waiting status for a gate once the job has gone on", () => {
    expect(read(jobBody({ status: "waiting" }, {}, "completed")).waiting).toBe(false);
  });

  it("gives a queued job no runner and no start, although bodies may name both", () => {
    const event = eventOf({ runner_id: 5, runner_name: "GitHub Actions 5" });
    expect(event).not.toHaveProperty("runnerId");
    expect(event).not.toHaveProperty("runnerName");
    expect(event).not.toHaveProperty("startedAtMs");
  });

  it("does without creation time, attempt and runner, as older bodies do", () => {
    const body = jobBody({}, {}, "in_progress");
    const job = body["workflow_job"] as Record<string, unknown>;
    for (const field of ["created_at", "run_attempt", "runner_id", "runner_name", "status"]) {
      delete job[field];
    }
    const { event } = read(body);
    expect(event).toMatchObject({ action: "in_progress", attempt: 1 });
    expect(event).not.toHaveProperty("createdAtMs");
    expect(event).not.toHaveProperty("runnerId");
  });

  it("never lets a job start before it was created", () => {
    const event = eventOf(
      { created_at: "2026-06-26T03:31:29Z", started_at: "2026-06-26T03:31:28Z" },
      {},
      "in_progress",
    );
    expect(event?.startedAtMs).toBe(event?.createdAtMs);
  });

  it("reads a job whose only step never ended as failed: its runner was lost", () => {
    const event = eventOf(
      {
        status: "completed",
        conclusion: "failure",
        runner_id: 7,
        steps: [{ name: "Set up job", status: "in_progress", conclusion: null, number: 1 }],
      },
      {},
      "completed",
    );
    expect(event).toMatchObject({ action: "completed", conclusion: "failure", runnerId: "7" });
  });

  it.each([
    { runner_id: null, runner_name: null },
    { runner_id: 0, runner_name: "" },
  ])("reads a job cancelled while queued as one without a runner: %j", (runner) => {
    const event = eventOf({ ...runner, conclusion: "cancelled" }, {}, "completed");
    expect(event).toMatchObject({ action: "completed", conclusion: "cancelled" });
    expect(event).not.toHaveProperty("runnerId");
    expect(event).not.toHaveProperty("runnerName");
  });

  it("takes a body with neither installation nor organization, and one with both", () => {
    expect(eventOf()).toBeDefined();
    expect(
      read({ ...jobBody(), installation: { id: 1 }, organization: { login: "acme" } }).event,
    ).toBeDefined();
  });

  it("takes labels without self-hosted, and no labels at all", () => {
    expect(eventOf({ labels: ["gpu", "db-app"] })?.labels).toEqual(["gpu", "db-app"]);
    expect(eventOf({ labels: [] })?.labels).toEqual([]);
    expect(eventOf({ labels: null })?.labels).toEqual([]);
  });

  it("keeps ids beyond 2^31 and ids written as text exactly", () => {
    expect(eventOf({ id: 9_007_199_254_740_991 })?.jobId).toBe("9007199254740991");
    expect(eventOf({ id: "18446744073709551615" })?.jobId).toBe("18446744073709551615");
  });

  it.each([
    [{ visibility: "internal", private: true }, "internal"],
    [{ visibility: "public", private: false }, "public"],
    [{ visibility: undefined, private: true }, "private"],
    [{ visibility: undefined, private: false }, "public"],
    [{ visibility: "secret", private: true }, "private"],
  ])("reads the visibility of %j", (repository, visibility) => {
    expect(eventOf({}, repository)?.visibility).toBe(visibility);
  });

  it("takes dates in seconds where others have text", () => {
    expect(eventOf({ created_at: 1_782_444_689 })?.createdAtMs).toBe(1_782_444_689_000);
  });

  it("has no event for an action it does not know", () => {
    expect(read(jobBody({}, {}, "requeued")).event).toBeUndefined();
  });

  it.each([
    ["workflow_job.id", jobBody({ id: undefined })],
    ["workflow_job.id", jobBody({ id: 1e300 })],
    ["workflow_job.id", jobBody({ id: -1 })],
    ["workflow_job.run_id", jobBody({ run_id: "abc" })],
    ["workflow_job.labels", jobBody({ labels: "runs-fleet" })],
    ["repository.full_name", jobBody({}, { full_name: "acme" })],
    ["repository.full_name", jobBody({}, { full_name: "acme/shop/../x" })],
    ["repository.fork", jobBody({}, { fork: undefined })],
    ["repository", jobBody({}, { visibility: undefined, private: undefined })],
    ["action", { ...jobBody(), action: 7 }],
    ["repository", { ...jobBody(), repository: null }],
    ["workflow_job", { action: "queued" }],
    ["body", null],
    ["body", "queued"],
  ])("names %s when a job cannot do without it", (path, body) => {
    const parsed = parseWorkflowJob(body, receipt);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.message.startsWith(`${path}: expected`)).toBe(true);
  });

  it("never repeats the sender's values in its complaint", () => {
    const parsed = parseWorkflowJob(jobBody({ id: "hunter2" }), receipt);
    expect(JSON.stringify(parsed)).not.toContain("hunter2");
  });
});
