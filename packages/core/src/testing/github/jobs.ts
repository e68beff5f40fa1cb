import type { Matching } from "./matching.ts";
import type { Conclusion, Job, Repository, Run, Runner, World } from "./model.ts";
import type { FakeJobRequest, RunnerResult } from "./types.ts";
import { ensureRepository } from "./world.ts";

/** The life of jobs, from queue to end. */
export interface Jobs {
  queue(request: FakeJobRequest): Job;
  approve(job: Job): void;
  cancel(job: Job): void;
  /** The runner that was handed the job works on it. */
  start(job: Job): void;
  /** The runner said that it still works on it. */
  renew(job: Job): void;
  complete(job: Job, conclusion: Conclusion): void;
  /** Looks for work for an idle runner with an open poll. */
  offer(runner: Runner): Job | undefined;
  /** Queues the job's next attempt; `undefined` while its run has not concluded. */
  rerun(job: Job): Job | undefined;
}

/** The conclusion that follows from what a runner reports. */
export const conclusionOf: Readonly<Record<RunnerResult, Conclusion>> = {
  succeeded: "success",
  failed: "failure",
  cancelled: "cancelled",
};

function createRun(world: World, repository: Repository, workflow: string): Run {
  const nowMs = world.clock.now();
  const run: Run = {
    id: world.nextId(),
    number: repository.runs.length + 1,
    repository,
    workflow,
    branch: repository.defaultBranch,
    headSha: repository.heads.get(repository.defaultBranch) ?? "",
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    attempt: 1,
    jobs: [],
    latest: new Map(),
    open: 0,
  };
  world.runs.set(run.id, run);
  repository.runs.push(run);
  return run;
}

function createJob(
  world: World,
  run: Run,
  of: Pick<Job, "name" | "labels" | "bucket" | "durationMs" | "result" | "scenario"> & {
    readonly origin?: number;
    readonly waiting?: boolean;
  },
): Job {
  const id = world.nextId();
  const job: Job = {
    id,
    sequence: id,
    run,
    origin: of.origin ?? id,
    attempt: run.attempt,
    name: of.name,
    labels: of.labels,
    bucket: of.bucket,
    headSha: run.headSha,
    durationMs: of.durationMs,
    result: of.result,
    scenario: of.scenario,
    state: of.waiting ? "waiting" : "queued",
    conclusion: undefined,
    createdAtMs: world.clock.now(),
    startedAtMs: undefined,
    completedAtMs: undefined,
    runner: undefined,
    runnerId: undefined,
    runnerName: undefined,
    runnerGroupId: undefined,
    lockedUntilMs: 0,
    cancelRequested: false,
    disarm: undefined,
    starts: 0,
  };
  run.jobs.push(job);
  run.latest.set(job.origin, job);
  run.open += 1;
  run.repository.openRuns.add(run);
  run.repository.answers.clear();
  world.jobs.set(id, job);
  return job;
}

