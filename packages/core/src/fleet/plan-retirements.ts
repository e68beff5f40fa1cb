import type { PoolTarget } from "../pools/pool-target.ts";
import type { FleetContext } from "./context.ts";
import type { FleetView } from "./fleet-view.ts";
import type { MachineRecord } from "./records.ts";
import { guardEndsMs, guardOf } from "./retirement-guard.ts";
import { drainRemovedPool, type Retirement, shedPool } from "./shed-pool.ts";

/** What to shed now, and when to look again. */
export interface RetirementPlan {
  readonly retirements: readonly Retirement[];
  readonly nextWakeAtMs: number;
}

/**
 * Sheds what nobody wants: machines without a pool that no job fits, and of each pool what is above its target, outdated
 * or worn.
 *
 * @param spokenFor - Ready machines that wait for GitHub together with a job.
 */
export function planRetirements(
  view: FleetView,
  targets: readonly PoolTarget[],
  context: FleetContext,
  spokenFor: ReadonlySet<string> = new Set(),
): RetirementPlan {
  const retirements: Retirement[] = [];
  let nextWakeAtMs = Number.POSITIVE_INFINITY;
  const wake = (atMs: number): void => {
    if (atMs > context.nowMs) nextWakeAtMs = Math.min(nextWakeAtMs, atMs);
  };
  const isIdle = ({ id, state, jobKey }: MachineRecord): boolean =>
    state === "ready" && jobKey === undefined && !spokenFor.has(id);
  const sheddable: ReadonlySet<string> = new Set(["ready", "stopped", "stopping"]);
  const pools = new Map<
    string,
    { idle: MachineRecord[]; stopped: MachineRecord[]; stopping: number }
  >();
  for (const machine of view.machines.values()) {
    if (!sheddable.has(machine.state)) continue;
    if (machine.announcedEndMs !== undefined && isIdle(machine)) {
      // It goes anyway, and for as long as it stands there nobody is bought in its place.
      const message = "It is about to be taken away";
      retirements.push({ machine, action: "terminate", code: "interrupted", message });
      continue;
    }
    if (machine.pool !== undefined) {
      const pool = pools.get(machine.pool) ?? { idle: [], stopped: [], stopping: 0 };
      pools.set(machine.pool, pool);
      if (machine.state === "stopped") pool.stopped.push(machine);
      else if (machine.state === "stopping") pool.stopping += 1;
      else if (isIdle(machine)) pool.idle.push(machine);
      continue;
    }
    if (!isIdle(machine)) continue;
    if (guardOf(machine, "terminate", context)) {
      wake(guardEndsMs(machine, context));
      continue;
    }
    const message = "No job waits that it fits";
    retirements.push({ machine, action: "terminate", code: "idle", message });
  }
  const targetOf = new Map(targets.map((target) => [target.pool.name, target]));
  for (const [name, stock] of pools) {
    const target = targetOf.get(name);
    if (target?.problem !== undefined) continue;
    retirements.push(
      ...(target ? shedPool(target, stock, context, wake) : drainRemovedPool(stock, context, wake)),
    );
  }
  return { retirements, nextWakeAtMs };
}
