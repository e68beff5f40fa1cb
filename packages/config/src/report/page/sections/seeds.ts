import { type Html, html } from "@runs-fleet/core/html";
import type { FleetReport, SeedSpread, Spread } from "@runs-fleet/core/testing";
import { dollars, duration, percent } from "../../format.ts";
import { amounts, besideNames, names, still } from "../axes.ts";
import { draw } from "../draw.ts";
import { section, table } from "../parts.ts";

/** A number of the report under each seed. */
interface Row {
  readonly name: string;
  readonly spread: Spread;
  readonly format: (value: number) => string;
}

function rowsOf({ p50Ms, p95Ms, p99Ms, over60Share, totalUsd }: SeedSpread): readonly Row[] {
  return [
    { name: "p50", spread: p50Ms, format: duration },
    { name: "p95", spread: p95Ms, format: duration },
    { name: "p99", spread: p99Ms, format: duration },
    { name: "over a minute", spread: over60Share, format: percent },
    ...(totalUsd === undefined ? [] : [{ name: "total cost", spread: totalUsd, format: dollars }]),
  ];
}

/** How much of the result is chance. */
export function seedsSection(report: FleetReport): Html {
  const { spread } = report;
  if (spread === undefined) return html``;
  const rows = rowsOf(spread);
  return section(
    "seeds",
    "How much is chance",
    `The same jobs under ${spread.seeds.length} seeds, which decide boot times, delays and interruptions. A difference smaller than this says nothing.`,
    plot(rows, spread.seeds),
    table({
      caption: "Spread over seeds",
      head: ["", "lowest", "median", "highest", "spread"],
      rows: rows.map(({ name, spread: { min, median, max }, format }) => [
        name,
        format(min),
        format(median),
        format(max),
        median === 0 ? "" : percent((max - min) / median),
      ]),
    }),
    html`<p class="soft">Seeds ${spread.seeds.join(", ")}; the report above is that of seed ${report.seed}, the larger mark.</p>`,
  );
}

/** Axes reach to one of these shares on both sides, percent. */
const reaches = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** Percent above the median, or below it. */
function off(value: number, median: number): number {
  return Math.round((value / median - 1) * 100_000) / 1_000;
}

/** Every seed as a mark, each number held against its own median: seconds and dollars share one scale. */
function plot(all: readonly Row[], seeds: readonly number[]): Html {
  const rows = all.filter(({ spread }) => spread.median > 0);
  if (rows.length === 0) return html``;
  const farthest = Math.max(
    ...rows.flatMap(({ spread: { min, median, max } }) => [off(max, median), -off(min, median)]),
  );
  const reach = reaches.find((percentage) => percentage >= farthest) ?? farthest;
  const span = ({ spread: { min, median, max } }: Row, at: number) => ({
    ...still,
    type: "line" as const,
    showSymbol: false,
    lineStyle: { color: "var(--before)", width: 2 },
    data: [
      [off(min, median), at],
      [off(max, median), at],
    ],
  });
  const points = rows.flatMap(({ spread: { values, median } }, at) =>
    values.map((value, seed) => ({ value: [off(value, median), at], at, seed })),
  );
  return draw({
    id: "seeds-plot",
    description: "How far each seed is from the median of all, as in the table below",
    height: rows.length * 34 + 34,
    title: (series, datum) => {
      const point = series === rows.length ? points[datum] : undefined;
      const row = point && rows[point.at];
      if (point === undefined || row === undefined) return "";
      const value = row.spread.values[point.seed] ?? 0;
      return `${row.name}, seed ${seeds[point.seed] ?? ""}: ${row.format(value)}`;
    },
    option: ({ narrow }) => ({
      grid: besideNames(narrow),
      xAxis: amounts(
        (value) => (value === 0 ? "median" : `${value > 0 ? "+" : "−"}${Math.abs(value)}%`),
        {
          min: -reach,
          max: reach,
          interval: narrow ? reach : reach / 2,
        },
      ),
      yAxis: names(
        rows.map(({ name }) => name),
        narrow,
      ),
      series: [
        ...rows.map(span),
        {
          ...still,
          type: "scatter" as const,
          z: 3,
          itemStyle: { color: "var(--busy)", opacity: 1 },
          data: points.map(({ value, seed }) => ({ value, symbolSize: seed === 0 ? 13 : 8 })),
        },
      ],
    }),
  });
}
