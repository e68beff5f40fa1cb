import { describe, expect, it } from "vitest";
import { aJob, aMachine, nowMs, shard } from "../../test/fleet/builders.ts";
import { createTraces } from "../testing/simulation/recording-telemetry.ts";
import { inTraceOf, traceJob } from "./job-spans.ts";
import { createLedger } from "./ledger.ts";

const traceId = "1".repeat(32);
const trace = { traceparent: `00-${traceId}-${"a".repeat(16)}-01` };

describe("the trace of a job", () => {
  it("is told each state that the job moves on to, and of no other change of its record", () => {
    const { telemetry, spansOf } = createTraces();
    const ledger = createLedger({
      shard,
      records: [],
      now: () => nowMs,
      onJobMoved: (job) => traceJob(telemetry, job, aMachine("m")),
    });
    ledger.putJob(aJob("1", { trace }));
    ledger.putJob(aJob("1", { trace, runnerName: "rf" }));
    ledger.putJob(aJob("1", { trace, state: "assigned", machineId: "m" }));
    ledger.putJob(aJob("1", { trace, state: "running", machineId: "m" }));
    ledger.putJob(aJob("1", { trace, state: "completed", conclusion: "success" }));
    expect([...spansOf(traceId)]).toEqual([
      "job.queued",
      "job.assigned",
      "job.running",
      "job.completed",
    ]);
  });

  it("holds what is done for the job, and nothing else", async () => {
    const { telemetry, spansOf } = createTraces();
    const carried = await inTraceOf(telemetry, aJob("1", { trace }), "mint", async () =>
      telemetry.inject(),
    );
    expect(carried["traceparent"]).toContain(traceId);
    await inTraceOf(telemetry, undefined, "launch", async () => undefined);
    expect([...spansOf(traceId)]).toEqual(["mint"]);
  });

  it("is not worth failing for", () => {
    const { telemetry } = createTraces();
    const broken = { ...telemetry, span: () => Promise.reject(new Error("no exporter")) };
    expect(() => traceJob(broken, aJob("1"), undefined)).not.toThrow();
  });
});
