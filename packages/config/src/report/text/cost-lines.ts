import type { FleetReport } from "@runs-fleet/core/testing";
import { poolName } from "../findings.ts";
import { amount, dollars } from "../format.ts";
import { columns } from "./columns.ts";

/** What machines cost, split by what they did; machine-hours alone where no rate is known. */
export function costLines(report: FleetReport): readonly string[] {
  const hours = report.pools.map(({ name, machineHours: { busy, idle, boot, stopped } }) => [
    poolName(name),
    ...[busy, idle, boot, stopped].map((value) => `${amount(value)} h`),
  ]);
  if (report.cost === undefined)
    return columns([["pool", "busy", "idle", "boot", "stopped"], ...hours]);
  const priced = report.pools.filter(({ cost }) => cost !== undefined);
  const all = priced.length > 1 ? [{ name: "all", cost: report.cost }] : [];
  return columns([
    ["pool", "busy", "idle", "boot", "disk", "total", "a week"],
    ...[...priced, ...all].map(({ name, cost }) => [
      poolName(name),
      ...(cost === undefined
        ? []
        : [
            cost.busyUsd,
            cost.idleUsd,
            cost.bootUsd,
            cost.diskUsd,
            cost.totalUsd,
            cost.usdPerWeek,
          ].map(dollars)),
    ]),
  ]).concat("", columns([["machine-hours", "busy", "idle", "boot", "stopped"], ...hours]));
}
