import type { Observation } from "../observe-provider.ts";
import type { PlannedGroup } from "../plan-policies.ts";
import type { JobFact, Truth } from "../truth.ts";

/** isolated: whatever a process asks of a port is about its own environment, region and machines. */
export function judgeReach(
  { truth, judge }: Observation,
  who: string,
  act: string,
  of: {
    readonly environment?: string;
    readonly region?: string;
    readonly shard?: string;
    readonly machineIds?: readonly string[];
  },
): void {
  const { environment = truth.environment, region = truth.region, shard = truth.shard } = of;
  const foreign = of.machineIds?.find((id) => truth.foreign.machines.has(id));
  const problem =
    environment !== truth.environment || region !== truth.region
      ? `${who} asked for ${act} in ${environment}/${region}`
      : shard !== truth.shard
        ? `${who} asked for ${act} of shard ${shard}`
        : foreign !== undefined
          ? `${who} asked for ${act} of ${foreign}, a machine of another environment`
          : undefined;
  judge.check("isolated", `${who} ${act}`, problem);
}

/** Whether a repository is among those that the patterns name: by their names, or by an owner and a star. */
export function covers(patterns: readonly string[], repository: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith("/*") ? repository.startsWith(pattern.slice(0, -1)) : pattern === repository,
  );
}

/** Whether the policies, read plainly, let the repository use the pool. */
export function mayUsePool(truth: Truth, repository: string, poolName: string): boolean {
  const pool = truth.pools.find(({ name }) => name === poolName);
  if (pool === undefined) return false;
  if (pool.repositories !== undefined && !covers(pool.repositories, repository)) return false;
  return truth.catalog.policies.some(
    ({ repositories, allow }) =>
      covers(repositories, repository) &&
      (allow.pools === undefined || allow.pools.includes(poolName)),
  );
}

/** isolated: a job runs on our machines only if its repository may use their pool, and is none of another environment. */
export function judgeUse({ truth, judge }: Observation, job: JobFact): void {
  const { arrival, runnerName } = job;
  const machineId = runnerName === undefined ? undefined : truth.machineOf.get(runnerName);
  if (machineId === undefined || arrival === undefined) return;
  const attemptId = truth.attemptOf.get(machineId);
  const pool = truth.purchases.get(attemptId ?? "")?.attempt.pool;
  const { repository, isForeign } = arrival;
  const isBarred = pool !== undefined && !mayUsePool(truth, repository, pool);
  judge.check(
    "isolated",
    `use ${job.id}`,
    isForeign
      ? `job ${job.id} is of another environment and runs on ${machineId}`
      : isBarred
        ? `job ${job.id} of ${repository} runs on ${machineId} of pool ${pool}, which it may not use`
        : undefined,
  );
}

/** isolated: in the end the other environment has what it had, and nobody spoke for its jobs. */
export async function judgeForeign({ truth, judge }: Observation): Promise<void> {
  const { foreign, provider, region, store, github } = truth;
  const there = await provider.list({ environment: foreign.environment, region });
  for (const id of foreign.machines) {
    const state = there.find((machine) => machine.id === id)?.state ?? "gone";
    judge.check(
      "isolated",
      `machine ${id}`,
      state === "running" ? undefined : `${id} of environment ${foreign.environment} is ${state}`,
    );
  }
  for (const { table, id, version } of foreign.records) {
    const record = await store.get(table, id);
    judge.check(
      "isolated",
      `record ${table}/${id}`,
      record?.version === version
        ? undefined
        : `${table}/${id} of environment ${foreign.environment} was changed`,
    );
  }
  const runners = new Set(github.runners().map(({ name }) => name));
  for (const name of foreign.runners) {
    judge.check(
      "isolated",
      `runner ${name}`,
      runners.has(name)
        ? undefined
        : `runner ${name} of environment ${foreign.environment} was removed`,
    );
  }
  for (const { externalId } of github.checks()) {
    const job = truth.jobs.get(externalId.split(".")[0] ?? "");
    judge.check(
      "isolated",
      `check ${externalId}`,
      job?.arrival?.isForeign
        ? `job ${job.id} is of another environment and was spoken for by this one`
        : undefined,
    );
  }
}

/** Groups as GitHub gets them; answers their ids, by name. */
export function addGroups(
  { github }: Truth,
  groups: readonly PlannedGroup[],
): ReadonlyMap<string, number> {
  const ids = new Map<string, number>();
  for (const { name, repositories } of groups) {
    const group = { owner: "acme", name, visibility: "selected", repositories } as const;
    ids.set(name, github.addRunnerGroup(group));
  }
  return ids;
}
