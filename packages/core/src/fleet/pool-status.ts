import { poolWords, unreadableWords } from "../pools/next-words.ts";
import { causeOfShortage, missingOf } from "../pools/pool-cause.ts";
import { type PoolCounts, totalOf } from "../pools/pool-counts.ts";
import type { PoolPoint, PoolRecorder } from "../pools/pool-history.ts";
import { compiledSchedule, type PoolTarget, poolTargets, shareOf } from "../pools/pool-target.ts";
import type { Cause, CauseCode } from "../ports/cause.ts";
import type { FleetContext } from "./context.ts";
import { countStock, type FleetView, type Stock } from "./fleet-view.ts";
import { fitOf } from "./route-demand.ts";
import type { PoolStatus } from "./status.ts";

/** Why less of a fit is bought than is wanted, after failures. */
export type HeldBack = (fit: string) => Cause | undefined;

/** Jobs that wait for these have, or could have, a machine: no other is bought for them. */
const notForMachines: ReadonlySet<CauseCode> = new Set([
  "mint-budget",
  "repository-limit",
  "registration-failed",
]);

/** Jobs that wait for a machine, by pool. */
function waitingFor(
  view: FleetView & { readonly waits?: ReadonlyMap<string, Cause> },
): ReadonlyMap<string, number> {
  const waiting = new Map<string, number>();
  for (const { key, state, placement } of view.jobs.values()) {
    const pool = placement?.pool;
    if (state !== "queued" || pool === undefined) continue;
    const cause = view.waits?.get(key);
    if (cause && notForMachines.has(cause.code)) continue;
    waiting.set(pool, (waiting.get(pool) ?? 0) + 1);
  }
  return waiting;
}

function countsOf(stock: Stock): PoolCounts {
  const { ready, stopped, booting, buying, busy, stopping, total } = stock;
  const leaving = total - ready - stopped - booting - buying - busy - stopping;
  return { ready: { hot: ready, stopped }, booting, buying, busy, stopping, leaving };
}

/** The pools as `/status` shows them. */
export function poolStatuses(
  view: FleetView & { readonly waits?: ReadonlyMap<string, Cause> },
  targets: readonly PoolTarget[],
  context: FleetContext,
  heldBack: HeldBack,
): readonly PoolStatus[] {
  const { nowMs, region, catalog } = context;
  const stock = countStock(view);
  const waiting = waitingFor(view);
  const own = catalog.environments.find(({ name }) => name === context.environment);
  const room = (own?.machines ?? Number.POSITIVE_INFINITY) - stock.total;
  return targets.map(({ pool, hot, stopped, untilMs, problem }) => {
    const fit = fitOf({ pool: pool.name, shape: pool.shape });
    const counts = countsOf(stock.of(fit));
    const shortage = {
      pool,
      target: { hot, stopped },
      counts,
      waiting: waiting.get(pool.name) ?? 0,
      gate: heldBack(fit),
      problem,
      environment: { name: context.environment, room },
    };
    const cause = causeOfShortage(shortage);
    const words =
      problem === undefined || cause === undefined
        ? poolWords({
            schedule: compiledSchedule(pool, context),
            nowMs,
            counts,
            cause,
            missing: missingOf(shortage),
            share: (total) => shareOf(pool, region, total),
          })
        : unreadableWords(counts, cause);
    return {
      name: pool.name,
      version: catalog.version,
      target: { hot, stopped },
      ready: counts.ready,
      booting: counts.booting,
      buying: counts.buying,
      busy: counts.busy,
      machines: totalOf(counts),
      limits: pool.limits,
      ...(cause === undefined ? {} : { cause }),
      timeZone: pool.schedule.timeZone ?? "UTC",
      words,
      ...(untilMs === undefined ? {} : { nextWakeAtMs: untilMs }),
    };
  });
}

/** Notes once a minute what every pool has: the curves of its page. */
export function notePools(recorder: PoolRecorder, view: FleetView, context: FleetContext): void {
  if (!recorder.due(context.nowMs)) return;
  const stock = countStock(view);
  const points = new Map<string, Omit<PoolPoint, "atMs">>();
  for (const { pool, hot, stopped } of poolTargets(context).targets) {
    const fit = fitOf({ pool: pool.name, shape: pool.shape });
    const { ready, coming, busy, stopped: asleep } = stock.of(fit);
    points.set(pool.name, {
      target: hot,
      ready,
      booting: coming,
      busy,
      stoppedTarget: stopped,
      stopped: asleep,
    });
  }
  recorder.note(context.nowMs, points);
}
