import type { PoolConfig } from "../routing/catalog.ts";
import { shapeKey } from "../routing/index.ts";
import type { Shape } from "../routing/shape.ts";
import type { FleetContext } from "./context.ts";
import type { MachineRecord } from "./records.ts";
import { textHash } from "./text-hash.ts";

/**
 * Why an idle machine is to be replaced: its provider may soon take it away, its pool's shape has changed, there is another image for
 * it, or its own hard deadline draws near.
 */
export type Wear = "at-risk" | "outdated" | "superseded" | "worn";

/** How many machines of a pool are replaced at a time. */
export interface ReplacementPace {
  /** Most machines above the target, hot and stopped together. */
  readonly surge: number;
  /** Most machines below the target, hot and stopped together. */
  readonly unavailable: number;
}

/** Without a limit of its own a pool replaces this part of its target at a time, one machine at least. */
const surgeShare = 0.1;
/** Spares that were bought together are replaced over this part of the runtime that their deadline leaves. */
const wearShare = 0.5;

const specHashes = new WeakMap<PoolConfig, string>();

/** What machines bought for this fit and shape carry: another hash means that they were bought to another order. */
export function specHashOf(fit: string, shape: Shape): string {
  return textHash(`${fit}|${shapeKey(shape)}`);
}

/** {@link specHashOf} of a pool's machines, computed once per configuration object. */
export function poolSpecHash(pool: PoolConfig): string {
  const known = specHashes.get(pool);
  if (known !== undefined) return known;
  const made = specHashOf(`pool:${pool.name}`, pool.shape);
  specHashes.set(pool, made);
  return made;
}

/**
 * When a spare counts as worn, epoch milliseconds; while that is far off, when to ask again. Spares that were bought
 * together have one hard deadline: each leaves at a moment of its own before it, so that they are never all missing at once.
 */
export function wearsAtMs(machine: MachineRecord, { nowMs, timings }: FleetContext): number {
  const latestMs = machine.hardDeadlineMs - timings.bootDeadlineMs - timings.readyDwellMs;
  const spreadMs = wearShare * timings.maxRuntimeMs;
  // Most spares are far from it: a plan looks at every one of them, and hashing is what would cost.
  if (nowMs < latestMs - spreadMs) return latestMs - spreadMs;
  const part = Number.parseInt(textHash(machine.id).slice(0, 6), 16) / 0xffffff;
  return latestMs - Math.floor(part * spreadMs);
}

/** Whether and why a machine of a pool is to be replaced when it is idle. A stopped machine does not wear. */
export function wearOf(
  machine: MachineRecord,
  pool: PoolConfig,
  context: FleetContext,
): Wear | undefined {
  if (machine.atRiskSinceMs !== undefined) return "at-risk";
  if (machine.specHash !== poolSpecHash(pool)) return "outdated";
  if (machine.isSuperseded) return "superseded";
  if (machine.state === "stopped") return undefined;
  return context.nowMs >= wearsAtMs(machine, context) ? "worn" : undefined;
}

/** How fast a pool replaces machines, given what it wants in all. */
export function replacementPace({ limits }: PoolConfig, wanted: number): ReplacementPace {
  const surge = limits.maxSurge ?? Math.max(1, Math.ceil(wanted * surgeShare));
  // Where the limit leaves no room to buy first, waiting for room would be waiting for ever.
  const room = Math.max(0, limits.machines - wanted);
  const unavailable = limits.maxUnavailable ?? 0;
  const stuck = Math.min(surge, room) + unavailable === 0;
  return { surge: Math.min(surge, room), unavailable: stuck ? 1 : unavailable };
}
