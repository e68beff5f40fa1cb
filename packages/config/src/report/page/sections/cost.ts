import { type Html, html } from "@runs-fleet/core/html";
import type { FleetReport, PoolReport } from "@runs-fleet/core/testing";
import type { ReportClock } from "../../clock.ts";
import { type CostPart, costParts, poolDays } from "../../days.ts";
import { poolName } from "../../findings.ts";
import { amount, count, dollars } from "../../format.ts";
import { amounts, categories, still } from "../axes.ts";
import { draw } from "../draw.ts";
import { legend, section, table } from "../parts.ts";

const words: Readonly<Record<CostPart, string>> = {
  busy: "busy: claimed or running a job",
  idle: "idle: ready and nobody's",
  boot: "boot: booting or stopping",
  disk: "disk: stopped",
};

/** What it costs, split by what machines did; machine-hours where no rate is known. */
export function costSection(report: FleetReport, clock: ReportClock): Html {
  const pools = report.pools.filter(({ machineHours: hours }) =>
    [hours.busy, hours.idle, hours.boot, hours.stopped].some((value) => value > 0),
  );
  const priced = pools.filter(({ cost }) => cost !== undefined);
  return section(
    "cost",
    priced.length > 0 ? "What it costs" : "How long machines live",
    priced.length > 0
      ? "By calendar day, split by what machines did. A running machine's disk is part of its rate."
      : "Machine-hours by calendar day, split by what machines did. With --rates they become costs.",
    legend(costParts.map((part) => ({ colour: part, name: words[part] }))),
    html`<div class="pair">${pools.map((pool, index) => daysPlot(report, pool, clock, index))}</div>`,
    ...(priced.length > 0 ? [money(report, priced)] : []),
    html`<h3>Machine-hours</h3>`,
    table({
      caption: "Machine-hours by pool",
      head: ["pool", "busy", "idle", "boot", "stopped", "busy of running"],
      rows: [
        ...pools,
        ...(pools.length > 1 ? [{ name: "all", machineHours: report.machineHours }] : []),
      ].map(({ name, machineHours: { busy, idle, boot, stopped } }) => [
        poolName(name),
        amount(busy),
        amount(idle),
        amount(boot),
        amount(stopped),
        busy + idle + boot > 0 ? `${Math.round((busy / (busy + idle + boot)) * 100)}%` : "",
      ]),
      sum: pools.length > 1,
    }),
  );
}

function money(report: FleetReport, priced: readonly PoolReport[]): Html {
  const rows = [
    ...priced.map(({ name, cost }) => ({ name: poolName(name), cost })),
    ...(priced.length > 1 ? [{ name: "all", cost: report.cost }] : []),
  ];
  return table({
    caption: "Cost by pool",
    head: ["pool", "busy", "idle", "boot", "disk", "total", "a week"],
    rows: rows.map(({ name, cost }) => [
      name,
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
    sum: priced.length > 1,
  });
}

/** Ticks are round numbers: no more digits than they have. */
function axisNumber(value: number): string {
  return value >= 1_000 ? count(value) : String(value);
}

function daysPlot(report: FleetReport, pool: PoolReport, clock: ReportClock, index: number): Html {
  const days = poolDays(report, pool, clock);
  const format = pool.cost === undefined ? (value: number) => `${amount(value)} h` : dollars;
  const axis =
    pool.cost === undefined
      ? (value: number) => `${axisNumber(value)} h`
      : (value: number) => `$${axisNumber(value)}`;
  const name = poolName(pool.name);
  const plot = draw({
    id: `days${index}`,
    description: `${pool.cost === undefined ? "Machine-hours" : "Cost"} of ${name} by day`,
    height: 190,
    width: 520,
    title: (series, datum) => {
      const [part, day] = [costParts[series], days[datum]];
      return part && day ? `${clock.date(day.atMs)}: ${part} ${format(day.parts[part])}` : "";
    },
    option: ({ narrow }) => ({
      grid: { left: 52, right: 6, top: 10, bottom: 26 },
      xAxis: categories(
        days.map(({ atMs }) => {
          const [weekday = "", day = ""] = clock.date(atMs).split(" ");
          return days.length > 14 || narrow
            ? days.length > 14
              ? day
              : weekday
            : `${weekday} ${day}`;
        }),
      ),
      yAxis: amounts(axis),
      series: costParts.map((part) => ({
        ...still,
        type: "bar" as const,
        stack: "day",
        barMaxWidth: 44,
        barCategoryGap: "28%",
        itemStyle: { color: `var(--${part})` },
        data: days.map(({ parts }) => parts[part]),
      })),
    }),
  });
  return html`<div><h3>${name}<small>${pool.cost === undefined ? "machine-hours a day, no rate" : "US dollars a day"}</small></h3>${plot}</div>`;
}
