import { beforeEach, describe, expect, it } from "vitest";
import { aJob, aMachine, anAttempt } from "../../../../test/fleet/builders.ts";
import { createOracleStage, type OracleStage } from "../../../../test/simulation/stage.ts";
import type { Json } from "../../../ports/json.ts";
import type { Write } from "../../../ports/state-store.ts";
import { createRecordFacts, type RecordFacts } from "../record-facts.ts";
import { createTraces, traceIdOf } from "../recording-telemetry.ts";
import {
  createTraceFacts,
  judgeAssignmentTrace,
  judgeMessageTrace,
  judgePurchaseTrace,
  judgeRecordTraces,
  noteDelivery,
  type TraceFacts,
} from "./one-trace.ts";

const one = "1".repeat(32);
const two = "2".repeat(32);
const swept = "3".repeat(32);
const carrier = (traceId: string) => ({ traceparent: `00-${traceId}-${"a".repeat(16)}-01` });
const event = { jobId: "1", attempt: 1, deliveryId: "d" };
/** Everything was told to every trace but one. */
const mute = "4".repeat(32);
const spansOf = (traceId: string): ReadonlySet<string> =>
  new Set(
    traceId === mute
      ? []
      : ["mint", "job.queued", "job.assigned", ...(traceId === swept ? ["sweep"] : [])],
  );
let stage: OracleStage;
let facts: TraceFacts;
let records: RecordFacts;

beforeEach(async () => {
  stage = await createOracleStage();
  facts = createTraceFacts();
  records = createRecordFacts();
});

function store(table: Write["table"], id: string, value: object): void {
  const write: Write = { table, id, shard: "s", open: true, expected: "any", value: value as Json };
  judgeRecordTraces(stage.observation, facts, records.take([write], stage.clock.now()), spansOf);
}

describe("one-trace", () => {
  it("is kept from delivery to message, record and assignment", () => {
    noteDelivery(facts, "d", one);
    judgeMessageTrace(stage.observation, facts, event, carrier(one));
    store("jobs", "1.1", aJob("1", { trace: carrier(one) }));
    store("jobs", "1.1", aJob("1", { trace: carrier(one), state: "assigned" }));
    store("machines", "m", aMachine("m", { state: "claimed", jobKey: "1.1" }));
    judgeAssignmentTrace(
      stage.observation,
      facts,
      records,
      {
        id: "a",
        machineId: "m",
        trace: carrier(one),
      },
      spansOf,
    );
    expect(stage.judge.checks["one-trace"]).toBe(5);
    expect(stage.found()).toEqual([]);
  });

  it.each([undefined, {}, carrier(two)])("is lost by a message in %o", (trace) => {
    noteDelivery(facts, "d", one);
    judgeMessageTrace(stage.observation, facts, event, trace);
    expect(stage.found()).toEqual(["one-trace"]);
  });

  it("is lost by a record without it, one that was told in another, and one that changes it", () => {
    judgeMessageTrace(stage.observation, facts, event, carrier(one));
    store("jobs", "2.1", aJob("2"));
    store("jobs", "1.1", aJob("1", { trace: carrier(two) }));
    expect(stage.found()).toEqual(["one-trace", "one-trace"]);
    judgeMessageTrace(stage.observation, facts, { ...event, jobId: "4" }, carrier(one));
    store("jobs", "4.1", aJob("4", { trace: carrier(swept) }));
    expect(stage.found()).toEqual(["one-trace", "one-trace"]);
    store("jobs", "3.1", aJob("3", { trace: carrier(one) }));
    store("jobs", "3.1", aJob("3", { trace: carrier(two) }));
    expect(stage.found()).toEqual(["one-trace", "one-trace", "one-trace"]);
  });

  it("is lost by an assignment in another", () => {
    store("jobs", "1.1", aJob("1", { trace: carrier(one), state: "assigned" }));
    store("machines", "m", aMachine("m", { state: "claimed", jobKey: "1.1" }));
    judgeAssignmentTrace(
      stage.observation,
      facts,
      records,
      {
        id: "a",
        machineId: "m",
        trace: carrier(two),
      },
      spansOf,
    );
    expect(stage.found()).toEqual(["one-trace"]);
  });

  it("is not told by a job that moves, or is registered for, in silence", () => {
    store("jobs", "1.1", aJob("1", { trace: carrier(mute) }));
    expect(stage.found()).toEqual(["one-trace"]);
    store("machines", "m", aMachine("m", { state: "claimed", jobKey: "1.1" }));
    judgeAssignmentTrace(
      stage.observation,
      facts,
      records,
      {
        id: "a",
        machineId: "m",
        trace: carrier(mute),
      },
      spansOf,
    );
    expect(stage.found()).toEqual(["one-trace", "one-trace"]);
  });

  it.each([
    [one, "demand", []],
    [two, "demand", ["one-trace"]],
    [undefined, "demand", ["one-trace"]],
    [undefined, "hot", []],
  ])(
    "is the trace of a purchase for jobs, of which one waits (%s, %s)",
    (traceId, reason, found) => {
      store("jobs", "1.1", aJob("1", { trace: carrier(one), fit: "pool:a" }));
      store("attempts", "x", anAttempt("x", { fit: "pool:a", reason }));
      judgePurchaseTrace(stage.observation, facts, records, "x", traceId);
      expect(stage.found()).toEqual(found);
    },
  );

  it("is that of a job that ended while its purchase was on its way", () => {
    store("jobs", "1.1", aJob("1", { trace: carrier(one), fit: "pool:a" }));
    store("jobs", "2.1", aJob("2", { trace: carrier(two), fit: "pool:a" }));
    store("attempts", "x", anAttempt("x", { fit: "pool:a", reason: "demand" }));
    records.take(
      [{ table: "jobs", id: "1.1", shard: "s", open: false, expected: "any", value: undefined }],
      1,
    );
    judgePurchaseTrace(stage.observation, facts, records, "x", one);
    judgePurchaseTrace(stage.observation, facts, records, "x", swept);
    expect(stage.found()).toEqual(["one-trace"]);
  });
});

describe("recorded traces", () => {
  it("follow what is awaited, and what is extracted on the other side", async () => {
    const { telemetry, begin, spansOf } = createTraces();
    let sent: Readonly<Record<string, string>> = {};
    const began = await begin(async (traceId) => {
      await telemetry.span("webhook", {}, async () => {
        await Promise.resolve();
        sent = telemetry.inject();
      });
      return traceId;
    });
    expect(traceIdOf(sent)).toBe(began);
    expect(telemetry.inject()).toEqual({});
    await telemetry.extract(sent, () => telemetry.span("queue", {}, async () => undefined));
    expect([...spansOf(began)]).toEqual(["webhook", "queue"]);
    await telemetry.span("other", {}, async () => undefined);
    expect([...spansOf(began)]).toEqual(["webhook", "queue"]);
  });
});
