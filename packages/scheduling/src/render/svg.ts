import type { Engine } from "../engine/compile.ts";
import type { Compiled } from "../types/answers.ts";
import { type Day, timeOf } from "./days.ts";
import { drawDay, escapeXml, type Frame, GAP, LEFT, px, ROW, TOP, xOf } from "./svg-day.ts";
import { patterns, SHADES, timelineStyle } from "./svg-style.ts";

const RIGHT = 14;
/** A line of the legend, and what one of its items takes, pixels. */
const LINE = 20;
const ITEM = 104;

/** How an SVG is drawn. */
export interface SvgOptions {
  readonly width: number;
  readonly nowMs: number | undefined;
  readonly styled: boolean;
}

/** Hours above the first row, as many as there is room for; the grid has all of them. */
function drawHours(hourPx: number, height: number): string {
  const every = hourPx * 3 >= 30 ? 3 : 6;
  const hours: string[] = [];
  for (let hour = 0; hour <= 24; hour += every) {
    const x = px(LEFT + hour * hourPx);
    const label = `<text x="${x}" y="${TOP - 16}" class="h">${String(hour).padStart(2, "0")}</text>`;
    hours.push(
      `<line x1="${x}" y1="${TOP - 10}" x2="${x}" y2="${height}" class="g"/>${hour === 24 ? "" : label}`,
    );
  }
  return hours.join("");
}

function drawNow(frame: Frame, days: readonly Day[], nowMs: number): string {
  const index = days.findIndex(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
  const day = days[index];
  if (day === undefined) return "";
  const x = px(xOf(frame, day, nowMs));
  const top = TOP + index * (ROW + GAP);
  const title = escapeXml(`Now, ${day.date} ${timeOf(frame.compiled as Engine, nowMs)}`);
  const line = `<line x1="${x}" y1="${top - 3}" x2="${x}" y2="${top + ROW + 3}"`;
  return `<g><title>${title}</title>${line} class="o"/>${line} class="now"/><path d="M${x} ${top}l-4 -6h8z" class="nt"/></g>`;
}

const swatch = (fill: string) => (x: number, y: number) =>
  `<rect x="${x}" y="${y}" width="16" height="12" ${fill} class="sw"/>`;

const shaded = (shade: number) => (x: number, y: number) =>
  `<rect x="${x}" y="${y}" width="16" height="12" class="sw k${shade}"/>`;

/** What occurs in the picture, in words; as many items to a line as fit. */
function drawLegend(
  { peakHot, peakStopped }: Frame,
  days: readonly Day[],
  y: number,
  { width, nowMs }: SvgOptions,
): { readonly markup: string; readonly height: number } {
  const reasons = new Set(days.flatMap(({ pieces }) => pieces.map(({ reason }) => reason)));
  const hatched = (reason: "lead" | "ramp" | "hold", label: string) =>
    reasons.has(reason) ? [{ label, draw: swatch(`fill="url(#rft-${reason})"`) }] : [];
  const items: { label: string; draw: (x: number, y: number) => string }[] = [
    { label: "0 hot", draw: shaded(0) },
    ...(peakHot > 0 ? [{ label: `${peakHot} hot`, draw: shaded(SHADES) }] : []),
    ...hatched("lead", "ready ahead"),
    ...hatched("ramp", "ramp"),
    ...hatched("hold", "held"),
    ...(nowMs === undefined
      ? []
      : [
          {
            label: "now",
            draw: (x: number, top: number) =>
              `<line x1="${x + 8}" y1="${top}" x2="${x + 8}" y2="${top + 12}" class="now"/>`,
          },
        ]),
    ...(peakStopped > 0
      ? [
          {
            label: `stopped, up to ${peakStopped}`,
            draw: (x: number, top: number) =>
              `<line x1="${x}" y1="${top + 6}" x2="${x + 16}" y2="${top + 6}" class="s"/>`,
          },
        ]
      : []),
  ];
  const left = width < 600 ? 12 : LEFT;
  // The last one is longer than the others: it may need a line of its own.
  const perLine = Math.max(1, Math.floor((width - left - 26) / ITEM));
  const drawn = items.map(({ label, draw }, index) => {
    const x = left + (index % perLine) * ITEM;
    const top = y + Math.floor(index / perLine) * LINE;
    return `${draw(x, top)}<text x="${x + 21}" y="${top + 10}" class="l">${label}</text>`;
  });
  return { markup: drawn.join(""), height: Math.ceil(items.length / perLine) * LINE };
}

const most = (days: readonly Day[], field: "hot" | "stopped"): number =>
  days.reduce(
    (top, { pieces }) => pieces.reduce((all, piece) => Math.max(all, piece[field]), top),
    0,
  );

/** A week as a heat map. */
export function renderSvg(compiled: Compiled, days: readonly Day[], options: SvgOptions): string {
  const width = Math.max(320, Math.round(options.width));
  const frame: Frame = {
    compiled,
    peakHot: most(days, "hot"),
    peakStopped: most(days, "stopped"),
    hourPx: (width - LEFT - RIGHT) / 24,
  };
  const bottom = TOP + days.length * (ROW + GAP);
  const legend = drawLegend(frame, days, bottom + 10, { ...options, width });
  const height = bottom + 14 + legend.height;
  const zone = (compiled as Engine).calendar.zones[0] ?? "UTC";
  const title = `${days[0]?.date ?? ""} to ${days.at(-1)?.date ?? ""}, ${zone}`;
  const peak = `Up to ${frame.peakHot} hot and ${frame.peakStopped} stopped machines, a row per day, hours from left to right`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="rft" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(`Pool capacity ${title}`)}</title><desc>${escapeXml(peak)}</desc>`,
    `${options.styled ? `<style>${timelineStyle}</style>` : ""}${patterns}`,
    `<rect width="${width}" height="${height}" class="bg"/><text x="12" y="22" class="title">${escapeXml(title)}</text>`,
    drawHours(frame.hourPx, bottom - GAP),
    ...days.map((day, index) => drawDay(frame, day, index)),
    options.nowMs === undefined ? "" : drawNow(frame, days, options.nowMs),
    legend.markup,
    "</svg>",
    "",
  ].join("\n");
}
