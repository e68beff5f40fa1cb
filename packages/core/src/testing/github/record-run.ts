import type { Job, Run, World } from "./model.ts";
import { addGroup, ensureRepository } from "./world.ts";

/** One attempt of a job, as it went long ago or goes right now. */
export interface FakeRecordedJob {
  /** What `runs-on` said. */
  readonly labels: readonly string[];
  /** When it was queued, epoch milliseconds. */
  readonly queuedAtMs: number;
  /** When a runner started it, epoch milliseconds. Absent: none did. */
  readonly startedAtMs?: number;
  /** When it ended, epoch milliseconds. Absent: it has not. */
  readonly completedAtMs?: number;
  /** How it ended. @defaultValue "success" for one that has ended */
  readonly conclusion?: "success" | "failure" | "cancelled" | "skipped";
  /** Runner that had it. @defaultValue "runner-1" for one that was started */
  readonly runnerName?: string;
  /** That runner's group; `GitHub Actions` is that of GitHub's own runners. @defaultValue "Default" */
  readonly runnerGroup?: string;
  /** The attempt of its run, from 1. @defaultValue 1 */
  readonly attempt?: number;
}

/** A workflow run with its jobs, put on record without runners or webhooks. */
export interface FakeRecordedRun {
  /** `owner/name`; created as a private repository when unknown. */
  readonly repository: string;
  /** When it was created, epoch milliseconds; fractions of a second are kept, and not shown. */
  readonly createdAtMs: number;
  /** Its jobs, all attempts. */
  readonly jobs: readonly FakeRecordedJob[];
}

function groupIdOf(world: World, run: Run, name: string): number {
  // GitHub's own runners have group 0 since 2023 or so.
  if (name === "GitHub Actions") return 0;
  const { owner } = run.repository;
  for (const group of owner.groups.values()) if (group.name === name) return group.id;
  return addGroup(world, owner, { name, visibility: "all", allowsPublic: false, repositories: [] })
    .id;
}

function jobOf(world: World, run: Run, of: FakeRecordedJob): Job {
  const id = world.nextId();
  const ran = of.startedAtMs !== undefined;
  const ended = of.completedAtMs !== undefined;
  return {
    id,
    sequence: id,
    run,
    origin: id,
    attempt: of.attempt ?? 1,
    name: "build",
    labels: [...of.labels],
    bucket: "",
    headSha: run.headSha,
    durationMs: 0,
    result: "succeeded",
    scenario: undefined,
    // One that waits here waits for ever: no runner is matched with it.
    state: ended ? "completed" : ran ? "in_progress" : "queued",
    conclusion: ended ? (of.conclusion ?? "success") : undefined,
    createdAtMs: of.queuedAtMs,
    startedAtMs: of.startedAtMs,
    completedAtMs: of.completedAtMs,
    runner: undefined,
    runnerId: ran ? id : undefined,
    runnerName: ran ? (of.runnerName ?? "runner-1") : undefined,
    runnerGroupId: ran ? groupIdOf(world, run, of.runnerGroup ?? "Default") : undefined,
    lockedUntilMs: 0,
    cancelRequested: false,
    disarm: undefined,
    starts: ran ? 1 : 0,
  };
}

/** Puts a run on record; answers its id and those of its jobs. */
export function recordRun(
  world: World,
  of: FakeRecordedRun,
): { readonly runId: string; readonly jobIds: readonly string[] } {
  const repository = ensureRepository(world, of.repository);
  const instants = of.jobs.flatMap(({ queuedAtMs, startedAtMs, completedAtMs }) => [
    queuedAtMs,
    startedAtMs ?? 0,
    completedAtMs ?? 0,
  ]);
  const run: Run = {
    id: world.nextId(),
    number: repository.runs.length + 1,
    repository,
    workflow: "ci",
    branch: repository.defaultBranch,
    headSha: repository.heads.get(repository.defaultBranch) ?? "",
    createdAtMs: of.createdAtMs,
    updatedAtMs: Math.max(of.createdAtMs, ...instants),
    attempt: Math.max(1, ...of.jobs.map(({ attempt = 1 }) => attempt)),
    jobs: [],
    latest: new Map(),
    open: 0,
  };
  for (const recorded of of.jobs) {
    const job = jobOf(world, run, recorded);
    run.jobs.push(job);
    if (job.attempt === run.attempt) run.latest.set(job.origin, job);
    if (job.state !== "completed") run.open += 1;
    world.jobs.set(job.id, job);
  }
  world.runs.set(run.id, run);
  repository.runs.push(run);
  if (run.open > 0) repository.openRuns.add(run);
  repository.answers.clear();
  return { runId: String(run.id), jobIds: run.jobs.map(({ id }) => String(id)) };
}

/** Deletes a run with its jobs, as people and retention do. */
export function deleteRun(world: World, runId: string): void {
  const run = world.runs.get(Number(runId));
  if (run === undefined) throw new RangeError(`There is no run ${runId}`);
  world.runs.delete(run.id);
  for (const job of run.jobs) world.jobs.delete(job.id);
  run.repository.runs.splice(run.repository.runs.indexOf(run), 1);
  run.repository.openRuns.delete(run);
  run.repository.answers.clear();
}
