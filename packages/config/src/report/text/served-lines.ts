import type { FleetReport } from "@runs-fleet/core/testing";
import { poolName } from "../findings.ts";
import { count, percent } from "../format.ts";
import { columns } from "./columns.ts";

/** How jobs find their machine, by pool. */
export function servedLines(report: FleetReport): readonly string[] {
  return columns([
    ["pool", "hot", "stopped", "cold", "bought", "starts", "below target"],
    ...report.pools
      .filter(({ waitsMs }) => waitsMs.jobs > 0)
      .map(({ name, served, bought, started, belowTargetShare }) => [
        poolName(name),
        percent(served.hot),
        percent(served.stopped),
        percent(served.cold),
        count(bought),
        count(started),
        percent(belowTargetShare),
      ]),
  ]);
}
