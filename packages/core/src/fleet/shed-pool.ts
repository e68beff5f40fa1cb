import { decideIdle } from "@runs-fleet/scheduling";
import { compiledSchedule, type PoolTarget, shareOf } from "../pools/pool-target.ts";
import type { FleetContext } from "./context.ts";
import type { MachineRecord } from "./records.ts";
import { replacementPace, type Wear, wearOf, wearsAtMs } from "./replacement.ts";
import { guardEndsMs, guardOf } from "./retirement-guard.ts";

/** A machine to be shed. */
export interface Retirement {
  readonly machine: MachineRecord;
  readonly action: "stop" | "terminate";
  readonly code: string;
  readonly message: string;
}

/** What of a pool may be shed at all. */
export interface PoolStock {
  /** Ready, and nobody's. */
  readonly idle: readonly MachineRecord[];
  readonly stopped: readonly MachineRecord[];
  /** How many are on their way to stopped. */
  readonly stopping: number;
}

/** A pool without an idle timeout of its own keeps an idle surplus machine this long, milliseconds. */
const defaultIdleTimeoutMs = 10 * 60_000;

const wearWords: Readonly<Record<Wear, string>> = Object.freeze({
  "at-risk": "Its provider may soon take it away",
  outdated: "It was bought to an older order than its pool's present one",
  superseded: "Its pool boots another image by now",
  worn: "Its hard deadline draws near",
});

/** Any order will do, as long as it is not that of the input. */
const byId = (left: MachineRecord, right: MachineRecord): number => (left.id < right.id ? -1 : 1);

/** Everything of a pool that is not configured any more, as far as its guards allow. */
export function drainRemovedPool(
  { idle, stopped }: PoolStock,
  context: FleetContext,
  wake: (atMs: number) => void,
): Retirement[] {
  return [...free(idle, "terminate", context, wake), ...stopped].map((machine) => ({
    machine,
    action: "terminate",
    code: "pool-removed",
    message: "Its pool is not configured any more",
  }));
}

/** Machines that the guard lets go; for the others, when it will. */
function free(
  machines: readonly MachineRecord[],
  action: Retirement["action"],
  context: FleetContext,
  wake: (atMs: number) => void,
): MachineRecord[] {
  return machines.filter((machine) => {
    const guard = guardOf(machine, action, context);
    if (guard === undefined) return true;
    if (guard !== "spot-never-stops") wake(guardEndsMs(machine, context));
    return false;
  });
}

/** Machines to be replaced that may go now, those bought to an older order first. */
function wornFirst(
  machines: readonly MachineRecord[],
  { pool }: PoolTarget,
  context: FleetContext,
): { readonly machine: MachineRecord; readonly wear: Wear }[] {
  return machines
    .flatMap((machine) => {
      const wear = wearOf(machine, pool, context);
      return wear ? [{ machine, wear }] : [];
    })
    .sort(
      (left, right) =>
        (left.wear < right.wear ? -1 : left.wear > right.wear ? 1 : 0) ||
        left.machine.launchedAtMs - right.machine.launchedAtMs ||
        byId(left.machine, right.machine),
    );
}

/**
 * What a pool sheds: machines bought for the stopped tier are stopped, those that are to be replaced go as far as others
 * are ready in their place, and the surplus goes when it has been idle for long enough.
 *
 * @param wake - Told when to look again.
 */
