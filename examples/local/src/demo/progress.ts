import type { FleetStatus, JobStatus } from "@runs-fleet/core";

/** Follows the jobs by the host's status and says what moves. */
export interface Progress {
  /** Takes in a status; answers the lines that it gives. */
  take(status: FleetStatus): readonly string[];
  /** The last that is known of each job, by GitHub's job id. */
  readonly jobs: ReadonlyMap<string, JobStatus>;
}

const over: ReadonlySet<string> = new Set(["completed", "cancelled", "failed"]);

/** Milliseconds as people read them. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)}s`;
}

function describe(job: JobStatus): string {
  const { waitsMs, served, pool, machineId, cause, conclusion, labels } = job;
  const waits = Object.entries(waitsMs)
    .filter(([phase]) => phase !== "run")
    .map(([phase, ms]) => `${phase} ${seconds(ms)}`)
    .join(" ");
  switch (job.state) {
    case "queued":
      return cause ? `waits: ${cause.code}` : labels.join(", ");
    case "assigned":
      return `${served ?? ""} ${machineId ?? ""}`;
    case "running":
      return `${served ?? "elsewhere"}${pool ? ` from pool ${pool}` : ""} on ${machineId ?? "?"} | ${waits}`;
    case "completed":
    case "cancelled":
      return `${conclusion ?? ""} after ${seconds(waitsMs["run"] ?? 0)}`;
    case "failed":
      return `refused: ${cause?.code}: ${cause?.message}`;
  }
}

/** Makes a follower that has seen nothing. */
export function createProgress(now: () => Date): Progress {
  const jobs = new Map<string, JobStatus>();
  return {
    jobs,
    take: (status) => {
      const lines: string[] = [];
      for (const job of [...status.jobs].reverse()) {
        const id = job.id.slice(0, job.id.lastIndexOf("."));
        const before = jobs.get(id);
        if (before && over.has(before.state)) continue;
        jobs.set(id, job);
        const moved = before?.state !== job.state || before?.cause?.code !== job.cause?.code;
        if (!moved) continue;
        const time = now().toISOString().slice(11, 23);
        lines.push(
          `${time}  ${id.padEnd(6)} ${job.repository.padEnd(14)} ${job.state.padEnd(9)} ${describe(job)}`,
        );
      }
      return lines;
    },
  };
}
