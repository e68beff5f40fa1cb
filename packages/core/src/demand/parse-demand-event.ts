import * as v from "valibot";
import type { DemandEvent, JobEvent, PushEvent } from "../ports/demand-event.ts";
import { FleetError } from "../ports/failure.ts";

const text = v.pipe(v.string(), v.maxLength(1_024));
const instant = v.pipe(v.number(), v.safeInteger());

const base = { repository: text, deliveryId: text, receivedAtMs: instant };

/** An entry for every field, those that may be absent included: what is not here is lost on its way through a durable queue. */
type Entries<T> = { readonly [K in keyof Required<T>]: v.GenericSchema };

const job = {
  ...base,
  kind: v.literal("job"),
  action: v.picklist(["queued", "in_progress", "completed", "waiting"]),
  jobId: text,
  runId: text,
  attempt: v.number(),
  name: v.exactOptional(text),
  repositoryId: text,
  visibility: v.picklist(["public", "private", "internal"]),
  fork: v.boolean(),
  properties: v.exactOptional(v.record(text, text)),
  labels: v.array(text),
  headSha: v.exactOptional(text),
  conclusion: v.exactOptional(text),
  runnerId: v.exactOptional(text),
  runnerName: v.exactOptional(text),
  createdAtMs: v.exactOptional(instant),
  startedAtMs: v.exactOptional(instant),
  completedAtMs: v.exactOptional(instant),
} satisfies Entries<JobEvent>;

const push = {
  ...base,
  kind: v.literal("push"),
  ref: text,
  defaultBranch: text,
  before: text,
  after: text,
  deleted: v.boolean(),
  touched: v.exactOptional(v.array(text)),
  pushedAtMs: v.exactOptional(instant),
} satisfies Entries<PushEvent>;

const schema = v.variant("kind", [v.object(job), v.object(push)]);

/**
 * A message of the demand queue as a durable adapter read it.
 *
 * @throws A {@link FleetError} `config` when it is none: the adapter puts it aside for a person.
 */
export function parseDemandEvent(value: unknown): DemandEvent {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const where = result.issues[0]?.path?.map(({ key }) => String(key)).join(".") ?? "message";
  throw new FleetError({ kind: "config", message: `Not a demand event: ${where} is wrong` });
}
