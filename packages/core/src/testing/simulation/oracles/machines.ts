import * as v from "valibot";
import { listingLagMs } from "../../../fleet/timings.ts";
import type { Json } from "../../../ports/json.ts";
import type { ObservedMachine } from "../../../ports/machine-provider.ts";
import type { PoolConfig } from "../../../routing/index.ts";
import { judgeBounds, type Observation } from "../observe-provider.ts";
import type { Trouble } from "../trouble.ts";
import { busyRunners, machinesOf, poolOf } from "../truth.ts";
import { type FloorMemory, judgeFloors } from "./floors.ts";

const minutes = 60_000;
/** A deadline is acted on in the next pass, and a termination that failed is repeated. */
const deadlineGraceMs = 15 * minutes;
/** Back-offs after trouble end within it. */
const calmMs = 10 * minutes;
/** Holds, idle timeouts, dwells and down ramps of simulated pools end within it. */
const shedWithinMs = 70 * minutes;
/** Rises are prepared this long before. */
const preparedMs = 15 * minutes;
/** A purchase is answered and on record within it when nothing is wrong. */
const purchasedWithinMs = 30_000;
const attemptSchema = v.object({ openedAtMs: v.number(), reason: v.string() });

/** bounded, no-leak and floor-held, from what the provider really has. */
export async function judgeMachines(
  observation: Observation,
  trouble: Trouble,
  memory: FloorMemory,
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

/** The most that a pool wanted lately: surplus goes after idle timeouts and down ramps, and rises are prepared. */
function lateTarget(pool: PoolConfig, memory: FloorMemory, nowMs: number): number {
  const calendar = memory.calendars.get(pool.name);
  let most = 0;
  for (let atMs = nowMs - shedWithinMs; atMs <= nowMs + preparedMs; atMs += minutes) {
    const { hot, stopped } = calendar?.at(atMs) ?? { hot: 0, stopped: 0 };
    most = Math.max(most, hot + stopped);
  }
  return most + (pool.limits.maxSurge ?? 1);
}

/** Whether it is a purchase for a tier of a pool that was begun just now: pools go on, their calendars turn at any minute. */
function isPurchaseForPool(value: Json, nowMs: number): boolean {
  const read = v.safeParse(attemptSchema, value);
  if (!read.success || read.output.reason === "demand") return false;
  return nowMs - read.output.openedAtMs < purchasedWithinMs;
}

/** no-leak: when all jobs are over and nothing is wrong, only the pools' machines are left. */
export async function judgeRest(observation: Observation, memory: FloorMemory): Promise<void> {
  const { truth, judge, clock } = observation;
  const machines = await machinesOf(truth);
  for (const pool of truth.pools) {
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
  for await (const { table, id, value } of truth.store.load(truth.shard)) {
    if (table !== "attempts" && table !== "assignments") continue;
    if (table === "attempts" && isPurchaseForPool(value, clock.now())) continue;
    judge.check("no-leak", `rest ${table}/${id}`, `${table}/${id} is open although all is over`);
  }
  for (const { name } of truth.github.runners()) {
    if (truth.strangers.has(name) || truth.foreign.runners.has(name)) continue;
    const busyWord = busy.has(name) ? ", busy" : "";
    judge.check("no-leak", `rest runner ${name}`, `runner ${name}${busyWord} is left at GitHub`);
  }
}
