import * as v from "valibot";
import type { JobEvent } from "../ports/demand-event.ts";
import { decimalId, describeIssue, instant, jobRepository, lenient, text } from "./fields.ts";
import { fitLabels } from "./fit-labels.ts";
import { fitName } from "./fit-name.ts";
import type { Parsed, Receipt } from "./parsed.ts";

const bodySchema = v.object({
  action: v.string(),
  workflow_job: v.object({
    id: decimalId,
    run_id: decimalId,
    name: lenient(v.string()),
    // Not v.array: a body may hold millions, of which a hundred count.
    labels: v.nullable(v.custom<readonly unknown[]>(Array.isArray, "an array")),
    status: lenient(text(64)),
    run_attempt: lenient(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
    head_sha: lenient(v.pipe(v.string(), v.regex(/^[0-9a-f]{7,64}$/i))),
    conclusion: lenient(text(64)),
    runner_id: lenient(decimalId),
    runner_name: lenient(text(256)),
    created_at: instant,
    started_at: instant,
    completed_at: instant,
  }),
  repository: jobRepository,
});

type JobBody = v.InferOutput<typeof bodySchema>["workflow_job"];

/** A `workflow_job` body as far as we use it. */
export interface WorkflowJob {
  /** What the body says happened; `undefined` when it is nothing we know. */
  readonly event: JobEvent | undefined;
  /** Whether the job is held by an environment's gate, whatever the action says. */
  readonly waiting: boolean;
}

const actions = ["queued", "in_progress", "completed", "waiting"] as const;

function runnerOf(job: JobBody): Pick<JobEvent, "runnerId" | "runnerName"> {
  return {
    // 0 and "" are how GitHub writes "none" for jobs that ended before a runner took them.
    ...(job.runner_id === undefined || job.runner_id === "0" ? {} : { runnerId: job.runner_id }),
    ...(job.runner_name === undefined ? {} : { runnerName: job.runner_name }),
  };
}

/** The facts of the job that hold at `action`. */
function progressOf(
  action: JobEvent["action"],
  job: JobBody,
): Pick<
  JobEvent,
  "createdAtMs" | "startedAtMs" | "completedAtMs" | "conclusion" | "runnerId" | "runnerName"
> {
  const createdAtMs = job.created_at;
  const created = createdAtMs === undefined ? {} : { createdAtMs };
  // Queued bodies may carry a start time and even a runner; no job has either before it started.
  if (action === "queued" || action === "waiting") return created;
  // Real bodies start up to a second before they were created; a queue time below 0 helps nobody.
  const startedAtMs =
    job.started_at === undefined ? undefined : Math.max(job.started_at, createdAtMs ?? 0);
  const started = startedAtMs === undefined ? {} : { startedAtMs };
  if (action === "in_progress") return { ...created, ...started, ...runnerOf(job) };
  return {
    ...created,
    ...started,
    ...(job.completed_at === undefined ? {} : { completedAtMs: job.completed_at }),
    ...(job.conclusion === undefined ? {} : { conclusion: job.conclusion }),
    ...runnerOf(job),
  };
}

/** Reads the body of a `workflow_job` webhook: strict about what a job cannot do without, lenient about the rest. */
export function parseWorkflowJob(body: unknown, receipt: Receipt): Parsed<WorkflowJob> {
  const result = v.safeParse(bodySchema, body);
  if (!result.success) return { ok: false, message: describeIssue(result.issues) };
  const { workflow_job: job, repository } = result.output;
  const action = actions.find((known) => known === result.output.action);
  const waiting = action === "waiting" || (action === "queued" && job.status === "waiting");
  if (action === undefined) return { ok: true, value: { event: undefined, waiting } };
  const event: JobEvent = {
    kind: "job",
    action,
    jobId: job.id,
    runId: job.run_id,
    attempt: job.run_attempt ?? 1,
    ...fitName(job.name),
    ...repository,
    labels: fitLabels(job.labels ?? []),
    ...(job.head_sha === undefined ? {} : { headSha: job.head_sha }),
    ...progressOf(action, job),
    ...receipt,
  };
  return { ok: true, value: { event, waiting } };
}
