import { setTimeout as delay } from "node:timers/promises";
import { conclusions, type FakeJob, type JobResult } from "./job.ts";
import type { Output } from "./output.ts";
import type { Scenario } from "./scenario.ts";
import type { ServiceClient } from "./service-client.ts";
import { persist, type Session } from "./session.ts";

/** What a job is worked on with. */
export interface Work {
  readonly client: ServiceClient;
  readonly session: Session;
  readonly job: FakeJob;
  readonly scenario: Scenario;
  readonly output: Output;
  /** Aborted when the listener is told to end. */
  readonly interrupted: AbortSignal;
  /** Runs a hook of the job, if there is one; `false`: it failed. */
  readonly hook: (name: "STARTED" | "COMPLETED") => Promise<boolean>;
}

/** Why a job must stop: GitHub says so, or it is somebody else's by now. */
type Verdict = "cancelled" | "lost";

/** Keeps the job's lock until `done`; answers why the job must stop, if it must. */
async function keepLock(work: Work, done: AbortSignal): Promise<Verdict | undefined> {
  const { client, session, job } = work;
  // The service hands out a job again on each poll until it is renewed once: so listen only afterwards.
  let listening: Promise<Verdict | undefined> | undefined;
  while (!done.aborted) {
    const answer = await persist(() =>
      client.call("POST", `${session.path}/renew`, { jobId: job.id }),
    );
    if (answer.status !== 200) return "lost";
    if (answer.body["cancel"] === true) return "cancelled";
    listening ??= hearCancellation(work, done);
    const pause = delay(job.renewMs, undefined, { signal: done }).catch(() => undefined);
    const verdict = await Promise.race([pause, listening]);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** Polls until GitHub cancels the job, the session ends or `done`. */
async function hearCancellation(work: Work, done: AbortSignal): Promise<Verdict | undefined> {
  const { client, session, job } = work;
  const path = `${session.path}/message?waitMs=${Math.min(60_000, session.pollMs)}`;
  while (!done.aborted) {
    const { status, body } = await client.call("GET", path, undefined, done);
    if (done.aborted) break;
    if (body["kind"] === "cancel" && body["jobId"] === job.id) return "cancelled";
    // Whatever is wrong, the renewals find it out.
    if (status !== 204) {
      await delay(1_000, undefined, { signal: done }).catch(() => undefined);
    }
  }
  return new Promise(() => undefined);
}

/** Resolves when the abort comes. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Works as long as the job lasts; answers how it went, or `lost` when it is not ours any more. */
async function workOn(work: Work): Promise<JobResult | "lost"> {
  const { job, scenario, interrupted } = work;
  const done = new AbortController();
  const lock = keepLock(work, done.signal).then(
    (verdict) => verdict ?? new Promise<never>(() => undefined),
  );
  const working = async (): Promise<JobResult> => {
    if (!(await work.hook("STARTED"))) return "failed";
    if (scenario.hang) await new Promise(() => undefined);
    await delay(job.durationMs, undefined, { signal: done.signal });
    return (await work.hook("COMPLETED")) ? job.result : "failed";
  };
  const stopping = scenario.hang
    ? new Promise<never>(() => undefined)
    : aborted(interrupted).then((): JobResult => "cancelled");
  try {
    return await Promise.race([working(), lock, stopping]);
  } finally {
    done.abort();
  }
}

/** The job was worked on and its end is at GitHub; answers the result, or `lost`. */
export async function runJob(work: Work): Promise<JobResult | "lost"> {
  const { client, session, job, output } = work;
  output.printTimed(`Running job: ${job.name}`);
  if (work.scenario.crash) process.kill(process.pid, "SIGKILL");
  const result = await workOn(work);
  if (result === "lost") {
    output.print("The job is not ours any more");
    return result;
  }
  const answer = await persist(() =>
    client.call("POST", `${session.path}/complete`, { jobId: job.id, result }),
  );
  const { word } = conclusions[result];
  output.diagnose(`finish job request for job ${job.id} with result: ${word}`);
  output.printTimed(`Job ${job.name} completed with result: ${word}`);
  return answer.status === 200 ? result : "lost";
}