export function shedPool(
  target: PoolTarget,
  stock: PoolStock,
  context: FleetContext,
  wake: (atMs: number) => void,
): Retirement[] {
  const { pool } = target;
  const { idle, stopped } = stock;
  const retirements: Retirement[] = [];

  const wornOff = wornFirst(stopped, target, context);
  // One that is to be replaced makes room for the one that was bought in its place, and goes after it.
  const toFill = target.stopped - (stopped.length - wornOff.length) - stock.stopping;
  const room = Math.min(idle.length - target.hot, toFill);
  const forBank = idle
    .filter(({ bankWhenReady, market }) => bankWhenReady && market === "on-demand")
    .sort(byId);
  const banked = free(forBank, "stop", context, wake).slice(0, Math.max(0, room));
  for (const machine of banked) {
    retirements.push({
      machine,
      action: "stop",
      code: "banked",
      message: "Bought for the stopped tier",
    });
  }
  const rest = banked.length === 0 ? idle : idle.filter((machine) => !banked.includes(machine));
  const standing = stopped.length + stock.stopping + banked.length;

  const wanted = target.hot + target.stopped;
  const { unavailable } = replacementPace(pool, wanted);
  const mayLack = Math.max(0, unavailable - Math.max(0, wanted - rest.length - standing));
  // Those that will be stopped when their guards end stand in for nobody until then.
  const lackStopped = Math.max(0, target.stopped - standing);
  const onTheirWay = Math.min(forBank.length - banked.length, lackStopped);
  const hotRoom = rest.length - onTheirWay - target.hot + mayLack;
  const wornIdle = wornFirst(rest, target, context);
  const replaced = free(
    wornIdle.map(({ machine }) => machine),
    "terminate",
    context,
    wake,
  ).slice(0, Math.max(0, hotRoom));
  const lacking = Math.max(0, target.hot - (rest.length - onTheirWay - replaced.length));
  const stoppedRoom = stopped.length - target.stopped + Math.max(0, mayLack - lacking);
  const wornStopped = wornOff.slice(0, Math.max(0, stoppedRoom));
  const goes = new Set([...replaced, ...wornStopped.map(({ machine }) => machine)]);
  for (const { machine, wear } of [...wornIdle, ...wornStopped]) {
    if (!goes.has(machine)) continue;
    retirements.push({ machine, action: "terminate", code: wear, message: wearWords[wear] });
  }
  for (const machine of rest) {
    if (!goes.has(machine)) wake(wearsAtMs(machine, context));
  }

  const left = goes.size === 0 ? rest : rest.filter((machine) => !goes.has(machine));
  retirements.push(...surplusOf(target, left, standing, context, wake));
  const asleep = stopped.filter((machine) => !goes.has(machine));
  const tooMany = asleep.length - target.stopped;
  for (const machine of tooMany > 0 ? asleep.sort(byId).slice(0, tooMany) : []) {
    const message = `Pool ${pool.name} wants ${target.stopped} stopped`;
    retirements.push({ machine, action: "terminate", code: "surplus", message });
  }
  return retirements;
}

/** Idle machines above the target that have been so for long enough: stopped while that tier lacks some, else ended. */
function surplusOf(
  { pool, hot }: PoolTarget,
  idle: readonly MachineRecord[],
  standing: number,
  context: FleetContext,
  wake: (atMs: number) => void,
): Retirement[] {
  // Guarded machines count towards what is kept, or the free ones would be shed below the target.
  let mayGo = Math.max(0, idle.length - hot);
  // Nothing changes before the target does, or a machine becomes ready: both wake the controller by themselves.
  if (mayGo === 0) return [];
  const loose = free(idle, "terminate", context, wake);
  const machines = new Map(loose.map((machine) => [machine.id, machine]));
  const decisions = decideIdle(compiledSchedule(pool, context), context.nowMs, {
    machines: loose.map((machine) => ({
      id: machine.id,
      idleSinceMs: machine.readyAtMs ?? context.nowMs,
      launchedAtMs: machine.launchedAtMs,
      canStop: guardOf(machine, "stop", context) === undefined,
    })),
    stopped: standing,
    idleTimeoutMs: pool.idleTimeoutMs ?? defaultIdleTimeoutMs,
    share: (total) => shareOf(pool, context.region, total),
    ...(pool.reuseHorizonMs === undefined ? {} : { reuseHorizonMs: pool.reuseHorizonMs }),
    ...(pool.minUptimeMs === undefined ? {} : { minUptimeMs: pool.minUptimeMs }),
  });
  const retirements: Retirement[] = [];
  for (const { id, action, reason, recheckAtMs } of decisions) {
    if (recheckAtMs !== undefined) wake(recheckAtMs);
    const machine = machines.get(id);
    if (action === "keep" || !machine || mayGo === 0) continue;
    mayGo -= 1;
    const message = `Pool ${pool.name} wants ${hot} ready: ${reason}`;
    retirements.push({ machine, action, code: "surplus", message });
  }
  return retirements;
}
