import { type Html, html } from "@runs-fleet/core/html";
import { type PoolReport, waitBoundsMs } from "@runs-fleet/core/testing";
import { poolName } from "../../findings.ts";
import { count, duration, percent, plural } from "../../format.ts";
import { amounts, categories, label, still } from "../axes.ts";
import { draw } from "../draw.ts";
import { legend, table } from "../parts.ts";

const longMs = 60_000;

/** Of these the table tells how many jobs waited no longer, milliseconds. */
const promisesMs = [5_000, 10_000, 30_000, longMs, 120_000, 300_000, 600_000];

/** A length of waits in one pool, whether it has jobs or not. */
interface Bar {
  readonly fromMs: number;
  /** Absent: it has no end. */
  readonly toMs: number | undefined;
  readonly jobs: number;
  /** Jobs that waited no longer than this length's end. */
  readonly within: number;
}

/** How many jobs of each pool waited how long, all on one scale so that pools can be held against one another. */
export function lengthsPart(pools: readonly PoolReport[]): Html {
  const reached = pools.flatMap(({ lengths }) => lengths.map(({ fromMs }) => placeOf(fromMs)));
  if (reached.length === 0) return html``;
  const [first, last] = [Math.min(...reached), Math.max(...reached)];
  return html`<h3>How many wait how long <small>share of the jobs of each pool; below a bar is the longest wait in it</small></h3>${legend(
    [
      { colour: "busy", name: "up to a minute" },
      { colour: "limit", name: "longer" },
    ],
  )}<div class="pair">${pools.map((pool, index) => histogram(pool, barsOf(pool, first, last), index))}</div>${within(pools)}`;
}

/** Place of a length among all lengths, by where it begins. */
function placeOf(fromMs: number): number {
  return fromMs === 0 ? 0 : waitBoundsMs.indexOf(fromMs) + 1;
}

function barsOf({ lengths }: PoolReport, first: number, last: number): readonly Bar[] {
  const jobs = new Map(lengths.map((length) => [placeOf(length.fromMs), length.jobs]));
  let soFar = 0;
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const at = first + index;
    const own = jobs.get(at) ?? 0;
    soFar += own;
    return { fromMs: waitBoundsMs[at - 1] ?? 0, toMs: waitBoundsMs[at], jobs: own, within: soFar };
  });
}

/** `30 s`, `5 min`, `2 h`: bounds are round. */
function bound(ms: number | undefined): string {
  if (ms === undefined) return "";
  const seconds = ms / 1_000;
  if (seconds < 120 && seconds % 60 !== 0) return `${seconds} s`;
  return seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`;
}

function histogram(pool: PoolReport, bars: readonly Bar[], index: number): Html {
  const { jobs, p50 } = pool.waitsMs;
  const name = poolName(pool.name);
  const most = bars.reduce((left, right) => (right.jobs > left.jobs ? right : left));
  const plot = draw({
    id: `lengths${index}`,
    description: `Lengths of the waits of ${name}: most often ${spanOf(most)}, ${percent(most.jobs / jobs)} of ${plural(jobs, "job")}; the table below tells more`,
    height: 170,
    width: 520,
    title: (_, datum) => {
      const bar = bars[datum];
      if (bar === undefined) return "";
      return `${spanOf(bar)}: ${plural(bar.jobs, "job")}, ${percent(bar.jobs / jobs)}; ${percent(bar.within / jobs)} waited no longer`;
    },
    option: ({ narrow }) => ({
      grid: { left: 44, right: 14, top: 10, bottom: 26 },
      xAxis: categories(
        bars.map(({ toMs }) => bound(toMs)),
        {
          axisTick: { show: true, alignWithLabel: false, lineStyle: { color: "var(--line)" } },
          axisLabel: { ...label, interval: narrow ? 3 : 1, hideOverlap: true },
        },
      ),
      yAxis: amounts((value) => `${value}%`),
      series: [
        {
          ...still,
          type: "bar",
          barCategoryGap: "6%",
          data: bars.map(({ toMs = Number.POSITIVE_INFINITY, jobs: own }) => ({
            value: Math.round((own / jobs) * 100_000) / 1_000,
            itemStyle: { color: toMs <= longMs ? "var(--busy)" : "var(--limit)" },
          })),
        },
      ],
    }),
  });
  return html`<div><h3>${name}<small>${plural(jobs, "job")}, half within ${duration(p50)}</small></h3>${plot}</div>`;
}

function spanOf({ fromMs, toMs }: Bar): string {
  if (toMs === undefined) return `over ${bound(fromMs)}`;
  return fromMs === 0 ? `up to ${bound(toMs)}` : `${bound(fromMs)} to ${bound(toMs)}`;
}

/** What could be promised to the jobs of each pool. */
function within(pools: readonly PoolReport[]): Html {
  return html`<details><summary>How many start within a time, as a table</summary>${table({
    caption: "Share of jobs that start within a time, by pool",
    head: ["pool", "jobs", ...promisesMs.map(bound)],
    rows: pools.map(({ name, waitsMs, lengths }) => [
      poolName(name),
      count(waitsMs.jobs),
      ...promisesMs.map((promiseMs) =>
        percent(
          lengths
            .filter(({ toMs = Number.POSITIVE_INFINITY }) => toMs <= promiseMs)
            .reduce((sum, { jobs }) => sum + jobs, 0) / waitsMs.jobs,
        ),
      ),
    ]),
  })}</details>`;
}
