import type { Rates } from "@runs-fleet/scheduling";
import type { Cost, MachineHours } from "./report.ts";
import { integral } from "./step-curve.ts";
import type { PoolSightings } from "./witness.ts";

const hourMs = 3_600_000;
const hoursPerWeek = 168;

/** What is measured, epoch milliseconds. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Rounds to ten-thousandths: of an hour, or of a dollar. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** Machine-hours of a pool by what they were for. */
export function machineHoursOf({ uses }: PoolSightings, { fromMs, toMs }: Range): MachineHours {
  const hours = (use: keyof typeof uses): number =>
    rounded(integral(uses[use], fromMs, toMs) / hourMs);
  return {
    busy: hours("busy"),
    idle: hours("idle"),
    boot: hours("boot"),
    stopped: hours("stopped"),
  };
}

/** Machine-hours of several pools. */
export function sumHours(all: readonly MachineHours[]): MachineHours {
  const sum = (of: (hours: MachineHours) => number): number =>
    rounded(all.reduce((total, hours) => total + of(hours), 0));
  return {
    busy: sum(({ busy }) => busy),
    idle: sum(({ idle }) => idle),
    boot: sum(({ boot }) => boot),
    stopped: sum(({ stopped }) => stopped),
  };
}

function costFrom(parts: Omit<Cost, "totalUsd" | "usdPerWeek">, { fromMs, toMs }: Range): Cost {
  const { busyUsd, idleUsd, bootUsd, diskUsd } = parts;
  const totalUsd = rounded(busyUsd + idleUsd + bootUsd + diskUsd);
  const weeks = (toMs - fromMs) / hourMs / hoursPerWeek;
  return { totalUsd, ...parts, usdPerWeek: rounded(totalUsd / weeks) };
}

/** What a pool's machines cost. */
export function costOf(hours: MachineHours, starts: number, rates: Rates, range: Range): Cost {
  const { hotUsdPerHour, stoppedUsdPerHour, perStartUsd = 0 } = rates;
  return costFrom(
    {
      busyUsd: rounded(hours.busy * hotUsdPerHour),
      idleUsd: rounded(hours.idle * hotUsdPerHour),
      bootUsd: rounded(hours.boot * hotUsdPerHour + starts * perStartUsd),
      diskUsd: rounded(hours.stopped * stoppedUsdPerHour),
    },
    range,
  );
}

/** What several pools cost together. */
export function sumCost(costs: readonly Cost[], range: Range): Cost {
  const sum = (of: (cost: Cost) => number): number =>
    rounded(costs.reduce((total, cost) => total + of(cost), 0));
  return costFrom(
    {
      busyUsd: sum(({ busyUsd }) => busyUsd),
      idleUsd: sum(({ idleUsd }) => idleUsd),
      bootUsd: sum(({ bootUsd }) => bootUsd),
      diskUsd: sum(({ diskUsd }) => diskUsd),
    },
    range,
  );
}
