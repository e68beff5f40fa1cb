import type { PoolTarget } from "../pools/pool-target.ts";
import type { FleetContext } from "./context.ts";
import type { FleetView } from "./fleet-view.ts";
import type { MachineRecord } from "./records.ts";
import { workStates } from "./transitions.ts";

/** A machine that works and must be done by a moment, because its pool's target has fallen. */
export interface Drain {
  readonly machine: MachineRecord;
  /** Epoch milliseconds. */
  readonly untilMs: number;
  readonly message: string;
}

/** Those that began first have had the most time; the id decides between equals. */
function byStart(left: MachineRecord, right: MachineRecord): number {
  return left.sinceMs - right.sinceMs || (left.id < right.id ? -1 : 1);
}

/**
 * When the hot target of a pool with a drain deadline falls by some machines, as many are surplus: those that are idle or
 * boot are so first, and only for the rest machines with work get a time by which they must be done.
 *
 * @param before - What each pool wanted when this was planned last; a pool that is new here has not fallen.
 */
export function planDrains(
  view: Pick<FleetView, "machines">,
  before: ReadonlyMap<string, number>,
  targets: readonly PoolTarget[],
  { nowMs }: Pick<FleetContext, "nowMs">,
): readonly Drain[] {
  const fallen = targets.filter(
    ({ pool, hot }) => pool.drainDeadlineMs !== undefined && hot < (before.get(pool.name) ?? hot),
  );
  if (fallen.length === 0) return [];
  const machines = new Map<string, MachineRecord[]>(fallen.map(({ pool }) => [pool.name, []]));
  for (const machine of view.machines.values()) {
    if (machine.pool !== undefined) machines.get(machine.pool)?.push(machine);
  }
  return fallen.flatMap(({ pool, hot }) => {
    const mine = machines.get(pool.name) ?? [];
    const wanted = before.get(pool.name) ?? hot;
    const drainMs = pool.drainDeadlineMs ?? 0;
    const untilMs = nowMs + drainMs;
    const free = mine.filter(({ state }) => state === "ready" || state === "booting").length;
    const surplus = wanted - hot - Math.max(0, free - hot);
    const message = `Pool ${pool.name} falls from ${wanted} to ${hot}: work may go on for ${Math.round(drainMs / 1_000)} s`;
    return mine
      .filter(({ state, hardDeadlineMs }) => workStates.has(state) && hardDeadlineMs > untilMs)
      .sort(byStart)
      .slice(0, Math.max(0, surplus))
      .map((machine) => ({ machine, untilMs, message }));
  });
}
