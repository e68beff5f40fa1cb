import type { FleetReport } from "@runs-fleet/core/testing";
import { type Paint, printable } from "../../cli/problem.ts";
import { chainOf } from "../chain.ts";
import type { ReportClock } from "../clock.ts";
import { poolName } from "../findings.ts";
import { duration } from "../format.ts";
import { columns } from "./columns.ts";

/** The ten jobs that waited longest, each with what the controller decided about it. */
export function worstLines(
  { worst }: FleetReport,
  clock: ReportClock,
  paint: Paint,
): readonly string[] {
  if (worst.length === 0) return ["  No job was started."];
  return worst.flatMap((job) => [
    `  ${paint("bold", duration(job.waitMs))} ${printable(`${poolName(job.pool)}, ${job.served}, ${clock.moment(job.queuedAtMs)}, ${job.repository}, job ${job.id}, ${job.labels.join(" ")}`)}`,
    ...columns(
      chainOf(job).map(({ offset, text }) => [offset, text]),
      { left: [1], indent: "    " },
    ),
  ]);
}
