import * as v from "valibot";
import type { AgentEvent } from "./agent-event.ts";
import type { Assignment } from "./assignment.ts";

const text = (longest: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(longest));
const instant = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const trace = v.exactOptional(v.record(v.string(), v.pipe(v.string(), v.maxLength(1_024))));

const assignmentSchema = v.object({
  id: text(128),
  machineId: text(256),
  jitConfig: text(32_768),
  runnerName: text(64),
  labels: v.pipe(v.array(text(256)), v.maxLength(100)),
  deadlineMs: instant,
  trace,
});

const base = {
  id: text(128),
  machineId: text(256),
  atMs: instant,
  sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  trace,
};

const agentEventSchema = v.variant("kind", [
  v.object({ ...base, kind: v.picklist(["ready", "acknowledged"]) }),
  v.object({ ...base, kind: v.picklist(["registered", "job-started"]), runnerName: text(64) }),
  v.object({
    ...base,
    kind: v.literal("finished"),
    result: v.picklist([
      "succeeded",
      "failed",
      "cancelled",
      "no-job",
      "runner-outdated",
      "unknown",
    ]),
    exitCode: v.exactOptional(v.pipe(v.number(), v.integer())),
    timingsMs: v.record(v.pipe(v.string(), v.maxLength(64)), v.number()),
  }),
  v.object({ ...base, kind: v.literal("interrupted"), endsAtMs: instant }),
]);

/** An assignment document as read from the store; `undefined` when it is not one. */
export function parseAssignment(value: unknown): Assignment | undefined {
  const result = v.safeParse(assignmentSchema, value);
  return result.success ? result.output : undefined;
}

/** An agent's event as read from the queue; `undefined` when it is not one. */
export function parseAgentEvent(value: unknown): AgentEvent | undefined {
  const result = v.safeParse(agentEventSchema, value);
  return result.success ? result.output : undefined;
}
