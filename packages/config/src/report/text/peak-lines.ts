import type { FleetReport } from "@runs-fleet/core/testing";
import type { ReportClock } from "../clock.ts";
import { limited } from "../findings.ts";
import { count, percent } from "../format.ts";
import { columns } from "./columns.ts";

/** The most machines at once, against each limit. */
export function peakLines(report: FleetReport, clock: ReportClock): readonly string[] {
  return columns([
    ["what", "most", "limit", "used", "first at"],
    ...limited(report)
      .filter(({ peak }) => peak > 0)
      .map(({ name, peak, limit, atMs }) => [
        name,
        count(peak),
        limit === undefined ? "none" : count(limit),
        limit === undefined || limit === 0 ? "" : percent(peak / limit),
        clock.moment(atMs),
      ]),
  ]);
}
