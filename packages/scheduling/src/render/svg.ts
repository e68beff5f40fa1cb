import type { Engine } from "../engine/compile.ts";
import type { Compiled } from "../types/answers.ts";
import { type Day, type Piece, timeOf } from "./days.ts";

const ROW = 34;
const GAP = 6;
const LEFT = 92;
const RIGHT = 14;
const TOP = 58;
const LEGEND = 44;

const escapeXml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A number without a tail of rounding errors. */
const px = (value: number): string => String(Math.round(value * 100) / 100);

/** Heat on an even scale from a pale to a deep orange; nothing is grey. */
function heat(hot: number, peak: number): string {
  if (hot === 0) return "#eef0f3";
  const part = hot / peak;
  const mix = (from: number, to: number): number => Math.round(from + (to - from) * part);
  return `rgb(${mix(255, 190)},${mix(228, 58)},${mix(189, 16)})`;
}

interface Frame {
  readonly compiled: Compiled;
  readonly peakHot: number;
  readonly peakStopped: number;
  readonly x: (day: Day, instant: number) => number;
}

function describe({ compiled }: Frame, piece: Piece): string {
  const engine = compiled as Engine;
  const range = `${timeOf(engine, piece.fromMs)} to ${timeOf(engine, piece.toMs)}`;
  const why = piece.reason === "nominal" ? (piece.entry ?? "default") : piece.reason;
  return escapeXml(`${range}: ${piece.hot} hot, ${piece.stopped} stopped (${why})`);
}

function drawPiece(frame: Frame, day: Day, piece: Piece, top: number): string {
  const x = frame.x(day, piece.fromMs);
  const width = frame.x(day, piece.toMs) - x;
  const box = `x="${px(x)}" y="${top}" width="${px(width)}" height="${ROW}"`;
  const hatch = piece.reason === "nominal" ? "" : `<rect ${box} fill="url(#${piece.reason})"/>`;
  // The number is written where it has room; 7 px is the width of a digit at this size, with some air.
  const label = String(piece.hot);
  const text =
    piece.hot > 0 && width > label.length * 7 + 6
      ? `<text x="${px(x + width / 2)}" y="${top + 16}" class="${piece.hot > frame.peakHot * 0.55 ? "n i" : "n"}">${label}</text>`
      : "";
  return `<g><title>${describe(frame, piece)}</title><rect ${box} fill="${heat(piece.hot, frame.peakHot)}"/>${hatch}${text}</g>`;
}

/** Stopped machines as a step line along the bottom of the row. */
function drawStopped({ peakStopped, x }: Frame, day: Day, top: number): string {
  if (peakStopped === 0) return "";
  const bottom = top + ROW - 2;
  const steps = day.pieces.map(({ fromMs, toMs, stopped }) => {
    const y = px(bottom - (stopped / peakStopped) * 12);
    return `${px(x(day, fromMs))},${y} ${px(x(day, toMs))},${y}`;
  });
  return `<polyline points="${steps.join(" ")}" class="s"/>`;
}

function drawChanges({ compiled, x }: Frame, day: Day, top: number): string {
  return day.changes
    .map(({ atMs, minutes }) => {
      const at = px(x(day, atMs));
      const words = `${minutes > 0 ? "+" : "−"}${Math.abs(minutes) / 60} h`;
      const title = escapeXml(`The clock is put ${words} to ${timeOf(compiled as Engine, atMs)}`);
      return `<g><title>${title}</title><line x1="${at}" y1="${top - 3}" x2="${at}" y2="${top + ROW + 3}" class="c"/><text x="${px(x(day, atMs) + 5)}" y="${top + 13}" class="d">${words}</text></g>`;
    })
    .join("");
}

function drawDay(frame: Frame, day: Day, index: number): string {
  const top = TOP + index * (ROW + GAP);
  const pieces = day.pieces.map((piece) => drawPiece(frame, day, piece, top)).join("");
  const weekend = day.weekday === "sat" || day.weekday === "sun" ? ' class="w"' : "";
  return `<text x="12" y="${top + 15}"${weekend}>${day.weekday}</text><text x="12" y="${top + 29}" class="t">${day.date}</text>${pieces}${drawStopped(frame, day, top)}${drawChanges(frame, day, top)}`;
}

