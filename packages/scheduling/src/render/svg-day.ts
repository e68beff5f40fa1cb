import type { Engine } from "../engine/compile.ts";
import type { Compiled } from "../types/answers.ts";
import { type Day, dialOf, type Piece, timeOf } from "./days.ts";
import { shadeOf } from "./svg-style.ts";

/** Height of a day, pixels. */
export const ROW = 34;
/** From the end of a day to the next, pixels. */
export const GAP = 6;
/** Room for the names of days, pixels. */
export const LEFT = 92;
/** Room above the first day, pixels. */
export const TOP = 58;

/** Size of the sign at a change of the clock. */
const SIGN = { width: 32, height: 14 } as const;
/** Height of the line of stopped machines at its peak. */
const STOPPED = 12;

/** What all days of a picture share. */
export interface Frame {
  readonly compiled: Compiled;
  readonly peakHot: number;
  readonly peakStopped: number;
  /** Pixels of an hour. */
  readonly hourPx: number;
}

/** Text that is safe in XML, attributes included. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A number without a tail of rounding errors. */
export const px = (value: number): string => String(Math.round(value * 100) / 100);

const ofDial = ({ hourPx }: Frame, dialMs: number): number => LEFT + (dialMs / 3_600_000) * hourPx;

/** Where an instant of a day lies in the picture, pixels from the left. */
export const xOf = (frame: Frame, day: Day, instant: number): number =>
  ofDial(frame, dialOf(day, instant));

function describe({ compiled }: Frame, piece: Piece): string {
  const engine = compiled as Engine;
  const range = `${timeOf(engine, piece.fromMs)} to ${timeOf(engine, piece.toMs)}`;
  const why = piece.reason === "nominal" ? (piece.entry ?? "default") : piece.reason;
  return escapeXml(`${range}: ${piece.hot} hot, ${piece.stopped} stopped (${why})`);
}

/** The place of a number in a piece: the wider part of it that no sign covers, if the number fits there. */
function labelX(
  from: number,
  to: number,
  label: string,
  signs: readonly number[],
): number | undefined {
  let [best, room] = [0, 0];
  const consider = (left: number, right: number): void => {
    if (right - left > room) [best, room] = [(left + right) / 2, right - left];
  };
  let left = from;
  for (const sign of signs) {
    consider(left, Math.min(to, sign - 2));
    left = Math.max(left, sign + SIGN.width + 2);
  }
  consider(left, to);
  // 7 px is the width of a digit at this size, with some air.
  return room > label.length * 7 + 6 ? best : undefined;
}

function drawPiece(
  frame: Frame,
  day: Day,
  piece: Piece,
  top: number,
  signs: readonly number[],
): string {
  const from = xOf(frame, day, piece.fromMs);
  const to = xOf(frame, day, piece.toMs);
  const box = `x="${px(from)}" y="${top}" width="${px(to - from)}" height="${ROW}"`;
  const hatch = piece.reason === "nominal" ? "" : `<rect ${box} fill="url(#rft-${piece.reason})"/>`;
  const shade = shadeOf(piece.hot, frame.peakHot);
  const label = String(piece.hot);
  const x = piece.hot > 0 ? labelX(from, to, label, signs) : undefined;
  const text =
    x === undefined ? "" : `<text x="${px(x)}" y="${top + 15}" class="n n${shade}">${label}</text>`;
  return `<g><title>${describe(frame, piece)}</title><rect ${box} class="k${shade}"/>${hatch}${text}</g>`;
}

/** Stopped machines as a step line along the bottom of the row. */
function drawStopped(frame: Frame, day: Day, top: number): string {
  if (frame.peakStopped === 0) return "";
  const bottom = top + ROW - 2;
  const steps = day.pieces.map(({ fromMs, toMs, stopped }) => {
    const y = px(bottom - (stopped / frame.peakStopped) * STOPPED);
    return `${px(xOf(frame, day, fromMs))},${y} ${px(xOf(frame, day, toMs))},${y}`;
  });
  const points = steps.join(" ");
  // The line crosses pale and deep shades: what lies around it is dimmed.
  return `<polyline points="${points}" class="o"/><polyline points="${points}" class="s"/>`;
}

/** The place on the dial that a change of the clock skips, or shows twice, in pixels. */
function changesOf(
  frame: Frame,
  day: Day,
): readonly {
  readonly from: number;
  readonly to: number;
  readonly skipped: boolean;
  /** Where the sign of it stands. */
  readonly sign: number;
  readonly words: string;
  readonly title: string;
}[] {
  const rightmost = ofDial(frame, 86_400_000) - SIGN.width;
  return day.changes.map(({ atMs, minutes }) => {
    const time = timeOf(frame.compiled as Engine, atMs);
    const byMs = minutes * 60_000;
    const skipped = minutes > 0;
    const [fromMs, toMs] = skipped
      ? [dialOf(day, atMs) - byMs, dialOf(day, atMs)]
      : [dialOf(day, atMs + byMs), dialOf(day, atMs - byMs)];
    const [from, to] = [ofDial(frame, Math.max(0, fromMs)), ofDial(frame, toMs)];
    const middle = (from + to) / 2 - SIGN.width / 2;
    const words = `${minutes > 0 ? "+" : "−"}${px(Math.abs(minutes) / 60)} h`;
    const title = skipped
      ? `The clock is put forward to ${time}: what is between does not occur`
      : `The clock is put back to ${time}: what is between occurs twice`;
    return { from, to, skipped, sign: Math.max(LEFT, Math.min(rightmost, middle)), words, title };
  });
}

/** One row: the name of the day, its pieces, the line of stopped machines, changes of the clock. */
export function drawDay(frame: Frame, day: Day, index: number): string {
  const top = TOP + index * (ROW + GAP);
  const changes = changesOf(frame, day);
  const signs = changes.map(({ sign }) => sign);
  const pieces = day.pieces.map((piece) => drawPiece(frame, day, piece, top, signs)).join("");
  const marks = changes.map(
    ({ from, to, skipped, sign, words, title }) =>
      `<g><title>${escapeXml(title)}</title><rect x="${px(from)}" y="${top - 2}" width="${px(to - from)}" height="${ROW + 4}" class="${skipped ? "c v" : "c"}"/><rect x="${px(sign)}" y="${top + 4}" width="${SIGN.width}" height="${SIGN.height}" rx="3" class="p"/><text x="${px(sign + SIGN.width / 2)}" y="${top + 14.5}" class="d">${words}</text></g>`,
  );
  const weekend = day.weekday === "sat" || day.weekday === "sun" ? ' class="w"' : "";
  const name = day.weekday.charAt(0).toUpperCase() + day.weekday.slice(1);
  return `<text x="12" y="${top + 15}"${weekend}>${name}</text><text x="12" y="${top + 29}" class="t">${day.date}</text>${pieces}${drawStopped(frame, day, top)}${marks.join("")}`;
}
