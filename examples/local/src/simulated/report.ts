import type { FleetStatus } from "@runs-fleet/core";
import { type Figures, onDemand, type Row, type Served } from "./figures.ts";
import type { Pace } from "./pacer.ts";

/** A simulated moment for people, UTC: `Tue 24 Nov 2026 08:00`. */
export function momentText(atMs: number): string {
  const date = new Date(atMs);
  const day = date.toUTCString().slice(0, 16).replace(",", "");
  return `${day} ${date.toISOString().slice(11, 16)}`;
}

/** Seconds below two minutes, minutes above. */
function span(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`;
}

function percentile(values: readonly number[], share: number): string {
  if (values.length === 0) return "-";
  const sorted = [...values].sort((left, right) => left - right);
  return span(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0);
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? "-" : `${Math.round((100 * part) / whole)}%`;

function sum(rows: Iterable<Row>, of: (row: Row) => number): number {
  let total = 0;
  for (const row of rows) total += of(row);
  return total;
}

const servedIn = ({ served }: Row): number => served.hot + served.stopped + served.cold;

/** Lines in columns: the first to the left, the others to the right. */
function columns(table: readonly (readonly string[])[]): readonly string[] {
  const widths = table.reduce<number[]>(
    (widest, cells) => cells.map((cell, index) => Math.max(cell.length, widest[index] ?? 0)),
    [],
  );
  return table.map((cells) =>
    cells
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

/** Width of a pool's column in the hourly lines. */
const cellWidth = 16;
const timeWidth = 18;

/** The heads of the hourly lines, for the pools in their order. */
export function hourHead(pools: readonly string[]): readonly string[] {
  return [
    `${"".padEnd(timeWidth)}  ${pools.map((name) => name.padEnd(cellWidth)).join("  ")}  jobs of the hour`,
    `${"UTC".padEnd(timeWidth)}  ${pools.map(() => "hot   stop  busy".padEnd(cellWidth)).join("  ")}  hot stopped cold  wait p95`,
  ];
}

/** How things stand at the end of an hour, and what its jobs met. */
export function hourLine(atMs: number, status: FleetStatus, hour: Figures): string {
  const cells = status.pools.map(({ ready, target, busy }) => {
    const hot = `${ready.hot}/${target.hot}`.padEnd(6);
    const stopped = `${ready.stopped}/${target.stopped}`.padEnd(6);
    return `${hot}${stopped}${busy}`.padEnd(cellWidth);
  });
  const rows = [...hour.rows.values()];
  const counts = [
    String(sum(rows, ({ served }) => served.hot)).padStart(3),
    String(sum(rows, ({ served }) => served.stopped)).padStart(7),
    String(sum(rows, ({ served }) => served.cold)).padStart(4),
  ];
  const waits = rows.flatMap(({ waitsMs }) => waitsMs);
  const when = momentText(atMs).replace(/ \d{4}(?= )/, "");
  return `${when.padEnd(timeWidth)}  ${cells.join("  ")}  ${counts.join(" ")}  ${percentile(waits, 0.95).padStart(8)}`;
}

const tableHead = [
  ...["", "jobs", "hot", "stopped", "cold", "wait p50", "p95"],
  ...["ready", "machine hours", "always on", "cost"],
];

function rowCells(name: string, row: Row, hours: number): readonly string[] {
  const { served, waitsMs, readyHours, wantedHours, onHours, peak } = row;
  const counts = [servedIn(row), served.hot, served.stopped, served.cold].map(String);
  const waits = [percentile(waitsMs, 0.5), percentile(waitsMs, 0.95)];
  const hot = percent(readyHours, wantedHours);
  const always =
    name === onDemand
      ? ["-", "-"]
      : [`${peak} x ${Number(hours.toFixed(1))} h`, percent(onHours, peak * hours)];
  return [name, ...counts, ...waits, hot, onHours.toFixed(1), ...always];
}

/** Speed for people: `600 times as fast`. */
export function paceText({ asked, actual, tooSlow }: Pace): string {
  const now = actual === undefined ? "" : `${Math.max(1, Math.round(actual))} times as fast`;
  if (asked === "max") return now || "as fast as this computer can";
  if (asked === 1 && !tooSlow) return "as fast as real time";
  return tooSlow && now
    ? `${now}, not the ${asked} times that were asked for`
    : `${asked} times as fast`;
}

/** What stands above each page. */
export function noticeText(nowMs: number, pace: Pace): string {
  const time = pace.paused ? "time stands still" : `time runs ${paceText(pace)}`;
  return `Simulation: the machines and GitHub are simulated, and ${time}. There it is ${momentText(nowMs)} UTC.`;
}

/** The line that changes. */
export function liveText(nowMs: number, pace: Pace, status: FleetStatus | undefined): string {
  const { jobs = [], machines = [] } = status ?? {};
  const waiting = jobs.filter(({ state }) => state === "queued" || state === "assigned").length;
  const running = jobs.filter(({ state }) => state === "running").length;
  const speed = pace.paused ? "paused" : `${Math.round(pace.actual ?? 0)}x`;
  return `${momentText(nowMs)} UTC  ${speed}  ${waiting} jobs wait, ${running} run, ${machines.length} machines  | q ends, p pauses, b bursts`;
}

/** What a simulation was, after its end. */
export interface Outcome {
  readonly hours: number;
  readonly figures: Figures;
  readonly pools: readonly string[];
  /** Jobs that ran. */
  readonly served: number;
  /** Jobs that ran twice. */
  readonly doubled: number;
  /** Jobs that have not ended. */
  readonly open: number;
  /** Machines that nobody wants or knows any more. `undefined`: jobs still run, so nobody can tell. */
  readonly leaked: number | undefined;
  /** Machines that the controller has. */
  readonly machines: number;
}

function windowsText({ opened, openedReady, openedWanted }: Figures): string {
  if (opened === 0) return "none opened";
  const share = percent(openedReady, openedWanted);
  return `${opened} opened, with ${share} of their ${openedWanted} hot machines ready at that moment`;
}

/** The summary. */
export function summaryLines(outcome: Outcome): readonly string[] {
  const { figures, hours, leaked, machines } = outcome;
  const entries = [...outcome.pools, onDemand].flatMap((name) => {
    const row = figures.rows.get(name);
    return row ? [{ name, row }] : [];
  });
  const rows = entries.map(({ row }) => row);
  const pooled = entries.filter(({ name }) => name !== onDemand).map(({ row }) => row);
  const waits = rows.flatMap(({ waitsMs }) => waitsMs);
  const by = (kind: Served): number => sum(rows, ({ served }) => served[kind]);
  const on = sum(pooled, ({ onHours }) => onHours);
  const always = sum(pooled, ({ peak }) => peak * hours);
  const ready = percent(
    sum(pooled, ({ readyHours }) => readyHours),
    sum(pooled, ({ wantedHours }) => wantedHours),
  );
  const stopped = sum(pooled, ({ stoppedHours }) => stoppedHours);
  return [
    ...columns([tableHead, ...entries.map(({ name, row }) => rowCells(name, row, hours))]),
    "",
    `served    ${outcome.served} jobs: ${by("hot")} hot, ${by("stopped")} stopped, ${by("cold")} cold; ${outcome.open} not ended, ${outcome.doubled} run twice`,
    `waits     p50 ${percentile(waits, 0.5)}, p95 ${percentile(waits, 0.95)}, from queued to started`,
    `ready     ${ready} of the hot machines that the schedules wanted, while jobs took them`,
    `windows   ${windowsText(figures)}`,
    `launches  ${figures.launched} machines bought, ${figures.launchesRefused} refused; ${figures.started} started, ${figures.startsRefused} refused`,
    `cost      ${on.toFixed(0)} machine hours of pools, ${percent(on, always)} of the ${always.toFixed(0)} if they were always on at their peaks; ${stopped.toFixed(0)} hours stopped pay disks alone`,
    leaked === undefined
      ? `machines  ${machines} at the end`
      : `machines  ${leaked} left over (and ${machines - leaked} warm in pools)`,
  ];
}
