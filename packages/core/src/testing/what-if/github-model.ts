import type { Clock } from "../../ports/clock.ts";
import type { JobEvent } from "../../ports/demand-event.ts";
import { FleetError } from "../../ports/failure.ts";
import type { GitHubClient } from "../../ports/github-client.ts";
import { type Backlog, createBacklog } from "./backlog.ts";
import type { JobLife } from "./lives.ts";

/** What a connected runner is told. */
export interface RunnerListener {
  /** It has a job, and runs it from now on. */
  started(life: JobLife): void;
  /** It waited for 5 minutes in vain, or was removed. */
  dismissed(): void;
}

/** A strict GitHub behind the port, without HTTP: what its service refuses is refused. */
export interface GitHubModel {
  readonly client: GitHubClient;
  queue(life: JobLife): void;
  /** Cancels a job that waits; one that was started goes on. */
  cancel(life: JobLife): void;
  /** A runner comes with its credential, which is good for one connection. False: it is not, or no longer. */
  connect(jitConfig: string, listener: RunnerListener): boolean;
  /** The runner's job is over. */
  complete(runnerName: string): void;
  /** The runner vanishes with its machine. A job of its is concluded when GitHub has missed it for long enough. */
  vanish(runnerName: string): void;
}

interface Runner {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly owner: string;
  readonly groupId: number;
  readonly labels: readonly string[];
  readonly labelKeys: ReadonlySet<string>;
  listener?: RunnerListener;
  life?: JobLife;
}

/** How long a runner without a job waits before it gives up, milliseconds. */
const idleMs = 5 * 60_000;
/** After how long without word from its runner a job is failed, milliseconds. */
const lostMs = 10 * 60_000;

