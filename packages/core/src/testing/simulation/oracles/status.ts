import type { FleetStatus } from "../../../fleet/status.ts";
import type { Orchestrator } from "../../../orchestrator-port.ts";
import type { Catalog, PoolConfig } from "../../../routing/index.ts";
import type { Observation } from "../observe-provider.ts";
import { targetBy } from "./calendar.ts";
import type { FloorMemory } from "./floors.ts";

const minutes = 60_000;
const explainedWithinMs = 3 * minutes;
/** Leads that pools learn lie between these: nothing is known of faster or slower boots. */
const learntLeadMs = { least: 0, most: 13 * minutes } as const;
/** A code is words of small letters. */
const codeShape = /^[a-z]+(-[a-z]+)*$/;

/** What these oracles remember between looks. */
export interface StatusMemory {
  /** Names of what was unexplained at the last look: it may have been about to move. */
  readonly unexplained: Set<string>;
  /** What pools wanted that lacked machines at the last look, and did not say why. */
  readonly shortOf: Map<string, number>;
}

/** Nothing seen yet. */
export function createStatusMemory(): StatusMemory {
  return { unexplained: new Set(), shortOf: new Map() };
}

/** exact-schedule: what a process takes for the target of a pool is what its local calendar says, read minute by minute. */
function judgeTargets(
  { truth, judge }: Observation,
  { calendars }: FloorMemory,
  catalog: Pick<Catalog, "pools">,
  pools: FleetStatus["pools"],
  atMs: number,
): void {
  for (const pool of catalog.pools) {
    if (pool.environment !== truth.environment) continue;
    const calendar = calendars.get(pool.name);
    const told = pools.find(({ name }) => name === pool.name)?.target;
    if (calendar === undefined) continue;
    const by = (leadMs: number) => targetBy(calendar, smoothnessOf(pool, leadMs), atMs);
    const isLearnt = pool.leadMs === "auto";
    const least = by(pool.leadMs === "auto" ? learntLeadMs.least : (pool.leadMs ?? 0));
    const most = isLearnt ? by(learntLeadMs.most) : least;
    const fits =
      told !== undefined &&
      (["hot", "stopped"] as const).every(
        (field) => told[field] >= least[field] && told[field] <= most[field],
      );
    const wanted = (field: "hot" | "stopped") =>
      least[field] === most[field] ? `${least[field]}` : `${least[field]} to ${most[field]}`;
    judge.check(
      "exact-schedule",
      `${pool.name} ${atMs}`,
      fits
        ? undefined
        : `pool ${pool.name} has a target of ${told?.hot} hot and ${told?.stopped} stopped, its calendar says ${wanted("hot")} and ${wanted("stopped")}`,
    );
  }
}

function smoothnessOf({ holdMs = 0, rampUp, rampDown }: PoolConfig, leadMs: number) {
  return { leadMs, holdMs, rampUp, rampDown };
}

/** last-good: a configuration that is not sound is in force nowhere. */
function judgeConfiguration(
  { judge }: Observation,
  who: string,
  version: string,
  catalog: Catalog | undefined,
): void {
  judge.check(
    "last-good",
    `${who} ${version}`,
    catalog === undefined
      ? `${who} goes by the configuration ${version}, which is not sound`
      : undefined,
  );
}

/** explained: a pool that lacks machines says why, unless it has just begun to lack them. */
function judgeShortage(
  { judge }: Observation,
  memory: StatusMemory,
  pools: FleetStatus["pools"],
): void {
  for (const { name, target, ready, booting, buying, cause } of pools) {
    const isSilent = cause === undefined && ready.hot + booting + buying < target.hot;
    // A climb looked at twice in the very moment of a step lacks another machine each time.
    const was = memory.shortOf.get(name) === target.hot;
    if (isSilent) memory.shortOf.set(name, target.hot);
    else memory.shortOf.delete(name);
    judge.check(
      "explained",
      `short ${name}`,
      isSilent && was
        ? `pool ${name} has ${ready.hot} of ${target.hot} hot machines, none on the way, and no cause is told`
        : undefined,
    );
  }
}

/** explained: a job that waits is told why, by a code and for now; a machine that is said to come is on its way. */
async function judgeJobs(
  { judge, clock }: Observation,
  memory: StatusMemory,
  orchestrator: Orchestrator,
  status: FleetStatus,
): Promise<void> {
  for (const { id, state, cause, queuedAtMs, pool: poolName } of status.jobs) {
    if (state === "failed") {
      judge.check(
        "explained",
        `failed ${id}`,
        codeShape.test(cause?.code ?? "") ? undefined : `job ${id} has failed without a cause`,
      );
      continue;
    }
    if (state !== "queued" || clock.now() - queuedAtMs <= explainedWithinMs) continue;
    const told = await orchestrator.explain({ jobId: id });
    const now = told.find(({ current }) => current);
    if (now === undefined) {
      // It may have begun between the two questions.
      const later = (await orchestrator.status()).jobs.find((job) => job.id === id);
      if (later?.state !== "queued") continue;
    }
    const pool = status.pools.find(({ name }) => name === poolName);
    const isEmpty =
      now?.code === "machine-coming" && pool !== undefined && pool.booting + pool.buying === 0;
    const key = `empty ${id}`;
    const was = memory.unexplained.delete(key);
    if (isEmpty) memory.unexplained.add(key);
    judge.check(
      "explained",
      `queued ${id}`,
      now === undefined || !codeShape.test(now.code)
        ? `job ${id} waits and nothing says why`
        : isEmpty && was
          ? `job ${id} is told that a machine comes, and none does`
          : undefined,
    );
  }
}

/** What a process says of itself. */
export interface Asked {
  readonly name: string;
  readonly orchestrator: Orchestrator;
}

/**
 * Asks every process that can answer for its status, and judges it, whatever goes wrong: one that is frozen or about to
 * die answers nobody.
 */
export async function judgeStatus(
  observation: Observation,
  memory: StatusMemory,
  floors: FloorMemory,
  processes: readonly Asked[],
  catalogOf: (version: string) => Catalog | undefined,
): Promise<void> {
  const minuteMs = Math.floor(observation.clock.now() / minutes) * minutes;
  await Promise.all(
    processes.map(async ({ name, orchestrator }) => {
      // What it wants is computed as it is asked; the answer may take its time.
      const status = await orchestrator.status();
      const catalog = catalogOf(status.catalogVersion);
      judgeConfiguration(observation, name, status.catalogVersion, catalog);
      if (catalog) judgeTargets(observation, floors, catalog, status.pools, minuteMs);
      if (status.role !== "controller") return;
      judgeShortage(observation, memory, status.pools);
      await judgeJobs(observation, memory, orchestrator, status);
    }),
  );
}
