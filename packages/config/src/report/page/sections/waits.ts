import { type Html, html } from "@runs-fleet/core/html";
import { type FleetReport, type PhasesMs, type Waits, waitPhases } from "@runs-fleet/core/testing";
import { weekHourName } from "../../clock.ts";
import { poolName } from "../../findings.ts";
import { count, duration, percent } from "../../format.ts";
import { amounts, besideNames, label, names, still, times } from "../axes.ts";
import { draw } from "../draw.ts";
import { type Cell, legend, section, table } from "../parts.ts";
import { heatLegend, heatMap } from "./heat.ts";
import { lengthsPart } from "./lengths.ts";

/** What the phases of a wait are called, in the order of {@link waitPhases}. */
const phaseWords: Readonly<Record<keyof PhasesMs, string>> = {
  delivery: "until the controller knows",
  limit: "until a machine is asked for",
  boot: "until the machine is ready",
  planning: "until it is claimed",
  assignment: "registration at GitHub, way to the machine",
  registration: "the runner's start",
};

/** How long jobs waited: by pool, by hour of the week, and on what. */
export function waitsSection(report: FleetReport): Html {
  const pools = report.pools.filter(({ waitsMs }) => waitsMs.jobs > 0);
  const rows = [
    ...pools.map(({ name, waitsMs }) => row(poolName(name), waitsMs)),
    ...(pools.length > 1 ? [row("all", report.waitsMs)] : []),
  ];
  return section(
    "waits",
    "How long jobs wait",
    "From being queued at GitHub to being started.",
    table({
      caption: "Waits by pool",
      head: ["pool", "jobs", "p50", "p95", "p99", "longest", "over a minute"],
      rows,
      sum: pools.length > 1,
    }),
    quantiles(pools.map(({ name, waitsMs }) => ({ name: poolName(name), waitsMs }))),
    lengthsPart(pools),
    html`<h3>When <small>p95 of each hour of the week in seconds, ${report.timeZone}; empty hours had no job</small></h3>`,
    legend(heatLegend),
    html`${pools.map(
      (pool, index) =>
        html`<h3>${poolName(pool.name)}</h3>${heatMap(pool, index)}${worstHours(pool.weekHours)}`,
    )}`,
    html`<h3>On what <small>means over all jobs, in the order in which a job meets it</small></h3>`,
    phasesPlot(report),
    legend(
      waitPhases.map((phase, index) => ({ colour: `phase-${index}`, name: phaseWords[phase] })),
    ),
    table({
      caption: "Means of the phases of a wait, by pool",
      head: ["pool", ...waitPhases],
      rows: pools.map(({ name, phasesMs }) => [
        poolName(name),
        ...waitPhases.map((phase) => duration(phasesMs[phase])),
      ]),
    }),
  );
}

function row(name: string, waits: Waits): readonly (string | Cell)[] {
  const share = percent(waits.over60Share);
  return [
    name,
    count(waits.jobs),
    duration(waits.p50),
    duration(waits.p95),
    duration(waits.p99),
    duration(waits.max),
    waits.over60Share > 0.05 ? { value: share, kind: "over" } : share,
  ];
}

/** Where the scale of waits has a line, milliseconds: one of a thousand days is off it. */
const ticks = [1, 3, 10, 30, 60, 180, 600, 1_800, 3_600, 10_800, 43_200, 86_400].map(
  (seconds) => seconds * 1_000,
);

/** Those that a phone has room for. */
const roundTicks = new Set([1_000, 10_000, 60_000, 600_000, 3_600_000, 43_200_000]);

