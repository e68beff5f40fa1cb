import { describe, expect, it } from "vitest";
import { createClientStage, outcomeOf, testStartMs } from "../../test/github-client-stage.ts";

const repository = { id: 5, full_name: "acme/app", private: true, fork: false };
const job = {
  id: 9_000_000_000,
  run_id: 8,
  status: "queued",
  labels: ["Fast"],
  created_at: "2026-09-21T14:13:20Z",
};

function createStage(body: object, facts: object = repository) {
  return createClientStage((call) =>
    call.url.pathname === "/repos/acme/app" ? { body: facts } : { body },
  );
}

describe("jobs of the REST API", () => {
  it.each([
    ["queued", "queued"],
    ["requested", "queued"],
    ["pending", "queued"],
    ["waiting", "waiting"],
    ["in_progress", "in_progress"],
    ["completed", "completed"],
    ["a status of tomorrow", "waiting"],
  ])("with status %j are %s", async (status, action) => {
    const { client } = createStage({ ...job, status });
    const event = await client.jobs.get("acme/app", "9000000000");
    expect(event).toMatchObject({
      action,
      jobId: "9000000000",
      attempt: 1,
      deliveryId: `rest:9000000000:1:${status}`,
      receivedAtMs: testStartMs,
      createdAtMs: Date.parse(job.created_at),
    });
  });

  it("have no runner when GitHub writes 0, an empty name or null", async () => {
    for (const none of [
      { runner_id: 0, runner_name: "" },
      { runner_id: null, runner_name: null },
      {},
    ]) {
      const { client } = createStage({ ...job, status: "completed", ...none });
      const event = await client.jobs.get("acme/app", "1");
      expect(event && ("runnerId" in event || "runnerName" in event)).toBe(false);
    }
  });

  it.each([
    [{ private: true, visibility: "internal" }, "internal"],
    [{ private: true, visibility: "private" }, "private"],
    [{ private: true }, "private"],
    [{ private: false, visibility: "public" }, "public"],
    [{ private: false, visibility: "internal" }, "public"],
  ])("of a repository with %j are %s", async (facts, visibility) => {
    const { client } = createStage(job, { ...repository, ...facts });
    expect((await client.jobs.get("acme/app", "1"))?.visibility).toBe(visibility);
  });

  it("ask for their repository once in ten minutes", async () => {
    const { client, clock, calls } = createStage(job);
    const asked = () => calls.filter((call) => call.url.pathname === "/repos/acme/app").length;
    await client.jobs.get("acme/app", "1");
    await client.jobs.get("acme/app", "2");
    expect(asked()).toBe(1);
    await clock.advance(600_000);
    await client.jobs.get("acme/app", "3");
    expect(asked()).toBe(2);
  });
});

describe("queued jobs", () => {
  it("are listed from queued and running runs, each run once, eight at a time", async () => {
    let atOnce = 0;
    let most = 0;
    const { client, clock, calls } = createClientStage(async (call) => {
      if (call.url.pathname === "/repos/acme/app") return { body: repository };
      if (call.url.pathname.endsWith("/runs")) {
        return { body: { workflow_runs: Array.from({ length: 20 }, (_, id) => ({ id: id + 1 })) } };
      }
      atOnce += 1;
      most = Math.max(most, atOnce);
      await clock.sleep(10);
      atOnce -= 1;
      const run = Number(call.url.pathname.split("/").at(-2));
      return {
        body: {
          jobs: [
            { ...job, id: run * 10, run_id: run },
            { ...job, id: run * 10 + 1, run_id: run, status: "in_progress" },
          ],
        },
      };
    });
    const { value } = await outcomeOf(clock, client.jobs.listQueued("acme/app"));
    expect(value).toHaveLength(20);
    expect(most).toBe(8);
    const statuses = calls.map((call) => call.url.searchParams.get("status")).filter(Boolean);
    expect(statuses).toEqual(["queued", "in_progress"]);
    expect(calls.filter((call) => call.url.pathname.endsWith("/jobs"))).toHaveLength(20);
  });

  it("are not known when one of the runs cannot be read", async () => {
    const { client, clock } = createClientStage((call) => {
      if (call.url.pathname === "/repos/acme/app") return { body: repository };
      if (call.url.pathname.endsWith("/runs")) return { body: { workflow_runs: [{ id: 1 }] } };
      return { status: 500 };
    });
    const { error } = await outcomeOf(clock, client.jobs.listQueued("acme/app"));
    expect(error).toMatchObject({ kind: "unavailable" });
  });

  it("of a run that was deleted meanwhile are gone", async () => {
    const { client, clock } = createClientStage((call) => {
      if (call.url.pathname === "/repos/acme/app") return { body: repository };
      if (call.url.pathname.endsWith("/runs")) return { body: { workflow_runs: [{ id: 1 }] } };
      return { status: 404, body: {} };
    });
    expect((await outcomeOf(clock, client.jobs.listQueued("acme/app"))).value).toEqual([]);
  });
});

describe("running a job again", () => {
  it("tells a refusal for permission from one for a run that has not concluded", async () => {
    const answers = ["This workflow is already running", "Resource not accessible by integration"];
    const { client, clock } = createClientStage((_, count) => ({
      status: 403,
      body: { message: answers[count - 1] },
    }));
    expect((await outcomeOf(clock, client.jobs.rerun("acme/app", "1"))).value).toBe("not-yet");
    const second = await outcomeOf(clock, client.jobs.rerun("acme/app", "1"));
    expect(second.error).toMatchObject({ kind: "auth" });
  });
});
