import type { Observation } from "./observe-provider.ts";
import { judgeUse } from "./oracles/isolation.ts";
import { judgeEnd } from "./oracles/jobs.ts";
import { judgeObservedUse } from "./oracles/observed.ts";
import { judgeRerun } from "./oracles/reruns.ts";
import type { Arrival } from "./plan-scenario.ts";
import type { JobFact } from "./truth.ts";

/** Queues the jobs at their times, and notes what GitHub says of them. */
export function followJobs(observation: Observation, arrivals: readonly Arrival[]): void {
  const { truth, trace, clock } = observation;
  const { github } = truth;
  const runs = new Map<number, string>();
  let arriving: Arrival | undefined;
  github.onEvent((event) => {
    if (!("jobId" in event)) return;
    const { jobId, kind, atMs } = event;
    truth.movedAtMs = atMs;
    if (kind === "job-queued") {
      const { attempt, originId } = event;
      const job: JobFact = {
        id: jobId,
        arrival: arriving,
        queuedAtMs: atMs,
        ...(attempt === 1 ? {} : { attempt }),
        // A job may come late into a run that has been run again.
        ...(originId === jobId ? {} : { originId }),
      };
      judgeRerun(observation, job);
      truth.jobs.set(jobId, job);
      const isObserved = truth.observed.has(event.repository) && !arriving?.isForeign;
      if (isObserved) truth.observedJobs.add(jobId);
      // What is another environment's waits for another fleet, what is observed for whatever serves it today.
      else if (!arriving?.isForeign) truth.openJobs.add(jobId);
      trace.add(
        "github",
        `job ${jobId} of ${event.repository} ${arriving?.labels.join(" ") ?? ""}`,
      );
      return;
    }
    const job = truth.jobs.get(jobId);
    if (job === undefined) return;
    if (event.runnerName !== undefined) job.runnerName = event.runnerName;
    if (kind === "job-started") {
      job.startedAtMs = atMs;
      trace.add("github", `job ${jobId} starts on ${event.runnerName ?? "?"}`);
      judgeUse(observation, job);
      judgeObservedUse(observation, job);
      return;
    }
    job.completedAtMs = atMs;
    if (event.conclusion !== undefined) job.conclusion = event.conclusion;
    truth.openJobs.delete(jobId);
    judgeEnd(observation, job);
  });
  for (const [index, arrival] of arrivals.entries()) {
    void clock.sleep(arrival.atMs).then(() => {
      arriving = arrival;
      const runId = runs.get(arrival.run);
      const id = github.queueJob({
        repository: arrival.repository,
        // No two jobs of a workflow have one name.
        name: `job-${index}`,
        labels: arrival.labels,
        durationMs: arrival.durationMs,
        result: arrival.result,
        ...(runId === undefined ? {} : { runId }),
        ...(arrival.cancelAfterMs === undefined ? {} : { cancelAfterMs: arrival.cancelAfterMs }),
      });
      arriving = undefined;
      const run = github.jobs().find((job) => job.id === id)?.runId;
      if (run !== undefined) runs.set(arrival.run, run);
    });
  }
}
