import { type Html, html } from "@runs-fleet/core/html";
import type { FleetReport } from "@runs-fleet/core/testing";
import { compareNumbers, comparison, comparisonNotes } from "../../compare.ts";
import type { Compared } from "../../document.ts";
import { poolName } from "../../findings.ts";
import { duration } from "../../format.ts";
import { besideNames, names, still, times } from "../axes.ts";
import { draw } from "../draw.ts";
import { type Cell, legend, section, table } from "../parts.ts";

const chances = { more: "more than chance", maybe: "may be chance" } as const;

/** Another configuration under the same jobs and seeds. */
export function comparisonSection(config: string, report: FleetReport, compared: Compared): Html {
  const numbers = compareNumbers(report, compared.report);
  const seeded = report.spread !== undefined && compared.report.spread !== undefined;
  return section(
    "comparison",
    "Another configuration",
    comparison(compared.config, report, compared.report),
    html`<ul class="notes">${comparisonNotes(compared.changes).map((note) => html`<li><span class="badge warn">note</span><span>${note}</span></li>`)}</ul>`,
    plot(config, report, compared),
    table({
      caption: "Both configurations",
      head: ["", config, compared.config, "change", ...(seeded ? ["over the seeds"] : [])],
      rows: numbers.map(({ name, here, there, change, direction, chance }) => [
        name,
        here,
        there,
        cell(change, direction),
        ...(seeded ? [chance === undefined ? "" : chances[chance]] : []),
      ]),
    }),
    seeded
      ? html`<p class="soft">More than chance: the ranges over the seeds do not overlap.</p>`
      : html`<p class="soft">With --seeds 5 or more, this also tells which changes are more than chance.</p>`,
  );
}

function cell(value: string, direction: -1 | 0 | 1): string | Cell {
  if (direction === 0) return value;
  return { value, kind: direction < 0 ? "less" : "over" };
}

function plot(config: string, report: FleetReport, compared: Compared): Html {
  const both = report.pools
    .map((pool) => ({
      name: poolName(pool.name),
      here: pool.waitsMs,
      there: compared.report.pools.find(({ name }) => name === pool.name)?.waitsMs,
    }))
    .filter(({ here, there }) => here.jobs > 0 && there !== undefined && there.jobs > 0);
  if (both.length === 0) return html``;
  const sides = [
    { name: config, colour: "before", of: (row: (typeof both)[number]) => row.here.p95 },
    {
      name: compared.config,
      colour: "busy",
      of: (row: (typeof both)[number]) => row.there?.p95 ?? 0,
    },
  ];
  const drawn = draw({
    id: "comparison-plot",
    description: "p95 of each pool under both configurations, as in the table below",
    height: both.length * 52 + 34,
    title: (series, datum) => {
      const [side, row] = [sides[series], both[datum]];
      return side && row ? `${row.name} with ${side.name}: p95 ${duration(side.of(row))}` : "";
    },
    option: ({ narrow }) => ({
      grid: besideNames(narrow),
      xAxis: times(Math.max(...both.flatMap((row) => sides.map(({ of }) => of(row)))), narrow),
      yAxis: names(
        both.map(({ name }) => name),
        narrow,
      ),
      series: sides.map(({ colour, of }) => ({
        ...still,
        type: "bar" as const,
        barWidth: 14,
        barGap: "15%",
        itemStyle: { color: `var(--${colour})` },
        data: both.map(of),
      })),
    }),
  });
  return html`${legend(sides.map(({ name, colour }) => ({ colour, name: `p95 with ${name}` })))}${drawn}`;
}
