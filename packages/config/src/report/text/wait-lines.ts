import { type FleetReport, waitPhases } from "@runs-fleet/core/testing";
import { poolName } from "../findings.ts";
import { count, duration, percent } from "../format.ts";
import { columns } from "./columns.ts";

/** How long jobs wait, and on what, by pool. */
export function waitLines(report: FleetReport): readonly string[] {
  const pools = report.pools.filter(({ waitsMs }) => waitsMs.jobs > 0);
  const all = pools.length > 1 ? [{ ...report, name: "all" }] : [];
  return columns([
    ["pool", "jobs", "p50", "p95", "p99", "longest", "over 60 s"],
    ...[...pools, ...all].map(({ name, waitsMs }) => [
      poolName(name),
      count(waitsMs.jobs),
      duration(waitsMs.p50),
      duration(waitsMs.p95),
      duration(waitsMs.p99),
      duration(waitsMs.max),
      percent(waitsMs.over60Share),
    ]),
  ]).concat(
    "",
    columns([
      ["on what", ...waitPhases],
      ...pools.map(({ name, phasesMs }) => [
        poolName(name),
        ...waitPhases.map((phase) => duration(phasesMs[phase])),
      ]),
    ]),
  );
}
