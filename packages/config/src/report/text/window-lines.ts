import type { FleetReport } from "@runs-fleet/core/testing";
import { printable } from "../../cli/problem.ts";
import { amount, count, dollars } from "../format.ts";
import { noSpareWindows, untriedNote } from "../window-words.ts";
import { columns } from "./columns.ts";

/** Schedule entries that could go. */
export function windowLines(report: FleetReport): readonly string[] {
  const { spareWindows } = report;
  const untried = untriedNote(report);
  const note = untried === undefined ? [] : [printable(`  ${untried}`)];
  if (spareWindows.length === 0) return [`  ${noSpareWindows(report)}`, ...note];
  return [
    ...columns(
      [
        ["pool / entry", "why", "jobs", "adds hot", "stopped", "cost"],
        ...spareWindows.map(({ pool, entry, kind, jobs, addsHours, addsUsd }) => [
          `${pool} / ${entry}`,
          kind,
          count(jobs),
          `${amount(addsHours.hot)} h`,
          `${amount(addsHours.stopped)} h`,
          addsUsd === undefined ? "" : dollars(addsUsd),
        ]),
      ],
      { left: [0, 1] },
    ),
    ...note,
  ];
}
