import { type Html, html } from "@runs-fleet/core/html";
import type { PoolWeek } from "../pool-week.ts";
import { textWidth } from "./fit-text.ts";
import { px } from "./px.ts";

const line = 20;
const textPx = 12;
const swatch = { width: 18, height: 12 } as const;

interface Item {
  readonly name: string;
  readonly draw: (x: number, y: number) => Html;
}

const box =
  (kind: string) =>
  (x: number, y: number): Html =>
    html`<rect x="${px(x)}" y="${px(y)}" width="${swatch.width}" height="${swatch.height}" rx="2" class="swatch ${kind}"/>`;

const stroke =
  (kind: string) =>
  (x: number, y: number): Html =>
    html`<line x1="${px(x)}" y1="${px(y + 6)}" x2="${px(x + swatch.width)}" y2="${px(y + 6)}" class="${kind}"/>`;

/** What occurs in the pictures. */
function itemsOf(weeks: readonly PoolWeek[]): readonly Item[] {
  const days = weeks.flatMap((week) => week.days);
  const hasMarks = days.some(({ marks }) => marks.length > 0);
  const hasClock = days.some(({ clockChanges }) => clockChanges.length > 0);
  return [
    { name: "hot", draw: box("hot") },
    { name: "stopped, on top", draw: box("stopped") },
    { name: "limit of the pool", draw: stroke("limit") },
    ...(hasMarks ? [{ name: "holiday or another exception", draw: box("mark") }] : []),
    ...(hasClock ? [{ name: "the clock changes", draw: stroke("clock") }] : []),
  ];
}

/** What the colours stand for, in as many lines as it takes. */
export function drawLegend(
  weeks: readonly PoolWeek[],
  left: number,
  y: number,
  right: number,
): { readonly markup: Html; readonly height: number } {
  let [x, row] = [left, 0];
  const drawn = itemsOf(weeks).map(({ name, draw }) => {
    const width = swatch.width + 6 + textWidth(name, textPx) + 16;
    if (x > left && x + width > right) [x, row] = [left, row + 1];
    const top = y + row * line;
    const markup = html`${draw(x, top)}<text x="${px(x + swatch.width + 6)}" y="${px(top + 10)}" class="soft">${name}</text>`;
    x += width;
    return markup;
  });
  return { markup: html`${drawn}`, height: (row + 1) * line };
}
