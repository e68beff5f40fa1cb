import type { FleetReport, PoolReport } from "@runs-fleet/core/testing";
import type { ReportClock } from "./clock.ts";

/** How a machine's time, or its cost, is split. */
export const costParts = ["busy", "idle", "boot", "disk"] as const;

/** One of {@link costParts}. */
export type CostPart = (typeof costParts)[number];

/** One calendar day of a pool. */
export interface PoolDay {
  /** Beginning of the first bin of the day, epoch milliseconds. */
  readonly atMs: number;
  /** US dollars with a rate, else machine-hours. */
  readonly parts: Readonly<Record<CostPart, number>>;
}

/**
 * A pool's cost by calendar day. The report tells sums; its curves tell on which days they fell. Without a rate: machine-hours.
 */
export function poolDays(
  report: FleetReport,
  pool: PoolReport,
  clock: ReportClock,
): readonly PoolDay[] {
  const { fromMs, binMs, pools } = report.series;
  const curves = pools.find(({ pool: name }) => name === pool.name);
  if (curves === undefined) return [];
  const of = {
    busy: curves.busy,
    idle: curves.ready,
    boot: curves.booting,
    disk: curves.stopped,
  } as const;
  const { cost, machineHours } = pool;
  const sums: Readonly<Record<CostPart, number>> =
    cost === undefined
      ? { ...machineHours, disk: machineHours.stopped }
      : { busy: cost.busyUsd, idle: cost.idleUsd, boot: cost.bootUsd, disk: cost.diskUsd };
  const whole = (part: CostPart) => of[part].reduce((sum, value) => sum + value, 0);
  const factors = Object.fromEntries(
    costParts.map((part) => [part, whole(part) === 0 ? 0 : sums[part] / whole(part)]),
  ) as Record<CostPart, number>;

  const days = new Map<number, { atMs: number; parts: Record<CostPart, number> }>();
  for (let bin = 0; bin < curves.busy.length; bin++) {
    const atMs = fromMs + bin * binMs;
    const key = clock.day(atMs);
    const day = days.get(key) ?? { atMs, parts: { busy: 0, idle: 0, boot: 0, disk: 0 } };
    for (const part of costParts) day.parts[part] += (of[part][bin] ?? 0) * factors[part];
    days.set(key, day);
  }
  return [...days.values()];
}