function tick(valueMs: number): string {
  const seconds = Math.round(valueMs / 1_000);
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`;
}

/** p50, p95, p99 and the longest of each pool, on a scale by which 5 s and 5 min can both be read. */
function quantiles(rows: readonly { readonly name: string; readonly waitsMs: Waits }[]): Html {
  const points = ["p50", "p95", "p99", "max"] as const;
  const marks = ["circle", "diamond", "triangle", "rect"] as const;
  const longest = Math.max(...rows.map(({ waitsMs }) => waitsMs.max));
  const end = ticks.findIndex((value) => value >= longest);
  const scale = ticks.slice(0, end < 0 ? ticks.length : Math.max(end + 1, 4));
  const plot = draw({
    id: "quantiles",
    description: "p50, p95, p99 and the longest wait of each pool, as in the table above",
    height: rows.length * 34 + 34,
    title: (series, datum) => {
      const found = rows[datum];
      const point = points[series];
      if (found === undefined || point === undefined) return "";
      return `${found.name}: ${point} ${duration(found.waitsMs[point])}`;
    },
    option: ({ narrow }) => ({
      grid: besideNames(narrow),
      xAxis: amounts(tick, {
        type: "log",
        min: 1_000,
        max: Math.max(...scale),
        axisLabel: {
          ...label,
          customValues: scale.filter((value) => !narrow || roundTicks.has(value)),
          formatter: tick,
        },
        axisTick: { show: false, customValues: scale },
      }),
      yAxis: names(
        rows.map(({ name }) => name),
        narrow,
      ),
      series: points.map((point, index) => ({
        ...still,
        type: "scatter" as const,
        symbol: marks[index] ?? "circle",
        symbolSize: point === "p95" ? 13 : 10,
        itemStyle: {
          opacity: 1,
          color: `var(--${["hot", "busy", "idle", "cold"][index] ?? "busy"})`,
        },
        data: rows.map(({ waitsMs }, at) => [Math.max(1_000, waitsMs[point]), at]),
      })),
    }),
  });
  return html`${plot}${legend([
    { colour: "hot", name: "p50 ●" },
    { colour: "busy", name: "p95 ◆" },
    { colour: "idle", name: "p99 ▲" },
    { colour: "cold", name: "longest ■" },
  ])}`;
}

function worstHours(hours: FleetReport["weekHours"]): Html {
  const worst = [...hours].sort((a, b) => b.p95 - a.p95 || a.hour - b.hour).slice(0, 8);
  return html`<details><summary>The slowest hours as a table</summary>${table({
    caption: "Hours of the week with the longest p95",
    head: ["hour", "jobs", "p50", "p95", "p99", "over a minute"],
    rows: worst.map((hour) => [
      weekHourName(hour.hour),
      count(hour.jobs),
      duration(hour.p50),
      duration(hour.p95),
      duration(hour.p99),
      percent(hour.over60Share),
    ]),
  })}</details>`;
}

function phasesPlot(report: FleetReport): Html {
  const pools = report.pools.filter(({ waitsMs }) => waitsMs.jobs > 0);
  return draw({
    id: "phases",
    description: "Means of the phases of a wait for each pool, as in the table below",
    height: pools.length * 34 + 34,
    title: (series, datum) => {
      const [phase, pool] = [waitPhases[series], pools[datum]];
      if (phase === undefined || pool === undefined) return "";
      return `${poolName(pool.name)}: ${phaseWords[phase]}, ${duration(pool.phasesMs[phase])}`;
    },
    option: ({ narrow }) => ({
      grid: besideNames(narrow),
      xAxis: times(
        Math.max(
          0,
          ...pools.map(({ phasesMs }) =>
            waitPhases.reduce((sum, phase) => sum + phasesMs[phase], 0),
          ),
        ),
        narrow,
      ),
      yAxis: names(
        pools.map(({ name }) => poolName(name)),
        narrow,
      ),
      series: waitPhases.map((phase, index) => ({
        ...still,
        type: "bar" as const,
        stack: "wait",
        barWidth: 16,
        itemStyle: { color: `var(--phase-${index})` },
        data: pools.map(({ phasesMs }) => phasesMs[phase]),
      })),
    }),
  });
}
