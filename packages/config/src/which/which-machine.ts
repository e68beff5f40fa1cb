import type { Catalog, Policy, PoolConfig, RoutedJob, Visibility } from "@runs-fleet/core";
import { compileSchedule, evaluate } from "@runs-fleet/scheduling";
import type { FleetConfig } from "../parse-config.ts";
import { type Judgement, judgeLabels } from "./judge-labels.ts";

/** What a pool wants at a moment, before limits and smoothing. */
export interface PoolNumbers {
  readonly hot: number;
  readonly stopped: number;
  /** The entry of the schedule that says so. Absent: its default. */
  readonly entry?: string;
  /** Until when, epoch milliseconds. Absent: nothing changes as far as is looked. */
  readonly untilMs?: number;
  /** Most machines at once. */
  readonly machines: number;
}

/** What a job with some labels would get. */
export type Which = Judgement & {
  /** Of the pool that serves it. */
  readonly numbers?: PoolNumbers;
  /** The repositories that the pool itself is for, when it names some. */
  readonly poolRepositories?: readonly string[];
};

/** The answer for a repository that one policy covers. */
export interface WhichByPolicy {
  readonly policy: string;
  /** Globs of the repositories that it covers. */
  readonly repositories: readonly string[];
  /** The visibility for which this is the answer: private, where the policy allows that. */
  readonly visibility: Visibility;
  readonly which: Which;
}

/**
 * What a job of a repository would get, and why.
 *
 * @param atMs - The moment whose numbers are told of a pool, epoch milliseconds.
 */
export function whichMachine(
  config: FleetConfig,
  labels: readonly string[],
  job: RoutedJob,
  atMs: number,
): Which {
  const judgement = judgeLabels(config, labels, job);
  if (judgement.kind !== "served") return judgement;
  const pool = config.catalog.pools.find(({ name }) => name === judgement.placement.pool);
  if (pool === undefined) return judgement;
  return {
    ...judgement,
    numbers: numbersOf(pool, atMs),
    ...(pool.repositories === undefined ? {} : { poolRepositories: pool.repositories }),
  };
}

/**
 * What a job would get in a repository that a policy covers, for each policy by itself: nothing is said of the repository, so
 * none of them can be left out.
 */
export function whichByPolicy(
  config: FleetConfig,
  labels: readonly string[],
  atMs: number,
): readonly WhichByPolicy[] {
  const { catalog } = config;
  return catalog.policies.map((policy) => {
    const { name, repositories } = policy;
    const job = coveredJob(policy);
    // The repositories of a pool are told, not asked for.
    const pools = catalog.pools.map(({ repositories: _, ...pool }) => pool);
    const { rollout: _, ...rest } = catalog;
    const alone: Catalog = { ...rest, pools, policies: [{ ...policy, repositories: ["*"] }] };
    const which = whichMachine({ ...config, catalog: alone }, labels, job, atMs);
    const pool = which.kind === "served" ? which.placement.pool : undefined;
    const own = catalog.pools.find((each) => each.name === pool)?.repositories;
    return {
      policy: name,
      repositories,
      visibility: job.visibility,
      which: own === undefined ? which : { ...which, poolRepositories: own },
    };
  });
}

/** A job of some repository that a policy covers; messages name the repository by the policy's first glob. */
function coveredJob({ repositories, visibility = ["private"], properties }: Policy): RoutedJob {
  const [first = "private"] = visibility;
  return {
    repository: repositories[0] ?? "*",
    visibility: visibility.includes("private") ? "private" : first,
    fork: false,
    ...(properties === undefined ? {} : { properties }),
  };
}

function numbersOf({ schedule, limits }: PoolConfig, atMs: number): PoolNumbers {
  const { hot, stopped, entry, untilMs } = evaluate(compileSchedule(schedule), atMs);
  return {
    hot,
    stopped,
    machines: limits.machines,
    ...(entry === undefined ? {} : { entry }),
    ...(untilMs === undefined ? {} : { untilMs }),
  };
}
