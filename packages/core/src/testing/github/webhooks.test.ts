import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createFakeStage } from "../../../test/fake-github-stage.ts";
import { parseWorkflowJob } from "../../demand/parse-workflow-job.ts";
import { collect } from "../contracts/stage.ts";

const job = { repository: "acme/app", labels: ["fast"], durationMs: 1 } as const;

interface Seen {
  readonly action: string | undefined;
  readonly guid: string;
  readonly number: number | undefined;
}

function createListener(stage: ReturnType<typeof createFakeStage>, secret = "s") {
  const seen: Seen[] = [];
  stage.github.webhooks.target(async (request) => {
    const body = JSON.parse(await request.text()) as { action?: string; number?: number };
    const guid = request.headers.get("x-github-delivery") ?? "";
    seen.push({ action: body.action, guid, number: body.number });
    return new Response(null, { status: 202 });
  }, secret);
  return seen;
}

describe("webhooks", () => {
  it("are signed over the very bytes, and carry GitHub's headers", async () => {
    const { github } = createFakeStage();
    await using _ = github;
    let verified = false;
    let headers = new Headers();
    github.webhooks.target(async (request) => {
      const bytes = Buffer.from(await request.arrayBuffer());
      const expected = `sha256=${createHmac("sha256", "It's a Secret").update(bytes).digest("hex")}`;
      verified = request.headers.get("x-hub-signature-256") === expected;
      headers = request.headers;
      return new Response(null, { status: 200 });
    }, "It's a Secret");
    github.queueJob({ ...job, labels: ["ümlaut"] });
    await github.webhooks.settled();
    expect(verified).toBe(true);
    expect(headers.get("x-github-event")).toBe("workflow_job");
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("user-agent")).toMatch(/^GitHub-Hookshot\//);
  });

  it("tell the life of a job in order", async () => {
    const stage = createFakeStage();
    const { github, call, connect, poll } = stage;
    await using _ = github;
    const seen = createListener(stage);
    const session = await connect("rf-1", ["fast"]);
    const id = github.queueJob({ ...job, waiting: true });
    github.approveJob(id);
    await poll(session);
    await call("POST", `sessions/${session}/renew`, { jobId: id });
    await call("POST", `sessions/${session}/complete`, { jobId: id, result: "failed" });
    await github.webhooks.settled();
    const actions = ["waiting", "queued", "in_progress", "completed"];
    expect(seen.map((one) => one.action)).toEqual(actions);
  });

  it("say of a job cancelled in the queue that it ended without a runner", async () => {
    const { github } = createFakeStage();
    await using _ = github;
    const bodies: { action: string; workflow_job: Record<string, unknown> }[] = [];
    github.webhooks.target(async (request) => {
      bodies.push(JSON.parse(await request.text()));
      return new Response();
    });
    github.cancelJob(github.queueJob(job));
    await github.webhooks.settled();
    expect(bodies[1]).toMatchObject({
      action: "completed",
      workflow_job: { conclusion: "cancelled", runner_id: null, runner_name: null },
    });
  });

  it("tell the same as the REST API, at every step", async () => {
    const { github, call, connect, poll } = createFakeStage();
    await using _ = github;
    let last: unknown;
    github.webhooks.target(async (request) => {
      last = JSON.parse(await request.text());
      return new Response();
    });
    github.setRepository({ name: "acme/app", visibility: "internal", fork: true });
    const session = await connect("rf-1", ["fast"]);
    const id = github.queueJob(job);
    const agree = async (action: string): Promise<void> => {
      await github.webhooks.settled();
      const told = await github.client.jobs.get("acme/app", id);
      const receipt = {
        deliveryId: told?.deliveryId ?? "",
        receivedAtMs: told?.receivedAtMs ?? 0,
      };
      const parsed = parseWorkflowJob(last, receipt);
      expect(parsed.ok && parsed.value.event).toEqual(told);
      expect(told?.action).toBe(action);
    };
    await agree("queued");
    await poll(session);
    await call("POST", `sessions/${session}/renew`, { jobId: id });
    await agree("in_progress");
    await call("POST", `sessions/${session}/complete`, { jobId: id, result: "failed" });
    await agree("completed");
  });

  it("that are lost are listed as failed, and those that vanish are not", async () => {
    const stage = createFakeStage();
    const { github, clock } = stage;
    await using _ = github;
    const seen = createListener(stage);
    github.webhooks.faults({ loss: 1 });
    github.queueJob(job);
    github.webhooks.faults({ vanish: 1 });
    github.queueJob(job);
    await github.webhooks.settled();
    expect(seen).toEqual([]);
    expect(github.webhooks.counts()).toEqual({ delivered: 0, failed: 1, vanished: 1 });
    github.webhooks.faults({});
    const failed = await collect(github.client.deliveries.listFailed(clock.now()));
    expect(failed).toHaveLength(1);
    await github.client.deliveries.redeliver(failed[0]?.id ?? "");
    await github.webhooks.settled();
    expect(seen.map((one) => one.guid)).toEqual([failed[0]?.guid]);
  });

  it("are lost in the share asked for, alike for one seed", async () => {
    const lostOf = async (): Promise<readonly number[]> => {
      const stage = createFakeStage();
      await using _ = stage.github;
      const seen = createListener(stage);
      stage.github.webhooks.faults({ loss: 1 / 3 });
      for (let number = 0; number < 300; number += 1)
        stage.github.webhooks.send("ping", { number });
      await stage.github.webhooks.settled();
      return seen.map((one) => one.number ?? -1);
    };
    const arrived = await lostOf();
    expect(arrived.length).toBeGreaterThan(160);
    expect(arrived.length).toBeLessThan(240);
    expect(await lostOf()).toEqual(arrived);
  });

  it("arrive twice, under one guid or as from two hooks", async () => {
    const stage = createFakeStage();
    await using _ = stage.github;
    const seen = createListener(stage);
    stage.github.webhooks.faults({ duplicate: 1 });
    for (let number = 0; number < 40; number += 1) stage.github.webhooks.send("ping", { number });
    await stage.github.webhooks.settled();
    expect(seen).toHaveLength(80);
    const guids = new Set(seen.map((one) => one.guid)).size;
    expect(guids).toBeGreaterThan(40);
    expect(guids).toBeLessThan(80);
  });

  it("overtake one another and come late, within bounds", async () => {
    const stage = createFakeStage();
    const { github, clock } = stage;
    await using _ = github;
    const seen = createListener(stage);
    github.webhooks.faults({ reorder: 0.5, reorderMs: 1_000, delayMs: 500 });
    for (let number = 0; number < 40; number += 1) github.webhooks.send("ping", { number });
    await clock.advance(499);
    expect(seen).toEqual([]);
    await clock.advance(1_001);
    const order = seen.map((one) => one.number ?? -1);
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  });

  it("time out after ten seconds", async () => {
    const { github, clock } = createFakeStage();
    await using _ = github;
    github.webhooks.target(() => new Promise(() => undefined));
    github.webhooks.send("ping", {});
    await clock.advance(9_999);
    expect(github.webhooks.counts().failed).toBe(0);
    await clock.advance(1);
    expect(github.webhooks.counts().failed).toBe(1);
  });

  it("are made of a push when a file is committed so", async () => {
    const { github } = createFakeStage();
    await using _ = github;
    const bodies: Record<string, unknown>[] = [];
    github.webhooks.target(async (request) => {
      bodies.push(JSON.parse(await request.text()));
      return new Response();
    });
    const sha = github.commitFile({ repository: "acme/app", path: "a", text: "1", push: true });
    await github.webhooks.settled();
    expect(bodies[0]).toMatchObject({ ref: "refs/heads/main", after: sha, deleted: false });
  });
});
