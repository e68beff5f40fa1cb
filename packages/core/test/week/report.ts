import { civilAt } from "./civil.ts";
import { bootMs, failing, homeZone, launchMs, rates, startMs } from "./configuration.ts";
import type { Judgement, PoolWeek, Waits } from "./judgement.ts";
import type { Lived } from "./week.ts";

const fixed = (value: number, digits = 1): string => value.toFixed(digits);
const percent = (part: number): string => `${fixed(part * 100, 2)} %`;
const seconds = (ms: number): string => `${fixed(ms / 1_000)} s`;

/** Columns of equal width, the first one to the left and the numbers to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

function dayOf(atMs: number): string {
  const { weekday, date } = civilAt(atMs);
  return `${weekday} ${date}`;
}

function poolRow({ pool, windows, hours, mostAlive }: PoolWeek): readonly string[] {
  const least = Math.min(1, ...windows.map((window) => window.least));
  const plain = Math.min(1, ...windows.map((window) => window.plain));
  return [
    pool.name,
    String(windows.length),
    windows.length === 0 ? "-" : fixed(least, 3),
    windows.length === 0 ? "-" : fixed(plain, 3),
    fixed(hours.target),
    fixed(hours.idle),
    fixed(hours.stopped),
    fixed(hours.above, 2),
    percent(hours.above / hours.target),
    fixed(hours.below, 2),
    seconds(hours.longestBelowMs),
    fixed(hours.working),
    `${mostAlive}/${pool.limits.machines}`,
    `${hours.peak.hot}+${hours.peak.stopped}`,
    fixed(hours.usd.spare, 2),
    fixed(hours.usd.planned, 2),
    fixed(hours.usd.alwaysOn, 2),
    percent(hours.usd.spare / hours.usd.alwaysOn),
  ];
}

const poolHead = [
  "pool",
  "windows",
  "ready/target",
  "no excuse",
  "target h",
  "idle h",
  "stopped h",
  "above h",
  "overshoot",
  "below h",
  "longest",
  "working h",
  "most",
  "peak",
  "spare USD",
  "planned",
  "always on",
  "ratio",
] as const;

function waitRow(name: string, { jobs, p50Ms, p95Ms }: Waits): readonly string[] {
  return [name, String(jobs), seconds(p50Ms), seconds(p95Ms)];
}

/** The words under the table: what each number is. */
const definitions: readonly string[] = [
  "ready/target  the least, over every moment of a window's first minute, of ready unclaimed machines by what the calendar says;",
  "              a job queued within the last lead time excuses one machine (no excuse: none). Stopped machines likewise, unexcused.",
  "target h      machine-hours of both tiers that calendar, lead, hold and ramps want. idle h: ready, booting for no waiting job,",
  "              or registered for a job that went away. stopped h: switched off. working h: claimed, busy, or booting for a job.",
  "above h       idle beyond the hot target and what the stopped tier still lacks, and stopped beyond its target; overshoot: by target h.",
  "below h       hot target that neither ready nor booting machines cover while the pool may have more; longest: the longest such time.",
  "most          machines at once, of the pool's limit. peak: highest hot and stopped levels of the calendar.",
  "spare USD     idle and stopped hours. planned: the forecast of the target. always on: the forecast of the peak, all week.",
];

/** A judged week for people. */
export function reportWeek(lived: Lived, judgement: Judgement): readonly string[] {
  const { week, seed, testimony, failures, jobs } = lived;
  const { pools, waits, usd, bought, verdicts } = judgement;
  const { launchCalls, starts } = testimony.counts();
  const hours = (week.toMs - week.fromMs) / 3_600_000;
  return [
    `The ${week.name} week, ${dayOf(week.fromMs)} to ${dayOf(week.toMs)} in ${homeZone}, ${hours} h; seed ${seed}, scale ${lived.scale}`,
    `Launches take ${seconds(launchMs)}, boots ${seconds(bootMs)}, starts ${seconds(startMs)}; ${percent(failing)} of the machines asked for are not there,`,
    `and as many calls fail, half of them after their effect. USD an hour: hot ${rates.hotUsdPerHour}, stopped ${rates.stoppedUsdPerHour}.`,
    "",
    ...table([poolHead, ...pools.map(poolRow)]),
    "",
    ...definitions,
    "",
    ...table([
      ["jobs served by", "jobs", "wait p50", "wait p95"],
      waitRow("hot", waits.hot),
      waitRow("stopped", waits.stopped),
      waitRow("cold", waits.cold),
    ]),
    "",
    `${jobs.queued} jobs, ${jobs.cancelled} cancelled. ${bought} machines bought in ${testimony.purchases.size} purchases and ${launchCalls} calls, ${starts} starts.`,
    `${failures.machines} machines were not to be had, ${failures.calls} calls failed, ${failures.answers} answers were lost.`,
    `Spare capacity cost ${fixed(usd.spare, 2)} USD (planned ${fixed(usd.planned, 2)}), always on ${fixed(usd.alwaysOn, 2)}: ${percent(usd.spare / usd.alwaysOn)}. With the working machines`,
    `(${fixed(usd.working, 2)} in both) ${fixed(usd.spare + usd.working, 2)} against ${fixed(usd.alwaysOn + usd.working, 2)} USD: ${percent((usd.spare + usd.working) / (usd.alwaysOn + usd.working))}.`,
    "",
    ...verdicts.map(({ name, holds, told }) => `${holds ? "ok   " : "WRONG"} ${name}: ${told}`),
  ];
}
