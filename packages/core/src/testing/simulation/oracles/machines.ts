import { type Compiled, compileSchedule, evaluate } from "@runs-fleet/scheduling";
import { defaultTimings, listingLagMs } from "../../../fleet/timings.ts";
import type { ObservedMachine } from "../../../ports/machine-provider.ts";
import type { PoolConfig } from "../../../routing/index.ts";
import { judgeBounds, type Observation } from "../observe-provider.ts";
import type { Trouble } from "../trouble.ts";
import { busyRunners, machinesOf, poolOf } from "../truth.ts";

const minutes = 60_000;
/** A deadline is acted on in the next pass, and a termination that failed is repeated. */
const deadlineGraceMs = 15 * minutes;
/** Back-offs after trouble end within it. */
const calmMs = 10 * minutes;
/** Idle timeouts, dwells and down ramps of simulated pools end within it. */
const shedWithinMs = 45 * minutes;
/** A machine that its pool lacks has to be ordered within this. */
const replaceWithinMs = 3 * minutes;

/** A machine that ended counts towards limits until the next listing tells, and the look after it. */
const endKnownWithinMs = defaultTimings.reconcileMs + minutes;

/** What the oracles of machines remember between looks. */
export interface MachineMemory {
  /** When each machine was last seen, with its pool's name. */
  readonly lastSeen: Map<string, { readonly atMs: number; readonly pool: string | undefined }>;
  /** Since when a pool lacks machines although nothing hinders. */
  readonly lackingSinceMs: Map<string, number>;
  readonly schedules: WeakMap<PoolConfig, Compiled>;
}

/** Nothing seen yet. */
export function createMachineMemory(): MachineMemory {
  return { lastSeen: new Map(), lackingSinceMs: new Map(), schedules: new WeakMap() };
}

/** bounded, no-leak and floor-held, from what the provider really has. */
export async function judgeMachines(
  observation: Observation,
  trouble: Trouble,
  memory: MachineMemory,
): Promise<void> {
  const machines = await machinesOf(observation.truth);
  judgeBounds(observation, machines);
  await judgeLeaks(observation, trouble, machines);
  judgeFloors(observation, trouble, machines, memory);
}

async function judgeLeaks(
  { truth, judge, clock }: Observation,
  trouble: Trouble,
  machines: readonly ObservedMachine[],
): Promise<void> {
  const nowMs = clock.now();
  for (const machine of machines) {
    // What is switched off does not age.
    const deadlineMs = machine.state === "stopped" ? undefined : truth.deadlineOf.get(machine.id);
    const overdueMs = nowMs - (deadlineMs ?? Number.POSITIVE_INFINITY);
    judge.check(
      "no-leak",
      `deadline ${machine.id}`,
      overdueMs > deadlineGraceMs
        ? `${machine.id} is ${Math.round(overdueMs / minutes)} min past its hard deadline`
        : undefined,
    );
    const unseenMs = Math.min(nowMs - machine.launchedAtMs, trouble.calmForMs());
    if (unseenMs < listingLagMs + calmMs) continue;
    const record = await truth.store.get("machines", machine.id);
    judge.check(
      "no-leak",
      `owner ${machine.id}`,
      record?.open ? undefined : `${machine.id} exists and no open record owns it`,
    );
  }
}

function scheduleOf(pool: PoolConfig, memory: MachineMemory): Compiled {
  const known = memory.schedules.get(pool) ?? compileSchedule(pool.schedule);
  memory.schedules.set(pool, known);
  return known;
}

/** Machines that have had a registration are no spares: each serves one job. */
function judgeFloors(
  { truth, judge, clock }: Observation,
  trouble: Trouble,
  machines: readonly ObservedMachine[],
  memory: MachineMemory,
): void {
  const nowMs = clock.now();
  for (const machine of machines) {
    memory.lastSeen.set(machine.id, { atMs: nowMs, pool: poolOf(truth, machine)?.name });
  }
  for (const [id, { atMs }] of memory.lastSeen) {
    if (nowMs - atMs > endKnownWithinMs) memory.lastSeen.delete(id);
  }
  const counted = [...memory.lastSeen.values()];
  const most = truth.catalog.environments[0]?.machines ?? Number.POSITIVE_INFINITY;
  for (const pool of truth.catalog.pools) {
    const own = machines.filter((machine) => poolOf(truth, machine)?.name === pool.name);
    const spares = own.filter(({ id }) => !truth.runnerOf.has(id));
    const { hot, stopped } = evaluate(scheduleOf(pool, memory), nowMs);
    // Its limit or the environment's stands in the way, or something is wrong or was just now.
    const isHindered =
      trouble.calmForMs() < calmMs ||
      counted.filter(({ pool: name }) => name === pool.name).length >= pool.limits.machines ||
      counted.length >= most;
    const isLacking = spares.length < hot + stopped;
    if (isHindered || !isLacking) memory.lackingSinceMs.delete(pool.name);
    else if (!memory.lackingSinceMs.has(pool.name)) memory.lackingSinceMs.set(pool.name, nowMs);
    const sinceMs = memory.lackingSinceMs.get(pool.name) ?? nowMs;
    judge.check(
      "floor-held",
      `${pool.name} ${sinceMs}`,
      nowMs - sinceMs > replaceWithinMs
        ? `pool ${pool.name} wants ${hot} hot and ${stopped} stopped and has ${spares.length} spares, for ${(nowMs - sinceMs) / minutes} min`
        : undefined,
    );
  }
}

/** The most that a pool wanted lately: surplus goes after idle timeouts and down ramps, and rises are prepared. */
function lateTarget(pool: PoolConfig, memory: MachineMemory, nowMs: number): number {
  let most = 0;
  for (let atMs = nowMs - shedWithinMs; atMs <= nowMs + 5 * minutes; atMs += minutes) {
    const { hot, stopped } = evaluate(scheduleOf(pool, memory), atMs);
    most = Math.max(most, hot + stopped);
  }
  return most + (pool.limits.maxSurge ?? 1);
}

/** no-leak: when all jobs are over and nothing is wrong, only the pools' machines are left. */
export async function judgeRest(observation: Observation, memory: MachineMemory): Promise<void> {
  const { truth, judge, clock } = observation;
  const machines = await machinesOf(truth);
  for (const pool of truth.catalog.pools) {
    const own = machines.filter((machine) => poolOf(truth, machine) === pool).length;
    const most = lateTarget(pool, memory, clock.now());
    judge.check(
      "no-leak",
      `rest ${pool.name}`,
      own > most
        ? `pool ${pool.name} has ${own} machines, and lately wanted ${most} at most`
        : undefined,
    );
  }
  const busy = busyRunners(truth);
  for (const machine of machines) {
    const pool = poolOf(truth, machine);
    judge.check(
      "no-leak",
      `rest ${machine.id}`,
      pool === undefined || truth.runnerOf.has(machine.id)
        ? `${machine.id} (${pool?.name ?? "no pool"}, ${truth.runnerOf.get(machine.id) ?? "never registered"}) is left over`
        : undefined,
    );
  }
  for await (const { table, id } of truth.store.load(truth.shard)) {
    if (table !== "attempts" && table !== "assignments") continue;
    judge.check("no-leak", `rest ${table}/${id}`, `${table}/${id} is open although all is over`);
  }
  for (const { name } of truth.github.runners()) {
    if (truth.strangers.has(name)) continue;
    const busyWord = busy.has(name) ? ", busy" : "";
    judge.check("no-leak", `rest runner ${name}`, `runner ${name}${busyWord} is left at GitHub`);
  }
}