/** Makes a GitHub with these owners and runner groups. */
export function createGitHubModel(options: {
  readonly clock: Clock;
  readonly owners: ReadonlySet<string>;
  readonly groups: ReadonlyMap<string, number>;
  /** Sends word of a job on its way. */
  readonly tell: (life: JobLife, event: JobEvent) => void;
}): GitHubModel {
  const { clock, owners, groups, tell } = options;
  const runners = new Map<string, Runner>();
  const waitingRunners = new Set<Runner>();
  const lives = new Map<string, JobLife>();
  const backlog: Backlog = createBacklog();
  let minted = 0;

  const eventOf = (life: JobLife, action: JobEvent["action"]): JobEvent => ({
    kind: "job",
    action,
    jobId: life.jobId,
    runId: life.jobId,
    attempt: 1,
    repository: life.job.repository,
    repositoryId: "1",
    visibility: life.job.visibility ?? "private",
    fork: life.job.fork ?? false,
    labels: life.job.labels,
    createdAtMs: life.job.queuedAtMs,
    ...(life.startedAtMs === undefined ? {} : { startedAtMs: life.startedAtMs }),
    ...(life.runnerName === undefined ? {} : { runnerName: life.runnerName }),
    ...(action === "completed"
      ? { completedAtMs: life.endedAtMs ?? clock.now(), conclusion: conclusionOf(life) }
      : {}),
    deliveryId: `${life.jobId}-${action}`,
    receivedAtMs: clock.now(),
  });

  const forget = (runner: Runner): void => {
    runners.delete(runner.name);
    waitingRunners.delete(runner);
  };

  const start = (life: JobLife, runner: Runner): void => {
    waitingRunners.delete(runner);
    runner.life = life;
    life.fate = "running";
    life.startedAtMs = clock.now();
    life.runnerName = runner.name;
    runner.listener?.started(life);
    tell(life, eventOf(life, "in_progress"));
  };

  const end = (life: JobLife, fate: JobLife["fate"]): void => {
    life.fate = fate;
    life.endedAtMs = clock.now();
    tell(life, eventOf(life, "completed"));
  };

  const fits = (runner: Runner, life: JobLife): boolean =>
    runner.owner === life.owner &&
    runner.groupId === life.groupId &&
    life.job.labels.every((label) => runner.labelKeys.has(label.toLowerCase()));

  const ownerOf = (scope: string): string => {
    const owner = scope.startsWith("orgs/") ? scope.slice("orgs/".length).toLowerCase() : "";
    if (!owners.has(owner)) {
      throw new FleetError({ kind: "not-found", message: `GitHub knows no ${scope}` });
    }
    return owner;
  };

  const client: GitHubClient = {
    runners: {
      mint: async (scope, { name, labels, groupId }) => {
        minted += 1;
        const owner = ownerOf(scope);
        if (runners.has(name)) {
          throw new FleetError({ kind: "conflict", message: `A runner is named ${name} already` });
        }
        if (labels.length === 0 || labels.length > 100 || ![...groups.values()].includes(groupId)) {
          throw new FleetError({ kind: "config", message: "Bad labels or runner group" });
        }
        const id = String(minted);
        const labelKeys = new Set(labels.map((label) => label.toLowerCase()));
        runners.set(name, { id, name, scope, owner, groupId, labels, labelKeys });
        return { runnerId: id, jitConfig: `jit-${name}` };
      },
      list: async (scope) =>
        [...runners.values()]
          .filter((runner) => runner.scope === scope)
          .map(({ id, name, labels, life, listener }) => ({
            id,
            name,
            labels,
            busy: life !== undefined,
            online: listener !== undefined,
          })),
      remove: async (scope, id) => {
        ownerOf(scope);
        for (const runner of runners.values()) {
          if (runner.id !== id) continue;
          if (runner.life !== undefined) return "busy";
          forget(runner);
          runner.listener?.dismissed();
        }
        return "removed";
      },
      groups: async (scope) => {
        ownerOf(scope);
        return [...groups].map(([name, id]) => ({ id, name, visibility: "selected" }));
      },
    },
    jobs: {
      get: async (_repository, jobId) => {
        const life = lives.get(jobId);
        return life && eventOf(life, actionOf(life));
      },
      listQueued: async (repository) =>
        [...backlog.all()]
          .filter(({ job }) => job.repository === repository)
          .map((life) => eventOf(life, "queued")),
      listOfRun: async () => [],
      rerun: async () => "not-yet",
    },
    contents: { read: async () => ({ status: "absent-or-forbidden" }) },
    checks: { report: async () => undefined },
    deliveries: { listFailed: none, redeliver: async () => undefined },
  };

  return {
    client,
    queue: (life) => {
      lives.set(life.jobId, life);
      tell(life, eventOf(life, "queued"));
      for (const runner of waitingRunners) {
        if (!fits(runner, life)) continue;
        start(life, runner);
        return;
      }
      backlog.add(life);
    },
    cancel: (life) => {
      if (life.fate !== "waiting") return;
      backlog.remove(life);
      end(life, "cancelled");
    },
    connect: (jitConfig, listener) => {
      const runner = runners.get(jitConfig.slice("jit-".length));
      if (runner === undefined || runner.listener !== undefined) return false;
      runner.listener = listener;
      const life = backlog.takeOldest((candidate) => fits(runner, candidate));
      if (life !== undefined) {
        start(life, runner);
        return true;
      }
      waitingRunners.add(runner);
      void clock.sleep(idleMs).then(() => {
        if (!waitingRunners.has(runner)) return;
        forget(runner);
        listener.dismissed();
      });
      return true;
    },
    complete: (runnerName) => {
      const runner = runners.get(runnerName);
      if (runner?.life === undefined) return;
      forget(runner);
      end(runner.life, "completed");
    },
    vanish: (runnerName) => {
      const runner = runners.get(runnerName);
      if (runner === undefined) return;
      const { life } = runner;
      if (life === undefined) {
        forget(runner);
        return;
      }
      void clock.sleep(lostMs).then(() => {
        if (life.fate !== "running") return;
        forget(runner);
        end(life, "interrupted");
      });
    },
  };
}

function conclusionOf({ fate }: JobLife): string {
  if (fate === "cancelled") return "cancelled";
  return fate === "completed" ? "success" : "failure";
}

function actionOf({ fate, endedAtMs }: JobLife): JobEvent["action"] {
  if (endedAtMs !== undefined) return "completed";
  return fate === "running" ? "in_progress" : "queued";
}

async function* none(): AsyncGenerator<never> {
  // No delivery fails here.
}
