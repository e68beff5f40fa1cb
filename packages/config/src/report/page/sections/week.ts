import { type Html, html } from "@runs-fleet/core/html";
import type { FleetReport, PoolSeries, Series } from "@runs-fleet/core/testing";
import type { ReportClock } from "../../clock.ts";
import { poolName } from "../../findings.ts";
import { amounts, label, still } from "../axes.ts";
import { draw } from "../draw.ts";
import { legend, section } from "../parts.ts";

const hourMs = 3_600_000;

/** Curves of each pool over the whole time. */
export function weekSection(report: FleetReport, clock: ReportClock): Html {
  const series = coarser(report.series);
  const alive = series.pools.filter((pool) =>
    [pool.target, pool.ready, pool.busy, pool.booting].some((curve) =>
      curve.some((value) => value > 0),
    ),
  );
  return section(
    "week",
    "What the pools do",
    `Means of ${bin(series.binMs)}, ${clock.timeZone}: ready machines, held against what the schedule wants ready, and busy ones on top of them.`,
    legend([
      { colour: "busy-fill", name: "busy, on top" },
      { colour: "ready-fill", name: "ready" },
      { colour: "target", name: "ready, as the schedule wants", line: true },
      { colour: "limit", name: "jobs that wait", line: true },
    ]),
    html`${alive.map((pool, index) => curves(pool, { ...report, series }, clock, index))}`,
  );
}

/** Most bins that a drawing shows apart. */
const mostBins = 340;

/** Means over several bins, so that a week is not drawn as a comb. */
function coarser(series: Series): Series {
  const bins = Math.max(0, ...series.pools.map(({ busy }) => busy.length));
  const hourBins = Math.max(1, Math.round(hourMs / series.binMs));
  const factor = bins <= mostBins ? 1 : Math.max(hourBins, Math.ceil(bins / mostBins));
  if (factor === 1) return series;
  const mean = (values: readonly number[]) =>
    Array.from({ length: Math.ceil(values.length / factor) }, (_, index) => {
      const part = values.slice(index * factor, (index + 1) * factor);
      return Math.round((part.reduce((sum, value) => sum + value, 0) / part.length) * 100) / 100;
    });
  return {
    fromMs: series.fromMs,
    binMs: series.binMs * factor,
    pools: series.pools.map(({ pool, ...curves }) => ({
      pool,
      target: mean(curves.target),
      ready: mean(curves.ready),
      booting: mean(curves.booting),
      busy: mean(curves.busy),
      stoppedTarget: mean(curves.stoppedTarget),
      stopped: mean(curves.stopped),
      waiting: mean(curves.waiting),
    })),
  };
}

function bin(binMs: number): string {
  const minutes = Math.round(binMs / 60_000);
  if (minutes === 60) return "one hour";
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
}

function curves(pool: PoolSeries, report: FleetReport, clock: ReportClock, index: number): Html {
  const { fromMs, binMs } = report.series;
  const { toMs } = report.horizon;
  const bins = pool.busy.length;
  const line = (values: readonly number[]) => [
    ...values.map((value, at) => [fromMs + at * binMs, value]),
    [Math.min(toMs, fromMs + bins * binMs), values.at(-1) ?? 0],
  ];
  const midnights = dayStarts(fromMs, toMs, clock);
  const most = (values: readonly number[]) => Math.round(Math.max(0, ...values));
  const name = poolName(pool.pool);
  const plot = draw({
    id: `week${index}`,
    description: `${name}: at most ${most(pool.busy)} busy, ${most(pool.ready)} ready, ${most(pool.target)} wanted ready, ${most(pool.waiting)} jobs waiting`,
    height: 200,
    narrowHeight: 180,
    option: ({ narrow }) => ({
      grid: { left: 40, right: 8, top: 10, bottom: 26 },
      xAxis: {
        type: "value",
        min: fromMs,
        max: Math.max(toMs, fromMs + binMs),
        axisLine: { lineStyle: { color: "var(--line)" } },
        axisTick: { show: false, customValues: midnights },
        splitLine: { show: false },
        axisLabel: {
          ...label,
          align: "left",
          customValues: midnights.filter(
            (_, at) => at % Math.ceil(midnights.length / (narrow ? 7 : 14)) === 0,
          ),
          formatter: (value: number) => {
            const [weekday = "", day = "", month = ""] = clock.date(value).split(" ");
            return narrow
              ? `${midnights.length > 7 ? day : weekday}`
              : `${weekday} ${day} ${month}`;
          },
        },
      },
      yAxis: amounts((value) => String(value), { minInterval: 1 }),
      series: [
        // Ready below, so that it can be held against the line of the schedule; busy on top of it: in all, what runs.
        area(line(pool.busy.map((busy, at) => busy + (pool.ready[at] ?? 0))), "busy"),
        area(line(pool.ready), "ready"),
        {
          ...still,
          type: "line",
          step: "end",
          showSymbol: false,
          lineStyle: { color: "var(--target)", width: 1.5 },
          data: line(pool.target),
        },
        {
          ...still,
          type: "line",
          step: "end",
          showSymbol: false,
          lineStyle: { color: "var(--limit)", width: 1.5 },
          data: line(pool.waiting),
          markLine: {
            silent: true,
            symbol: "none",
            label: { show: false },
            lineStyle: { color: "var(--line)", type: "dotted" },
            data: midnights.map((atMs) => ({ xAxis: atMs })),
          },
        },
      ],
    }),
  });
  return html`<h3>${name}</h3>${plot}`;
}

function area(data: readonly (readonly number[])[], colour: string) {
  return {
    ...still,
    type: "line" as const,
    step: "end" as const,
    showSymbol: false,
    lineStyle: { width: 1, color: `var(--${colour})` },
    areaStyle: { color: `var(--${colour}-fill)`, opacity: 1 },
    data: data.map((point) => [...point]),
  };
}

/** The first hour of each day, on the clock of the report. */
function dayStarts(fromMs: number, toMs: number, clock: ReportClock): number[] {
  const found: number[] = [];
  const first = Math.ceil(fromMs / hourMs) * hourMs;
  // Some zones are half an hour off.
  for (let atMs = first; atMs < toMs; atMs += hourMs / 2) {
    if (clock.time(atMs) === "00:00") found.push(atMs);
  }
  return found.length > 0 ? found : [fromMs];
}
