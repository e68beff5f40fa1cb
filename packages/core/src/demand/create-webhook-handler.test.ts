import { noTelemetry, type Telemetry } from "@runs-fleet/telemetry";
import { describe, expect, it } from "vitest";
import {
  delivery,
  intake,
  jobBody,
  memoryDeliveries,
  recordingQueue,
  secret,
} from "../../test/webhook-harness.ts";
import { FleetError } from "../ports/failure.ts";
import { createVirtualClock } from "../testing/virtual-clock.ts";
import { createWebhookHandler } from "./create-webhook-handler.ts";

describe("accepted deliveries", () => {
  it("are durable before the answer, grouped by repository and named by delivery", async () => {
    const { post, sent } = intake({ clock: createVirtualClock(5_000) });
    const answer = await post(delivery("workflow_job", jobBody()));
    expect([answer.status, answer.body]).toEqual([202, { status: "accepted" }]);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({
      group: "acme/shop",
      deduplicationId: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      body: { kind: "job", action: "queued", jobId: "14541957942", receivedAtMs: 5_000 },
    });
  });

  it("include jobs of ours whose labels are wrong: they are refused in sight of their developer", async () => {
    const { post, sent } = intake();
    const answer = await post(delivery("workflow_job", jobBody({ labels: ["runs-fleet/cpus=8"] })));
    expect(answer.status).toBe(202);
    expect(sent).toHaveLength(1);
  });

  it.each(["in_progress", "completed"])("include %s of our jobs", async (action) => {
    const { post, sent } = intake();
    expect((await post(delivery("workflow_job", jobBody({}, {}, action)))).status).toBe(202);
    expect(sent[0]?.body).toMatchObject({ action });
  });

  it("include jobs that an alias of the catalog makes ours, from the next delivery on", async () => {
    let aliases: { match: string; use: string }[] = [];
    const { post } = intake({ labels: () => ({ aliases }) });
    const body = jobBody({ labels: ["ci-4x-arm64"] });
    expect((await post(delivery("workflow_job", body))).body).toEqual({
      status: "ignored",
      reason: "not-ours",
    });
    aliases = [{ match: String.raw`ci-(\d+)x-arm64`, use: "cpu=$1/arch=arm64" }];
    expect((await post(delivery("workflow_job", body))).status).toBe(202);
  });

  it("may be signed with the old secret, in any case of header and type", async () => {
    const { post } = intake({ secrets: ["new one", secret] });
    const answer = await post(
      delivery("workflow_job", jobBody(), { "content-TYPE": "Application/JSON; charset=utf-8" }),
    );
    expect(answer.status).toBe(202);
  });

  it("carry the trace of the delivery", async () => {
    const carrier = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
    let inSpan = false;
    const telemetry: Telemetry = {
      ...noTelemetry,
      span: async (_name, _attributes, run) => {
        inSpan = true;
        return run().finally(() => {
          inSpan = false;
        });
      },
      inject: () => (inSpan ? carrier : {}),
    };
    const { post, sent } = intake({ telemetry });
    await post(delivery("workflow_job", jobBody()));
    expect(sent[0]?.trace).toEqual(carrier);
  });

  it("stay small, however large the body was", async () => {
    const { post, sent } = intake();
    const labels = ["runs-fleet", ...Array.from({ length: 200 }, () => "ü".repeat(5_000))];
    const body = { ...jobBody({ labels, steps: "x".repeat(1_000_000) }), extra: "y".repeat(1e6) };
    expect((await post(delivery("workflow_job", body))).status).toBe(202);
    expect(Buffer.byteLength(JSON.stringify(sent[0]?.body))).toBeLessThan(64 * 1024);
  });
});

describe("ignored deliveries", () => {
  it.each<[string, string, unknown]>([
    ["ping", "ping", { zen: "Approachable is better than simple", hook_id: 1 }],
    ["event-unused", "check_run", { action: "created" }],
    ["event-unused", "workflow_run", { action: "completed" }],
    ["action-unused", "workflow_job", jobBody({}, {}, "archived")],
    ["not-ours", "workflow_job", jobBody({ labels: ["ubuntu-latest"] })],
    ["not-ours", "workflow_job", jobBody({ labels: ["runs-fleetish", "runs-fleet-foo"] })],
    ["not-ours", "workflow_job", jobBody({ labels: [] })],
    ["not-ours", "workflow_job", jobBody({ labels: ["k8s"] }, {}, "waiting")],
    ["status-waiting", "workflow_job", jobBody({}, {}, "waiting")],
    ["status-waiting", "workflow_job", jobBody({ status: "waiting" })],
  ])("say %s for %s", async (reason, event, body) => {
    const { post, sent } = intake();
    const answer = await post(delivery(event, body));
    expect([answer.status, answer.body]).toEqual([200, { status: "ignored", reason }]);
    expect(sent).toEqual([]);
  });

  it("tell operators of a hook that lacks events we need", async () => {
    const counted: unknown[] = [];
    const telemetry: Telemetry = {
      ...noTelemetry,
      count: (name, _value, attributes) => counted.push([name, attributes?.["event"]]),
    };
    const { post } = intake({ telemetry });
    await post(delivery("ping", { hook: { events: ["workflow_job"] } }));
    expect(counted).toContainEqual(["webhook.not-subscribed", "push"]);
  });
});

