import { deadlineSlackMs, defaultTimings } from "../../fleet/timings.ts";
import type {
  LaunchAttempt,
  MachineProvider,
  ObservedMachine,
} from "../../ports/machine-provider.ts";
import type { StateStore } from "../../ports/state-store.ts";
import type { Catalog, PoolConfig } from "../../routing/index.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import type { FakeGitHub } from "../github/index.ts";
import type { AssignmentBoard } from "../machines/index.ts";
import { type Foreign, noForeign } from "./foreign.ts";
import type { PlannedFile } from "./plan-gradual.ts";
import type { Arrival } from "./plan-scenario.ts";
import type { Trace } from "./trace.ts";

/** A job at GitHub, as its events told. */
export interface JobFact {
  readonly id: string;
  readonly arrival: Arrival | undefined;
  readonly queuedAtMs: number;
  startedAtMs?: number;
  completedAtMs?: number;
  conclusion?: string;
  runnerName?: string;
  /** Attempt of its run; absent: 1. */
  readonly attempt?: number;
  /** Id of its first attempt; absent: its own. */
  readonly originId?: string;
  /** When people cancelled it. */
  cancelledAtMs?: number;
}

/** A purchase as it reached the provider. */
export interface PurchaseFact {
  readonly attempt: LaunchAttempt;
  readonly machineIds: Set<string>;
}

/** What is the case, whatever the controller thinks. */
export interface Truth {
  readonly environment: string;
  readonly region: string;
  readonly shard: string;
  readonly catalog: Catalog;
  /** Pools of the environment. */
  readonly pools: readonly PoolConfig[];
  /** Most machines of the environment. */
  readonly environmentLimit: number | undefined;
  /** What is another environment's. */
  foreign: Foreign;
  readonly github: FakeGitHub;
  readonly board: AssignmentBoard;
  readonly store: StateStore;
  /** The provider itself, without trouble. */
  readonly provider: MachineProvider;
  readonly jobs: Map<string, JobFact>;
  /** Ids of jobs that have not ended. */
  readonly openJobs: Set<string>;
  readonly purchases: Map<string, PurchaseFact>;
  /** The purchase that brought each machine. */
  readonly attemptOf: Map<string, string>;
  /** When machines reported that they are ready, since they were last started. */
  readonly readyAtMs: Map<string, number>;
  /** When machines were last started that had been stopped. */
  readonly startedAtMs: Map<string, number>;
  /** When machines ended, the latest ones alone. */
  readonly endedAtMs: Map<string, number>;
  /** When a machine of each pool was last given an assignment. */
  readonly claimedAtMs: Map<string, number>;
  /** When each machine has to be gone: counted anew from its start and from its claim. */
  readonly deadlineOf: Map<string, number>;
  /** Newest runner of each machine. */
  readonly runnerOf: Map<string, string>;
  readonly machineOf: Map<string, string>;
  /** Runners that GitHub ever registered, by their ids: their names, and when. */
  readonly registrations: Map<string, { readonly name: string; readonly atMs: number }>;
  /** Machines that a fault ended. */
  readonly killed: Set<string>;
  /** Since when machines are dead that their provider took away. */
  readonly takenAtMs: Map<string, number>;
  /** Machines whose end was announced, rightly or not. */
  readonly announced: Set<string>;
  /** Since when the fleet knows that a machine on its books ends or has ended: it acknowledged a notice, or saw a listing. */
  readonly knownAtMs: Map<string, number>;
  /** First attempts of jobs that people asked GitHub to run again. */
  readonly askedByPeople: Set<string>;
  /** Jobs that GitHub refused to run again, for no reason of theirs. */
  readonly refusedReruns: Set<string>;
  /** The machine on which the fleet's books had each job when it ended. */
  readonly bookedOn: Map<string, string>;
  /** Repositories whose jobs are only observed. */
  readonly observed: ReadonlySet<string>;
  /** Jobs of these. */
  readonly observedJobs: Set<string>;
  /** A release is out that claims them: who serves them depends on who hears of them. */
  isWidened: boolean;
  /** Fewest jobs at once that repositories ever allow themselves. */
  readonly leastJobs: ReadonlyMap<string, number>;
  /** Repositories that now and then want none of their jobs run again. */
  readonly withoutReruns: ReadonlySet<string>;
  /** Names of runners that are not the fleet's. */
  readonly strangers: Set<string>;
  /** When a machine was last bought, started, stopped or ended, or a job changed, epoch milliseconds. */
  movedAtMs: number;
  /** When the runner service was last down. */
  runnersDownAtMs: number;
}

