/** How a job ends. */
export type JobResult = "succeeded" | "failed" | "cancelled";

/** A job as the service gives it. */
export interface FakeJob {
  readonly id: string;
  readonly runId: string;
  readonly attempt: number;
  readonly name: string;
  readonly workflow: string;
  readonly repository: string;
  readonly headSha: string;
  readonly durationMs: number;
  readonly result: JobResult;
  readonly scenario?: string;
  readonly renewMs: number;
}

/** The word that the runner prints for a result, and what it adds to 100 in its exit code. */
export const conclusions: Readonly<
  Record<JobResult, { readonly word: string; readonly code: number }>
> = {
  succeeded: { word: "Succeeded", code: 0 },
  failed: { word: "Failed", code: 2 },
  cancelled: { word: "Canceled", code: 3 },
};

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown, otherwise: number): number =>
  typeof value === "number" && Number.isFinite(value) ? value : otherwise;

/** The job in an answer of the service; `undefined` when it is none. */
export function parseJob(value: unknown): FakeJob | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const { id, result, scenario } = fields;
  if (typeof id !== "string") return undefined;
  return {
    id,
    runId: text(fields["runId"]),
    attempt: number(fields["attempt"], 1),
    name: text(fields["name"]),
    workflow: text(fields["workflow"]),
    repository: text(fields["repository"]),
    headSha: text(fields["headSha"]),
    durationMs: number(fields["durationMs"], 0),
    result: result === "failed" || result === "cancelled" ? result : "succeeded",
    ...(typeof scenario === "string" && { scenario }),
    renewMs: number(fields["renewMs"], 60_000),
  };
}
