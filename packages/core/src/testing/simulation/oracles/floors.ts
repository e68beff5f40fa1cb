import type { ObservedMachine } from "../../../ports/machine-provider.ts";
import type { PoolConfig } from "../../../routing/index.ts";
import type { Observation } from "../observe-provider.ts";
import type { Trouble } from "../trouble.ts";
import { poolOf, type Truth } from "../truth.ts";
import { type Calendar, readCalendar, smoothnessReachMs } from "./calendar.ts";

const seconds = 1_000;
const minutes = 60 * seconds;
/** Back-offs after trouble end within it. */
const calmMs = 10 * minutes;
/** Processes take over, and gates open, within it. */
const windowCalmMs = 6 * minutes;
/** No machine of a simulation boots for longer unless something is wrong with it. */
const longestBootMs = 4 * minutes;
/** What was slow or mute as it booted, and the doubt about its kind, is over within it. */
const doubtMs = 20 * minutes;
/** A machine that its pool lacks has to be ordered within this. */
const replaceWithinMs = 3 * minutes;
/** While a limit binds, places that became free are looked for every 5 s: listing and purchase take their time. */
const endKnownWithinMs = 20 * seconds;

/** What the oracle of floors remembers between looks. */
export interface FloorMemory {
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Since when a pool lacks machines although nothing hinders. */
  readonly lackingSinceMs: Map<string, number>;
  /** When a limit last stood in the way of a pool; that of the environment under the empty name too. */
  readonly limitedAtMs: Map<string, number>;
  /** When a machine of a pool was last seen to boot for too long. */
  readonly slowAtMs: Map<string, number>;
}

/** Reads the calendars of all pools for the whole simulation. */
export function createFloorMemory(
  pools: readonly PoolConfig[],
  startMs: number,
  endMs: number,
): FloorMemory {
  const calendars = new Map(
    pools.map(({ name, schedule }) => [
      name,
      readCalendar(schedule, startMs - smoothnessReachMs, endMs + smoothnessReachMs),
    ]),
  );
  return { calendars, lackingSinceMs: new Map(), limitedAtMs: new Map(), slowAtMs: new Map() };
}

/** Machines that count towards limits as far as the controller can know: those that ended just now included. */
function endedJustNow(truth: Truth, nowMs: number): readonly string[] {
  const names: string[] = [];
  for (const [machineId, atMs] of truth.endedAtMs) {
    if (nowMs - atMs > endKnownWithinMs) truth.endedAtMs.delete(machineId);
    else names.push(machineId);
  }
  return names;
}

/** floor-held: targets are met, from what the provider really has. Looked at once a minute, on the minute. */
export function judgeFloors(
  observation: Observation,
  trouble: Trouble,
  machines: readonly ObservedMachine[],
  memory: FloorMemory,
): void {
  const { truth, clock } = observation;
  const nowMs = clock.now();
  const byPool = new Map<string, ObservedMachine[]>();
  for (const machine of machines) {
    const name = poolOf(truth, machine)?.name ?? "";
    const list = byPool.get(name);
    if (list) list.push(machine);
    else byPool.set(name, [machine]);
  }
  const ended = endedJustNow(truth, nowMs).map(
    (id) => truth.purchases.get(truth.attemptOf.get(id) ?? "")?.attempt.pool,
  );
  const most = truth.environmentLimit ?? Number.POSITIVE_INFINITY;
  const isFull = machines.length + ended.length >= most;
  if (isFull) memory.limitedAtMs.set("", nowMs);
  for (const pool of truth.pools) {
    const own = byPool.get(pool.name) ?? [];
    const counted = own.length + ended.filter((name) => name === pool.name).length;
    const isLimited = isFull || counted >= pool.limits.machines;
    if (isLimited) memory.limitedAtMs.set(pool.name, nowMs);
    // Machines that have had a registration are no spares: each serves one job.
    const spares = own.filter(({ id }) => !truth.runnerOf.has(id));
    judgeLack(observation, pool, spares, memory, isLimited || trouble.calmForMs() < calmMs);
    if (spares.some((machine) => isSlow(truth, machine, nowMs)))
      memory.slowAtMs.set(pool.name, nowMs);
    if (trouble.calmForMs() >= windowCalmMs) judgeWindow(observation, pool, spares, memory);
  }
}

/** Whether it is up and has not come to be ready for longer than a boot takes. */
function isSlow(
  truth: Truth,
  { id, state, launchedAtMs }: ObservedMachine,
  nowMs: number,
): boolean {
  if ((state !== "running" && state !== "pending") || truth.readyAtMs.has(id)) return false;
  return nowMs - (truth.startedAtMs.get(id) ?? launchedAtMs) > longestBootMs;
}

function judgeLack(
  { judge, clock }: Observation,
  pool: PoolConfig,
  spares: readonly ObservedMachine[],
  memory: FloorMemory,
  isHindered: boolean,
): void {
  const nowMs = clock.now();
  const { hot, stopped } = memory.calendars.get(pool.name)?.at(nowMs) ?? { hot: 0, stopped: 0 };
  const up = spares.filter(({ state }) => state === "running" || state === "pending").length;
  const isLacking = spares.length < hot + stopped || up < hot;
  if (isHindered || !isLacking) memory.lackingSinceMs.delete(pool.name);
  else if (!memory.lackingSinceMs.has(pool.name)) memory.lackingSinceMs.set(pool.name, nowMs);
  const sinceMs = memory.lackingSinceMs.get(pool.name) ?? nowMs;
  judge.check(
    "floor-held",
    `${pool.name} ${sinceMs}`,
    nowMs - sinceMs > replaceWithinMs
      ? `pool ${pool.name} wants ${hot} hot and ${stopped} stopped and has ${up} spares up of ${spares.length}, for ${(nowMs - sinceMs) / minutes} min`
      : undefined,
  );
}

/** floor-held: in the end of a window's first minute its machines are ready, unless some were claimed in the lead before. */
function judgeWindow(
  { truth, judge, clock }: Observation,
  pool: PoolConfig,
  spares: readonly ObservedMachine[],
  memory: FloorMemory,
): void {
  const nowMs = clock.now();
  const calendar = memory.calendars.get(pool.name);
  if (calendar === undefined) return;
  const openMs = nowMs - minutes;
  const { hot } = calendar.at(openMs);
  const before = calendar.at(openMs - minutes).hot;
  if (hot <= before || calendar.at(nowMs).hot < hot) return;
  if (nowMs - (memory.slowAtMs.get(pool.name) ?? Number.NEGATIVE_INFINITY) < doubtMs) return;
  // A spare that is claimed is replaced at once: a boot later there is another.
  const leadMs = pool.leadMs === "auto" ? longestBootMs : (pool.leadMs ?? 0);
  const sinceMs = openMs - leadMs - minutes;
  if ((memory.limitedAtMs.get(pool.name) ?? 0) >= sinceMs) return;
  if ((truth.claimedAtMs.get(pool.name) ?? 0) >= sinceMs) return;
  const ready = spares.filter(({ id, state }) => state === "running" && truth.readyAtMs.has(id));
  judge.check(
    "floor-held",
    `window ${pool.name} ${openMs}`,
    ready.length < hot
      ? `pool ${pool.name} has ${ready.length} ready machines at the end of the first minute of a window of ${hot}`
      : undefined,
  );
}
