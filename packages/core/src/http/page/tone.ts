import type { FleetStatus, JobStatus } from "../../fleet/status.ts";
import { waitOf } from "./phases.ts";

/** An open job without a cause counts as late from here on. */
const lateAfterMs = 180_000;

/** How the whole looks: decides colour and symbol, never alone what is said. */
export type Tone = "well" | "attention" | "draining" | "standby";

/** Whether a person should look at the job: it was refused, it failed, or it waits for something or for long. */
export function needsAttention(job: JobStatus): boolean {
  switch (job.state) {
    case "failed":
      return true;
    case "queued":
    case "assigned":
      return job.cause !== undefined || waitOf(job) >= lateAfterMs;
    default:
      return false;
  }
}

/** The tone of a status. */
export function toneOf(status: FleetStatus): Tone {
  if (status.role === "draining") return "draining";
  if (status.jobs.some(needsAttention)) return "attention";
  if (status.configuration?.rejected || status.configuration?.alert) return "attention";
  if (status.pools.some(({ cause }) => cause !== undefined)) return "attention";
  return status.role === "standby" ? "standby" : "well";
}