/** Hours above the first row; the hours of a day of other length are where real time puts them. */
function drawHours(step: number, height: number): string {
  const hours: string[] = [];
  for (let hour = 0; hour <= 24; hour += 3) {
    const x = px(LEFT + hour * step);
    const label =
      hour === 24
        ? ""
        : `<text x="${x}" y="${TOP - 16}" class="h">${String(hour).padStart(2, "0")}</text>`;
    hours.push(`<line x1="${x}" y1="${TOP - 10}" x2="${x}" y2="${height}" class="g"/>${label}`);
  }
  return hours.join("");
}

const pattern = (id: string, angle: number, gap: number): string =>
  `<pattern id="${id}" width="${gap}" height="${gap}" patternUnits="userSpaceOnUse" patternTransform="rotate(${angle})"><line x1="0" y1="0" x2="0" y2="${gap}" stroke="#1d4f91" stroke-width="1.6" stroke-opacity=".55"/></pattern>`;

const STYLE =
  "text{font:12px system-ui,sans-serif;fill:#1f2937}.t,.h,.l{font-size:10.5px;fill:#5b6472}.h,.n{text-anchor:middle}.n{font-size:11px;fill:#3a1a05}.i{fill:#fff}.w{font-weight:600}.g{stroke:#d6dae0}.c{stroke:#b0005c;stroke-width:2;stroke-dasharray:3 2}.d{font-size:10px;fill:#b0005c;paint-order:stroke;stroke:#fff;stroke-width:3px}.s{fill:none;stroke:#1d4f91;stroke-width:1.6}.title{font-size:14px;font-weight:600}";

function drawLegend({ peakHot, peakStopped }: Frame, y: number): string {
  const parts: [string, string][] = [
    [heat(0, 1), "0 hot"],
    [heat(peakHot, peakHot), `${peakHot} hot`],
    ["url(#lead)", "ready ahead"],
    ["url(#ramp)", "ramp"],
    ["url(#hold)", "held"],
  ];
  const boxes = parts.map(([fill, label], index) => {
    const x = LEFT + index * 104;
    return `<rect x="${x}" y="${y}" width="16" height="12" fill="${fill}" stroke="#c5cad2"/><text x="${x + 21}" y="${y + 10}" class="l">${label}</text>`;
  });
  const x = LEFT + parts.length * 104;
  return `${boxes.join("")}<line x1="${x}" y1="${y + 6}" x2="${x + 16}" y2="${y + 6}" class="s"/><text x="${x + 21}" y="${y + 10}" class="l">stopped, up to ${peakStopped}</text>`;
}

const most = (days: readonly Day[], field: "hot" | "stopped"): number =>
  days.reduce(
    (top, { pieces }) => pieces.reduce((all, piece) => Math.max(all, piece[field]), top),
    0,
  );

/** A week as a heat map. */
export function renderSvg(compiled: Compiled, days: readonly Day[], width: number): string {
  const total = Math.max(360, Math.round(width));
  // Room for a day of 25 hours: every day has the same scale, so a longer one is longer.
  const hours = Math.max(24, ...days.map(({ fromMs, toMs }) => (toMs - fromMs) / 3_600_000));
  const step = (total - LEFT - RIGHT) / hours;
  const frame: Frame = {
    compiled,
    peakHot: Math.max(1, most(days, "hot")),
    peakStopped: most(days, "stopped"),
    x: (day, instant) => LEFT + ((instant - day.fromMs) / 3_600_000) * step,
  };
  const bottom = TOP + days.length * (ROW + GAP);
  const height = bottom + LEGEND;
  const zone = (compiled as Engine).calendar.zones[0] ?? "UTC";
  const title = `${days[0]?.date ?? ""} to ${days.at(-1)?.date ?? ""}, ${zone}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total} ${height}" width="${total}" height="${height}" role="img" aria-label="${escapeXml(`Pool capacity ${title}`)}">`,
    `<style>${STYLE}</style><defs>${pattern("lead", 45, 6)}${pattern("ramp", 0, 4)}${pattern("hold", 90, 5)}</defs>`,
    `<rect width="${total}" height="${height}" fill="#fff"/><text x="12" y="22" class="title">${escapeXml(title)}</text>`,
    drawHours(step, bottom - GAP),
    ...days.map((day, index) => drawDay(frame, day, index)),
    drawLegend(frame, bottom + 12),
    "</svg>",
    "",
  ].join("\n");
}
