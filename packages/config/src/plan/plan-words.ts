import type { PoolConfig } from "@runs-fleet/core";
import { momentWords } from "../explain/moment.ts";
import { count, duration } from "../report/format.ts";
import type { PlannedChange, PlannedPool, PlannedStep, PlannedTotals } from "./plan-config.ts";

/** Longest text of a value: a whole pool says little more than that it is there. */
const longestValue = 80;

/** A value as people read it in a line: numbers of milliseconds as spans, anything long cut. */
function valueWords(value: unknown, key: string): string {
  if (typeof value === "number" && /Ms$/.test(key)) return duration(value);
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > longestValue ? `${text.slice(0, longestValue - 1)}…` : text;
}

/** A whole pool, in words. `undefined`: this is none. */
function poolWords(path: string, value: unknown): string | undefined {
  if (!/^pools\.[^.]+$/.test(path)) return undefined;
  const { schedule, limits } = value as PoolConfig;
  const { hot, stopped } = schedule.default;
  const entries = schedule.entries.map(({ name }) => name);
  const windows = entries.length === 0 ? "" : ` outside ${entries.join(", ")}`;
  return `hot ${count(hot)}, stopped ${count(stopped)}${windows}; at most ${count(limits.machines)} machines`;
}

/** What becomes of a field, without its path: `450 → 500`. */
export function changeWords({ kind, path, before, after }: PlannedChange): string {
  const key = path.slice(path.lastIndexOf(".") + 1);
  switch (kind) {
    case "added":
      return poolWords(path, after) ?? valueWords(after, key);
    case "removed":
      return poolWords(path, before) ?? valueWords(before, key);
    case "changed":
      return `${valueWords(before, key)} → ${valueWords(after, key)}`;
    case "rolled":
      return "its machines become another kind and are replaced, those with jobs after them";
  }
}

/** `2 → 25`, or `25` when nothing changes. */
const change = (before: string, after: string): string =>
  before === after ? after : `${before} → ${after}`;

const usd = (value: number): string => `$${value < 100 ? value.toFixed(2) : count(value)}`;

/** Heads of the columns of {@link usageRow}. */
export const usageHeads = [
  "pool",
  "hot",
  "stopped",
  "peak",
  "hot hours",
  "stopped hours",
  "30 days",
];

/** What a pool keeps ready in the next 30 days, before and after, as the cells of a row. */
export function usageRow({ name, before, after }: PlannedPool): readonly string[] {
  const cell = (pick: (usage: NonNullable<typeof before>) => string): string =>
    change(before ? pick(before) : "–", after ? pick(after) : "–");
  return [
    name,
    cell(({ now }) => count(now.hot)),
    cell(({ now }) => count(now.stopped)),
    cell(({ peak }) => count(peak.hot + peak.stopped)),
    cell(({ hotHours }) => count(hotHours)),
    cell(({ stoppedHours }) => count(stoppedHours)),
    cell(({ monthUsd }) => (monthUsd === undefined ? "no rate" : usd(monthUsd))),
  ];
}

/** When, which pool, from which numbers to which, and which entries begin or end then, as the cells of a row. */
export function stepWords({
  atMs,
  timeZone,
  pool,
  before,
  after,
  causes,
}: PlannedStep): readonly string[] {
  const number = (what: string, from: number, to: number): string =>
    from === to ? "" : `${what} ${count(from)} → ${count(to)}`;
  const wants = [
    number("hot", before.hot, after.hot),
    number("stopped", before.stopped, after.stopped),
  ];
  return [
    `${momentWords(timeZone)(atMs)} ${timeZone}`,
    pool,
    wants.filter((word) => word !== "").join(", "),
    causes.join(", "),
  ];
}

/** What all pools together keep ready, as sentences. */
export function totalWords(before: PlannedTotals, after: PlannedTotals): readonly string[] {
  const priced =
    before.monthUsd !== undefined && after.monthUsd !== undefined
      ? [
          `All pools, 30 days, without jobs: ${change(usd(before.monthUsd), usd(after.monthUsd))}${difference(before.monthUsd, after.monthUsd)}; the least of an hour ${change(usd(before.floorUsdPerHour ?? 0), usd(after.floorUsdPerHour ?? 0))}`,
        ]
      : [];
  return [
    `All pools, 30 days, without jobs: ${change(count(before.hotHours), count(after.hotHours))} hot hours, ${change(count(before.stoppedHours), count(after.stoppedHours))} stopped; never fewer than ${change(count(before.floorHot), count(after.floorHot))} hot`,
    ...priced,
  ];
}

const difference = (before: number, after: number): string =>
  before === after ? "" : ` (${after > before ? "+" : "−"}${usd(Math.abs(after - before))})`;
