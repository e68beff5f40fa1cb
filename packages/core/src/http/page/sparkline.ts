import type { PoolDetail, PoolStatus } from "../../fleet/status.ts";
import { type Html, html } from "../../html/markup.ts";
import {
  highest,
  plotHeight,
  plotWidth,
  pointsUntilNow,
  type Steps,
  stepPath,
  stepsOf,
} from "./curves.ts";

const longestMs = 24 * 3_600_000;
const shortestMs = 5 * 60_000;

/** Ready machines beside the target, and busy ones, over the last day. What it shows stands beside it in words. */
export function sparkline(detail: PoolDetail | undefined, status: PoolStatus, nowMs: number): Html {
  const { history } = detail ?? {};
  if (history === undefined)
    return html`<p class="faint spark-none">No curves: this process does not control the fleet.</p>`;
  const points = pointsUntilNow(detail, status, nowMs);
  const spanMs = Math.min(longestMs, Math.max(shortestMs, nowMs - history.sinceMs));
  const range = { fromMs: nowMs - spanMs, toMs: nowMs };
  const ready = stepsOf(points, "ready");
  const wanted = stepsOf(points, "target");
  const busy = stepsOf(points, "busy");
  const scale = { ...range, top: Math.max(1, highest([ready, wanted, busy], range)) };
  const line = (steps: Steps): string => stepPath(steps, scale, nowMs);
  return html`<svg class="spark" viewBox="0 0 ${plotWidth} ${plotHeight}" preserveAspectRatio="none" aria-hidden="true" focusable="false">
<path class="area-ready" d="${stepPath(ready, scale, nowMs, true)}"></path><path class="curve-ready" d="${line(ready)}"></path><path class="curve-busy" d="${line(busy)}"></path><path class="curve-target" d="${line(wanted)}"></path></svg>`;
}
