import type { DemandEvent } from "../ports/demand-event.ts";
import { parseLabels } from "../routing/parse-labels.ts";
import type { LabelCatalog } from "../routing/request.ts";
import { parsePush } from "./parse-push.ts";
import { parseWorkflowJob } from "./parse-workflow-job.ts";
import type { Receipt } from "./parsed.ts";

/** Why an authentic delivery leads to nothing. Stable: part of the answers. */
export type IgnoredReason =
  | "ping"
  | "event-unused"
  | "action-unused"
  | "not-ours"
  | "status-waiting";

/** What an authentic delivery means. */
export type Intake =
  | { readonly kind: "demand"; readonly event: DemandEvent }
  | { readonly kind: "ignored"; readonly reason: IgnoredReason }
  | { readonly kind: "invalid"; readonly message: string };

const ignored = (reason: IgnoredReason): Intake => ({ kind: "ignored", reason });

function readWorkflowJob(
  body: unknown,
  receipt: Receipt,
  catalog: LabelCatalog | undefined,
): Intake {
  const parsed = parseWorkflowJob(body, receipt);
  if (!parsed.ok) return { kind: "invalid", message: parsed.message };
  const { event, waiting } = parsed.value;
  if (event === undefined) return ignored("action-unused");
  // Bad labels of ours are demand too: the job is then refused where its developer can see it.
  if (parseLabels(event.labels, catalog) === undefined) return ignored("not-ours");
  // A job behind a gate is queued again when the gate opens; a runner for it now would idle.
  if (waiting) return ignored("status-waiting");
  return { kind: "demand", event };
}

/** What the body of one kind of event means to us. Pure. */
export function readPayload(
  eventName: string,
  body: unknown,
  receipt: Receipt,
  catalog: LabelCatalog | undefined,
): Intake {
  switch (eventName) {
    case "ping":
      return ignored("ping");
    case "workflow_job":
      return readWorkflowJob(body, receipt, catalog);
    case "push": {
      const parsed = parsePush(body, receipt);
      return parsed.ok
        ? { kind: "demand", event: parsed.value }
        : { kind: "invalid", message: parsed.message };
    }
    // workflow_run among them: the jobs of a run tell all that we need of it.
    default:
      return ignored("event-unused");
  }
}
