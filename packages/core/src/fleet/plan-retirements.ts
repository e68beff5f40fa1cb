import { decideIdle } from "@runs-fleet/scheduling";
import { compiledSchedule } from "../pools/pool-target.ts";
import type { FleetContext } from "./context.ts";
import type { FleetView } from "./fleet-view.ts";
import type { PoolTarget } from "./plan-launches.ts";
import type { MachineRecord } from "./records.ts";
import { guardEndsMs, guardOf } from "./retirement-guard.ts";

/** A machine to be shed. */
export interface Retirement {
  readonly machine: MachineRecord;
  readonly action: "stop" | "terminate";
  readonly code: string;
  readonly message: string;
}

/** What to shed now, and when to look again. */
export interface RetirementPlan {
  readonly retirements: readonly Retirement[];
  readonly nextWakeAtMs: number;
}

/** A pool without an idle timeout of its own keeps an idle surplus machine this long, milliseconds. */
const defaultIdleTimeoutMs = 10 * 60_000;

/** Any order will do, as long as it is not that of the input. */
function inOrder(left: MachineRecord, right: MachineRecord): number {
  return left.id < right.id ? -1 : 1;
}

/**
 * Sheds what nobody wants: machines without a pool that no job fits, and what a pool has above its target.
 *
 * @param spokenFor - Ready machines that wait for GitHub together with a job.
 */
export function planRetirements(
  view: FleetView,
  targets: readonly PoolTarget[],
  context: FleetContext,
  spokenFor: ReadonlySet<string> = new Set(),
): RetirementPlan {
  const isSurplusCandidate = ({ id, state, jobKey }: MachineRecord): boolean =>
    state === "ready" && jobKey === undefined && !spokenFor.has(id);
  const retirements: Retirement[] = [];
  let nextWakeAtMs = Number.POSITIVE_INFINITY;
  const wake = (atMs: number): void => {
    if (atMs > context.nowMs) nextWakeAtMs = Math.min(nextWakeAtMs, atMs);
  };
  const pools = new Map<
    string,
    { idle: MachineRecord[]; stopped: MachineRecord[]; stopping: number }
  >();
  for (const machine of view.machines.values()) {
    if (machine.pool === undefined) {
      if (!isSurplusCandidate(machine)) continue;
      if (guardOf(machine, context)) {
        wake(guardEndsMs(machine, context));
        continue;
      }
      retirements.push({
        machine,
        action: "terminate",
        code: "idle",
        message: "No job waits that it fits",
      });
      continue;
    }
    const pool = pools.get(machine.pool) ?? { idle: [], stopped: [], stopping: 0 };
    pools.set(machine.pool, pool);
    if (machine.state === "stopped") pool.stopped.push(machine);
    else if (machine.state === "stopping") pool.stopping += 1;
    else if (isSurplusCandidate(machine)) pool.idle.push(machine);
  }
  for (const [name, { idle, stopped, stopping }] of pools) {
    const target = targets.find(({ pool }) => pool.name === name);
    shedPool(target, idle.sort(inOrder), stopped.sort(inOrder), stopping);
  }
  return { retirements, nextWakeAtMs };

  function shedPool(
    target: PoolTarget | undefined,
    idle: readonly MachineRecord[],
    stopped: readonly MachineRecord[],
    stopping: number,
  ): void {
    const free = idle.filter((machine) => {
      if (!guardOf(machine, context)) return true;
      wake(guardEndsMs(machine, context));
      return false;
    });
    if (!target) {
      // The pool is no longer configured: it drains.
      for (const machine of [...free, ...stopped]) {
        retirements.push({
          machine,
          action: "terminate",
          code: "pool-removed",
          message: "Its pool is not configured any more",
        });
      }
      return;
    }
    const { pool } = target;
    // Guarded machines count towards what is kept, or the free ones would be shed below the target.
    const guarded = idle.length - free.length;
    const banked = free
      .filter(({ bankWhenReady, market }) => bankWhenReady && market === "on-demand")
      .slice(
        0,
        Math.max(0, Math.min(idle.length - target.hot, target.stopped - stopped.length - stopping)),
      );
    for (const machine of banked) {
      retirements.push({
        machine,
        action: "stop",
        code: "banked",
        message: "Bought for the stopped tier",
      });
    }
    const rest = free.filter((machine) => !banked.includes(machine));
    const byId = new Map(rest.map((machine) => [machine.id, machine]));
    const decisions = decideIdle(compiledSchedule(pool, context), context.nowMs, {
      machines: rest.map(({ id, readyAtMs, launchedAtMs, market }) => ({
        id,
        idleSinceMs: readyAtMs ?? context.nowMs,
        launchedAtMs,
        canStop: market === "on-demand",
      })),
      stopped: stopped.length + stopping + banked.length,
      idleTimeoutMs: pool.idleTimeoutMs ?? defaultIdleTimeoutMs,
      ...(pool.reuseHorizonMs === undefined ? {} : { reuseHorizonMs: pool.reuseHorizonMs }),
      ...(pool.minUptimeMs === undefined ? {} : { minUptimeMs: pool.minUptimeMs }),
    });
    let mayGo = Math.max(0, rest.length + guarded - target.hot);
    for (const { id, action, reason, recheckAtMs } of decisions) {
      if (recheckAtMs !== undefined) wake(recheckAtMs);
      const machine = byId.get(id);
      if (action === "keep" || !machine || mayGo === 0) continue;
      mayGo -= 1;
      retirements.push({
        machine,
        action,
        code: "surplus",
        message: `Pool ${pool.name} wants ${target.hot} ready: ${reason}`,
      });
    }
    for (const machine of stopped.slice(0, Math.max(0, stopped.length - target.stopped))) {
      retirements.push({
        machine,
        action: "terminate",
        code: "surplus",
        message: `Pool ${pool.name} wants ${target.stopped} stopped`,
      });
    }
  }
}
