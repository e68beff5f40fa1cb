import { type Html, html } from "@runs-fleet/core/html";
import { count } from "../../report/format.ts";
import type { PoolWeek } from "../pool-week.ts";
import { dayColumns } from "./day-columns.ts";
import { drawDays, drawMarks } from "./draw-days.ts";
import { drawStretches } from "./draw-stretches.ts";
import type { Frame } from "./frame.ts";
import { px } from "./px.ts";
import { scaleOf } from "./scale.ts";

/** Height of a drawing: names of the days and of what is special, the picture, hours. */
export const weekHeight = 196;

/** From the top: names of days, of what is special, the picture. */
const top = 42;
const bottom = weekHeight - 20;
/** Room for numbers at the left. */
const left = 40;
const right = 6;

/** The week of a pool: hot machines below, stopped ones on top of them, as wide as is said and {@link weekHeight} high. */
export function drawWeek(week: PoolWeek, width: number): Html {
  const scale = scaleOf(week.peak.total, week.pool.limits.machines);
  const frame: Frame = {
    week,
    columns: dayColumns(week, left, width - right),
    scale,
    top,
    bottom,
    y: (machines) => bottom - ((bottom - top) * machines) / scale.top,
  };
  return html`${drawDays(frame)}${drawTicks(frame)}${drawStretches(frame)}${drawLimit(frame)}${drawMarks(frame)}`;
}

function drawTicks({ columns, scale, y }: Frame): Html {
  const lines = scale.ticks.map(
    (tick) =>
      html`<line x1="${px(columns.left)}" y1="${px(y(tick))}" x2="${px(columns.right)}" y2="${px(y(tick))}" class="grid"/><text x="${px(columns.left - 7)}" y="${px(y(tick) + 4)}" class="tick">${count(tick)}</text>`,
  );
  return html`${lines}<text x="${px(columns.left - 7)}" y="${px(bottom + 1)}" class="tick">0</text>`;
}

function drawLimit({ week, columns, scale, y }: Frame): Html {
  const { machines } = week.pool.limits;
  const label = `limit ${count(machines)}`;
  const title = html`<title>At most ${count(machines)} machines in any state, those with jobs among them</title>`;
  if (!scale.showsLimit) {
    return html`<g>${title}<text x="${px(columns.right - 5)}" y="${top + 12}" class="limit-text">↑ ${label}</text></g>`;
  }
  const at = y(machines);
  return html`<g>${title}<line x1="${px(columns.left)}" y1="${px(at)}" x2="${px(columns.right)}" y2="${px(at)}" class="limit"/><text x="${px(columns.right - 5)}" y="${px(at - 4)}" class="limit-text">${label}</text></g>`;
}