/** Jobs of `world`. `dismiss` ends the registration of a runner whose job has ended. */
export function createJobs(
  world: World,
  matching: Matching,
  dismiss: (runner: Runner) => void,
): Jobs {
  const { timetable, settings, clock } = world;

  const note = (kind: "job-queued" | "job-started" | "job-completed", job: Job): void =>
    world.emit({
      kind,
      atMs: clock.now(),
      jobId: String(job.id),
      attempt: job.attempt,
      originId: String(job.origin),
      repository: job.run.repository.fullName,
      ...(job.runnerName === undefined ? {} : { runnerName: job.runnerName }),
      ...(job.conclusion === undefined ? {} : { conclusion: job.conclusion }),
    });

  const rearm = (job: Job, atMs: number, run: () => void): void => {
    job.disarm?.();
    job.disarm = timetable.at(atMs, run);
  };

  const finish = (job: Job, conclusion: Conclusion): void => {
    if (job.state === "completed") return;
    const { runner, run } = job;
    job.disarm?.();
    job.disarm = undefined;
    job.state = "completed";
    job.conclusion = conclusion;
    job.completedAtMs = clock.now();
    job.runner = undefined;
    run.open -= 1;
    run.updatedAtMs = job.completedAtMs;
    if (run.open === 0) run.repository.openRuns.delete(run);
    run.repository.answers.clear();
    if (runner !== undefined) dismiss(runner);
    note("job-completed", job);
    world.announce(job, "completed");
  };

  const hand = (job: Job, runner: Runner): void => {
    runner.disarm?.();
    runner.job = job;
    job.runner = runner;
    job.state = "assigned";
    rearm(job, clock.now() + settings.acknowledgeMs, () => {
      runner.job = undefined;
      job.runner = undefined;
      if (job.cancelRequested) finish(job, "cancelled");
      else place(job);
    });
  };

  const place = (job: Job): void => {
    job.state = "queued";
    job.run.repository.answers.clear();
    rearm(job, job.createdAtMs + settings.queueLimitMs, () => finish(job, "cancelled"));
    const runner = matching.offerJob(job);
    if (runner === undefined) return;
    hand(job, runner);
    runner.session?.poll?.({ kind: "job", job });
  };

  const enqueue = (job: Job): void => {
    note("job-queued", job);
    // Announced first: the webhook of a job never tells of a runner that took it meanwhile.
    world.announce(job, "queued");
    place(job);
  };

  const watchLock = (job: Job): void =>
    rearm(job, job.lockedUntilMs, () => {
      if (clock.now() < job.lockedUntilMs) watchLock(job);
      else finish(job, job.cancelRequested ? "cancelled" : "failure");
    });

  const cancel = (job: Job): void => {
    if (job.state === "waiting" || job.state === "queued") finish(job, "cancelled");
    else if (job.state !== "completed") {
      job.cancelRequested = true;
      job.runner?.session?.poll?.({ kind: "cancel", job });
    }
  };

  return {
    queue: (request) => {
      const repository = ensureRepository(world, request.repository);
      const sibling =
        request.runId === undefined ? undefined : world.runs.get(Number(request.runId));
      const run = sibling ?? createRun(world, repository, request.workflow ?? "ci");
      const job = createJob(world, run, {
        name: request.name ?? "build",
        labels: [...request.labels],
        bucket: matching.bucketOf(repository, request.labels),
        durationMs: request.durationMs,
        result: request.result ?? "succeeded",
        scenario: request.scenario,
        waiting: request.waiting ?? false,
      });
      if (job.state === "waiting") world.announce(job, "waiting");
      else enqueue(job);
      if (request.cancelAfterMs !== undefined) {
        timetable.at(clock.now() + request.cancelAfterMs, () => cancel(job));
      }
      return job;
    },
    approve: (job) => {
      if (job.state === "waiting") enqueue(job);
    },
    cancel,
    start: (job) => {
      const { runner } = job;
      if (job.state !== "assigned" || runner === undefined) return;
      job.state = "in_progress";
      job.startedAtMs = clock.now();
      job.starts += 1;
      job.runnerId = runner.id;
      job.runnerName = runner.name;
      job.runnerGroupId = runner.groupId;
      job.run.updatedAtMs = job.startedAtMs;
      job.run.repository.answers.clear();
      job.lockedUntilMs = clock.now() + settings.jobLockMs;
      watchLock(job);
      note("job-started", job);
      world.announce(job, "in_progress");
    },
    renew: (job) => {
      job.lockedUntilMs = clock.now() + settings.jobLockMs;
    },
    complete: finish,
    offer: (runner) => {
      const job = matching.offerRunner(runner);
      if (job !== undefined) hand(job, runner);
      return job;
    },
    rerun: (job) => {
      const { run } = job;
      if (run.open > 0) return undefined;
      run.attempt += 1;
      const { bucket, durationMs, labels, name, origin, scenario } = job;
      const next = createJob(world, run, {
        ...{ bucket, durationMs, labels, name, origin, scenario },
        result: "succeeded",
      });
      enqueue(next);
      return next;
    },
  };
}
