import { findQueueUrl } from "../../stack/apply/queues.ts";
import { queueOf } from "../context.ts";
import { answerOf, lookAtSome } from "../look-at.ts";
import type { DoctorRow } from "../row.ts";
import { stackOf } from "../stack-of.ts";

const make = "make what is missing by the stack's template, or by runs-fleet-aws stack apply";

/** Tables, and what they forget. */
export const tablesRow: DoctorRow = {
  id: "tables",
  question: "Are all tables there, with their keys, indexes and time to live?",
  why: "Without one of them every controller stops; without the index open records are not found",
  after: ["identity"],
  unless: ["region"],
  async run(context) {
    const kinds = new Set(["table", "time to live"]);
    const steps = await lookAtSome(context, ({ kind }) => kinds.has(kind));
    const gone = new Set(steps.filter(isAbsentTable).map(({ name }) => name));
    // What a table forgets says nothing more of a table that is not there.
    const told = steps.filter((step) => step.kind === "table" || !gone.has(step.name));
    const count = steps.filter(({ kind }) => kind === "table").length;
    return answerOf(told, `${count} tables are as described`, make);
  },
};

/** Whether tables can be restored. */
export const recoveryRow: DoctorRow = {
  id: "recovery",
  question: "Can tables be restored to a point in time, except for assignments?",
  why: "A mistake should not cost the fleet's memory; assignments hold credentials, which no backup should",
  after: ["tables"],
  async run(context) {
    const steps = await lookAtSome(context, ({ kind }) => kind.endsWith("point-in-time recovery"));
    return answerOf(steps, "recovery is on, and off for assignments", make);
  },
};

/** Queues, and what is put aside. */
export const queuesRow: DoctorRow = {
  id: "queues",
  question: "Are all queues there, with their dead-letter queues and redrive policies?",
  why: "A message that cannot be read must be put aside, not thrown away and not taken for ever",
  after: ["identity"],
  unless: ["region"],
  async run(context) {
    const kinds = new Set(["queue", "dead-letter queue"]);
    const steps = await lookAtSome(context, ({ kind }) => kinds.has(kind));
    const answer = answerOf(steps, `${steps.length} queues are as described`, make);
    if (answer.verdict !== "disproven") {
      const { name } = queueOf(stackOf(context), "reports");
      const url = await findQueueUrl(context.clients.sqs, name);
      if (url !== undefined) context.facts.reportsUrl = url;
    }
    return answer;
  },
};

/** The bucket and its settings. */
export const bucketRow: DoctorRow = {
  id: "bucket",
  question: "Is the bucket there: encrypted, closed to the public, with versions and a lifecycle?",
  why: "Logs of jobs are in it, and the runner that machines start",
  after: ["identity"],
  unless: ["region"],
  async run(context) {
    const steps = await lookAtSome(context, ({ kind }) => kind.startsWith("bucket"));
    const isGone = steps.some(({ kind, state }) => kind === "bucket" && state === "absent");
    const told = isGone ? steps.filter(({ kind }) => kind === "bucket") : steps;
    return answerOf(told, "the bucket is as described", make);
  },
};

/** What EC2 announces. */
export const noticesRow: DoctorRow = {
  id: "notices",
  question: "Do EventBridge's rules bring what EC2 announces to the queue of notices?",
  why: "Without them a machine that spot takes is noticed only by its agent, or by the next listing",
  onlyOnAws: "no emulator's EC2 announces anything",
  after: ["queues"],
  async run(context) {
    const steps = await lookAtSome(context, ({ kind }) => kind === "rule");
    return answerOf(steps, `${steps.length} rules have the queue as target`, make);
  },
};

function isAbsentTable({
  kind,
  state,
}: {
  readonly kind: string;
  readonly state: string;
}): boolean {
  return kind === "table" && state === "absent";
}