/** What the files of repositories say at their narrowest. */
function leastOf(files: readonly PlannedFile[]): Pick<Truth, "leastJobs" | "withoutReruns"> {
  const leastJobs = new Map<string, number>();
  const withoutReruns = new Set<string>();
  for (const { repository, says } of files) {
    if (says === "broken" || says === "gone") continue;
    const { maxJobs, maxReruns } = says;
    const known = leastJobs.get(repository) ?? Number.POSITIVE_INFINITY;
    if (maxJobs !== undefined) leastJobs.set(repository, Math.min(maxJobs, known));
    if (maxReruns === 0) withoutReruns.add(repository);
  }
  return { leastJobs, withoutReruns };
}

/** Nothing has happened yet. */
export function createTruth(
  of: Pick<
    Truth,
    "environment" | "region" | "catalog" | "github" | "board" | "store" | "provider"
  > & {
    readonly startMs: number;
    readonly observed?: readonly string[];
    readonly files?: readonly PlannedFile[];
  },
): Truth {
  const { startMs, observed = [], files = [], ...given } = of;
  const { environment, region, catalog } = given;
  return {
    ...given,
    shard: `${environment}/${region}`,
    pools: catalog.pools.filter((pool) => pool.environment === environment),
    environmentLimit: catalog.environments.find(({ name }) => name === environment)?.machines,
    foreign: noForeign("prod"),
    jobs: new Map(),
    openJobs: new Set(),
    purchases: new Map(),
    attemptOf: new Map(),
    readyAtMs: new Map(),
    startedAtMs: new Map(),
    endedAtMs: new Map(),
    claimedAtMs: new Map(),
    deadlineOf: new Map(),
    runnerOf: new Map(),
    machineOf: new Map(),
    registrations: new Map(),
    killed: new Set(),
    takenAtMs: new Map(),
    announced: new Set(),
    knownAtMs: new Map(),
    askedByPeople: new Set(),
    refusedReruns: new Set(),
    bookedOn: new Map(),
    observed: new Set(observed),
    observedJobs: new Set(),
    isWidened: false,
    ...leastOf(files),
    strangers: new Set(),
    movedAtMs: startMs,
    runnersDownAtMs: Number.NEGATIVE_INFINITY,
  };
}

const { bootDeadlineMs, maxRuntimeMs } = defaultTimings;

/** Notes that the machine's life is counted from now on. */
export function renewDeadline(truth: Truth, machineId: string, nowMs: number): void {
  truth.deadlineOf.set(machineId, nowMs + bootDeadlineMs + maxRuntimeMs + deadlineSlackMs);
}

/** Machines that exist: neither terminated nor about to be. */
export async function machinesOf(truth: Truth): Promise<readonly ObservedMachine[]> {
  const { provider, environment, region } = truth;
  const listed = await provider.list({ environment, region });
  return listed.filter(({ state }) => state !== "terminated" && state !== "shutting-down");
}

/** The pool that a machine was bought for. */
export function poolOf(truth: Truth, machine: ObservedMachine): PoolConfig | undefined {
  const pool = truth.purchases.get(machine.attemptId ?? "")?.attempt.pool;
  return truth.pools.find(({ name }) => name === pool);
}

/** Names of runners that have a job at GitHub. */
export function busyRunners(truth: Truth): ReadonlySet<string> {
  return new Set(
    truth.github
      .runners()
      .filter(({ busy }) => busy)
      .map(({ name }) => name),
  );
}

/** The fleet was told that a machine ends: from now on, unless it knew before. */
export function noteKnown(truth: Truth, machineId: string, nowMs: number): void {
  if (!truth.knownAtMs.has(machineId)) truth.knownAtMs.set(machineId, nowMs);
}

/** Takes in what a machine says of itself. */
export function noteReport(truth: Truth, trace: Trace, report: AgentEvent): void {
  const { machineId, kind, atMs } = report;
  trace.add(machineId, kind);
  if (kind === "ready") truth.readyAtMs.set(machineId, atMs);
  // It switches itself off.
  if (kind === "finished") truth.endedAtMs.set(machineId, atMs);
}