describe("replayed deliveries", () => {
  it("are duplicates once they were enqueued, and are not enqueued again", async () => {
    const { post, sent } = intake({ deliveries: memoryDeliveries() });
    const statuses = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const answer = await post(delivery("workflow_job", jobBody()));
      statuses.push([answer.status, answer.body.status]);
    }
    expect(statuses).toEqual([
      [202, "accepted"],
      [200, "duplicate"],
      [200, "duplicate"],
    ]);
    expect(sent).toHaveLength(1);
  });

  it("are marked after the enqueue, so that a failed one can be delivered again", async () => {
    const deliveries = memoryDeliveries();
    let down = true;
    const queue = recordingQueue(() =>
      down
        ? { ok: false, error: new FleetError({ kind: "unavailable", message: "down" }) }
        : { ok: true },
    );
    const { post } = intake({ deliveries, queue });
    expect((await post(delivery("workflow_job", jobBody()))).status).toBe(503);
    expect(deliveries.marked.size).toBe(0);
    down = false;
    expect((await post(delivery("workflow_job", jobBody()))).status).toBe(202);
    expect(queue.sent).toHaveLength(1);
  });

  it("are enqueued again when the log is broken, which does no harm", async () => {
    const broken = async () => {
      throw new FleetError({ kind: "unavailable", message: "log down" });
    };
    const { post, sent } = intake({ deliveries: { seen: broken, mark: broken } });
    expect((await post(delivery("workflow_job", jobBody()))).status).toBe(202);
    expect((await post(delivery("workflow_job", jobBody()))).status).toBe(202);
    expect(sent).toHaveLength(2);
  });
});

describe("a queue that cannot take a delivery", () => {
  const throttled = new FleetError({ kind: "throttled", message: "slow", retryAfterMs: 2_500 });

  it.each<[string, () => Promise<never> | { ok: false; error: FleetError }, string]>([
    ["answers so", () => ({ ok: false, error: throttled }), "3"],
    ["rejects", () => Promise.reject(throttled), "3"],
    ["rejects strangely", () => Promise.reject("no error at all"), "10"],
  ])("makes GitHub keep it as failed when it %s", async (_, answer, retryAfter) => {
    const { post } = intake({ queue: recordingQueue(answer) });
    const response = await post(delivery("workflow_job", jobBody()));
    expect([response.status, response.body.error.code]).toEqual([503, "enqueue-failed"]);
    expect(response.headers.get("retry-after")).toBe(retryAfter);
  });

  it("is not waited for longer than GitHub waits for us", async () => {
    const clock = createVirtualClock(0);
    const { post } = intake({ clock, queue: recordingQueue(() => new Promise(() => undefined)) });
    const answer = post(delivery("workflow_job", jobBody()));
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(9_000);
    expect((await answer).body.error.code).toBe("enqueue-failed");
  });

  it("covers a catalog that cannot be read", async () => {
    const { post } = intake({
      labels: () => {
        throw new Error("no catalog yet");
      },
    });
    expect((await post(delivery("workflow_job", jobBody()))).status).toBe(503);
  });
});

describe("a mark that hangs", () => {
  it("holds no answer, and the delivery is known meanwhile", async () => {
    const clock = createVirtualClock(0);
    const deliveries = { seen: async () => false, mark: () => new Promise<void>(() => undefined) };
    const { post, sent } = intake({ clock, deliveries });
    const turn = () => post(delivery("workflow_job", jobBody()));
    expect((await turn()).status).toBe(202);
    expect((await turn()).body.status).toBe("duplicate");
    await clock.advance(60_000);
    expect((await turn()).status).toBe(202);
    expect(sent).toHaveLength(2);
  });
});

describe("options", () => {
  it("are checked at once", () => {
    const queue = recordingQueue();
    expect(() => createWebhookHandler({ secrets: [""], queue })).toThrow(TypeError);
    expect(() => createWebhookHandler({ secrets: ["s"], queue: {} as typeof queue })).toThrow(
      TypeError,
    );
    for (const maxBodyBytes of [0, -1, 1.5, Number.NaN]) {
      expect(() => createWebhookHandler({ secrets: ["s"], queue, maxBodyBytes })).toThrow(
        RangeError,
      );
    }
  });
});
