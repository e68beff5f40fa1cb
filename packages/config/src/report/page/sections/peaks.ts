import type { Html } from "@runs-fleet/core/html";
import type { FleetReport } from "@runs-fleet/core/testing";
import type { ReportClock } from "../../clock.ts";
import { limited } from "../../findings.ts";
import { count, percent } from "../../format.ts";
import { amounts, besideNames, names, still } from "../axes.ts";
import { draw } from "../draw.ts";
import { type Cell, legend, section, table } from "../parts.ts";

/** The most at once, against what is allowed. */
export function peaksSection(report: FleetReport, clock: ReportClock): Html {
  const rows = limited(report).filter(({ peak }) => peak > 0);
  const bounded = rows.filter(({ limit }) => limit !== undefined);
  const share = ({ peak, limit = 0 }: (typeof rows)[number]) => (limit > 0 ? peak / limit : 0);
  const plot = draw({
    id: "peaks",
    description: "Peaks as shares of their limits, as in the table below",
    height: bounded.length * 32 + 34,
    title: (series, datum) => {
      const row = bounded[datum];
      return row && series === 0 ? `${row.name}: ${row.peak} of ${row.limit}` : "";
    },
    option: ({ narrow }) => ({
      grid: besideNames(narrow),
      xAxis: amounts((value) => `${value}%`, { max: 100, interval: 25 }),
      yAxis: names(
        bounded.map(({ name }) => name),
        narrow,
      ),
      series: [
        {
          ...still,
          type: "bar",
          barWidth: 14,
          showBackground: true,
          backgroundStyle: { color: "var(--track)" },
          data: bounded.map((row) => ({
            value: Math.min(100, share(row) * 100),
            itemStyle: { color: share(row) >= 1 ? "var(--limit)" : "var(--busy)" },
          })),
        },
      ],
    }),
  });
  return section(
    "peaks",
    "Peaks against limits",
    "Machines of pools and environments in any state but terminated; jobs of repositories that have a machine.",
    ...(bounded.length > 0
      ? [
          plot,
          legend([
            { colour: "busy", name: "peak, as a share of the limit" },
            { colour: "limit", name: "the limit is reached: jobs may wait for it" },
          ]),
        ]
      : []),
    table({
      caption: "Peaks and limits",
      head: ["what", "most at once", "limit", "used", "first at"],
      rows: rows.map((row): readonly (string | Cell)[] => {
        const used = row.limit === undefined ? "" : percent(share(row));
        return [
          row.name,
          count(row.peak),
          row.limit === undefined ? "none" : count(row.limit),
          share(row) >= 1 ? { value: used, kind: "over" } : used,
          clock.moment(row.atMs),
        ];
      }),
    }),
  );
}
