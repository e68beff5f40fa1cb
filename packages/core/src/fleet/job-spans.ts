import type { Telemetry, TraceCarrier } from "@runs-fleet/telemetry";
import type { JobRecord, MachineRecord } from "./records.ts";

/** Does one thing for a job inside the job's own trace, in a span of this name. */
export function inTraceOf<T>(
  telemetry: Telemetry,
  job: { readonly jobId: string; readonly trace?: TraceCarrier } | undefined,
  name: string,
  run: () => Promise<T>,
): Promise<T> {
  if (job === undefined) return telemetry.span(name, {}, run);
  return telemetry.extract(job.trace, () => telemetry.span(name, { "job.id": job.jobId }, run));
}

/**
 * Tells the job's trace that the job has moved on, by a span without length: `job.queued`, `job.assigned` with how its
 * machine was found and how long that booted, `job.running`, and how it ended.
 */
export function traceJob(
  telemetry: Telemetry,
  job: JobRecord,
  machine: MachineRecord | undefined,
): void {
  const { jobId, state, repository, served, cause, conclusion, trace } = job;
  const booted = machine?.readyAtMs;
  const attributes = {
    "job.id": jobId,
    repository,
    ...(machine === undefined ? {} : { "machine.id": machine.id }),
    ...(machine === undefined || booted === undefined
      ? {}
      : { "machine.boot_ms": booted - machine.launchedAtMs }),
    ...(served === undefined ? {} : { served }),
    ...(cause === undefined ? {} : { cause: cause.code }),
    ...(conclusion === undefined ? {} : { conclusion }),
  };
  // A telemetry system that fails is no reason to fail.
  telemetry
    .extract(trace, () => telemetry.span(`job.${state}`, attributes, () => Promise.resolve()))
    .catch(() => undefined);
}
