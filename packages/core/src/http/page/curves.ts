import { target } from "@runs-fleet/scheduling";
import type { PoolDetail, PoolStatus } from "../../fleet/status.ts";
import type { PoolPoint } from "../../pools/pool-history.ts";
import { shareOf } from "../../pools/pool-target.ts";

/** Values over time, each from its moment until the next. */
export type Steps = readonly { readonly atMs: number; readonly value: number }[];

/** Plots are drawn on this many units and stretched to their place. */
export const plotWidth = 1000;
/** Height of a plot in its own units. */
export const plotHeight = 100;

/** What was recorded, up to how it stands now. */
export function pointsUntilNow(
  detail: PoolDetail | undefined,
  status: PoolStatus,
  nowMs: number,
): readonly PoolPoint[] {
  const now: PoolPoint = {
    atMs: nowMs,
    target: status.target.hot,
    ready: status.ready.hot,
    booting: status.booting + status.buying,
    busy: status.busy,
    stoppedTarget: status.target.stopped,
    stopped: status.ready.stopped,
  };
  return [...(detail?.history?.points ?? []).filter(({ atMs }) => atMs < nowMs), now];
}

/** One curve of the points. */
export function stepsOf(points: readonly PoolPoint[], field: keyof PoolPoint): Steps {
  return points.map((point) => ({ atMs: point.atMs, value: point[field] }));
}

/** The value that held at a moment; `undefined` before the first. */
export function valueAt(steps: Steps, atMs: number): number | undefined {
  let value: number | undefined;
  for (const step of steps) {
    if (step.atMs > atMs) break;
    value = step.value;
  }
  return value;
}

/** Most changes of a target that are drawn ahead. */
const mostAhead = 200;

/** What the schedule will want here, from now on. */
export function targetAhead(
  { schedule, config, region }: PoolDetail,
  field: "hot" | "stopped",
  fromMs: number,
  toMs: number,
): Steps {
  if (schedule === undefined) return [];
  const steps: { atMs: number; value: number }[] = [];
  let atMs = fromMs;
  while (atMs < toMs && steps.length < mostAhead) {
    const wanted = target(schedule, atMs);
    steps.push({ atMs, value: shareOf(config, region, wanted[field]) });
    if (wanted.untilMs === undefined) break;
    atMs = wanted.untilMs;
  }
  return steps;
}

/** Where a plot shows what. */
export interface Scale {
  readonly fromMs: number;
  readonly toMs: number;
  readonly top: number;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Moments to the right, from 0 to {@link plotWidth}. */
export function xOf({ fromMs, toMs }: Scale, atMs: number): number {
  const share = (atMs - fromMs) / (toMs - fromMs);
  return round(Math.min(1, Math.max(0, share)) * plotWidth);
}

/** Machines upwards. The line at the top and the one at the bottom stay whole. */
export function yOf({ top }: Scale, value: number): number {
  const margin = 2;
  return round(plotHeight - margin - (Math.min(value, top) / top) * (plotHeight - 2 * margin));
}

/** A path of steps up to `untilMs`. `closed` goes down to zero at both ends. */
export function stepPath(steps: Steps, scale: Scale, untilMs: number, closed = false): string {
  const { fromMs } = scale;
  // Of what lies before the beginning only the last still holds.
  const first = steps.findLastIndex(({ atMs }) => atMs <= fromMs);
  const shown = steps.slice(Math.max(0, first));
  const [start] = shown;
  if (start === undefined) return "";
  const x = (atMs: number): number => xOf(scale, atMs);
  const parts = closed
    ? [`M${x(start.atMs)} ${yOf(scale, 0)}V${yOf(scale, start.value)}`]
    : [`M${x(start.atMs)} ${yOf(scale, start.value)}`];
  for (const { atMs, value } of shown.slice(1)) parts.push(`H${x(atMs)}V${yOf(scale, value)}`);
  parts.push(`H${x(untilMs)}`);
  if (closed) parts.push(`V${yOf(scale, 0)}Z`);
  return parts.join("");
}

/** The highest value that is shown in a plot. */
export function highest(curves: readonly Steps[], { fromMs, toMs }: Omit<Scale, "top">): number {
  return curves.reduce((most, steps) => {
    const first = steps.findLastIndex(({ atMs }) => atMs <= fromMs);
    return steps
      .slice(Math.max(0, first))
      .filter(({ atMs }) => atMs <= toMs)
      .reduce((top, { value }) => Math.max(top, value), most);
  }, 0);
}
