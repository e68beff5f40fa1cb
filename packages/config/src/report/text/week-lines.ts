import type { FleetReport, PoolReport } from "@runs-fleet/core/testing";
import { printable } from "../../cli/problem.ts";
import { weekdays } from "../clock.ts";
import { poolName } from "../findings.ts";

/** Up to which p95, milliseconds, an hour has which sign. */
const signs: readonly (readonly [number, string])[] = [
  [10_000, "·"],
  [30_000, "░"],
  [60_000, "▒"],
  [120_000, "▓"],
  [Number.POSITIVE_INFINITY, "█"],
];

/** p95 of each hour of the week, one sign an hour. */
export function weekLines(report: FleetReport): readonly string[] {
  const pools = report.pools.filter(({ waitsMs }) => waitsMs.jobs > 0);
  if (pools.length === 0) return [];
  return [
    "",
    `  p95 by hour of the week, ${printable(report.timeZone)}: · to 10 s, ░ to 30 s, ▒ to 60 s, ▓ to 2 min, █ longer; no sign, no job`,
    ...pools.flatMap((pool) => [
      `  ${printable(poolName(pool.name))}`,
      "      00    06    12    18",
      ...weekdays.map((day, index) => `  ${day} ${dayLine(pool, index)}`.trimEnd()),
    ]),
  ];
}

function dayLine(pool: PoolReport, day: number): string {
  return Array.from({ length: 24 }, (_, time) => {
    const found = pool.weekHours.find(({ hour }) => hour === day * 24 + time);
    if (found === undefined) return " ";
    return signs.find(([limit]) => found.p95 <= limit)?.[1] ?? " ";
  }).join("");
}
