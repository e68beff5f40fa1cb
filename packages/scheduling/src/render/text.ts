import type { Engine } from "../engine/compile.ts";
import type { Compiled } from "../types/answers.ts";
import { type Day, type Piece, timeOf } from "./days.ts";

/** Heat of a cell, cold to hot; the first is for nothing at all. */
const SHADES = ["·", "░", "▒", "▓", "█"] as const;

/** Columns before the cells: `mon 2026-03-30 `. */
const LABEL = 15;

/** Columns after the cells: ` 25 hot  40 off`. */
const TAIL = 16;

/** The piece that fills most of a cell; a cell is a stretch of real time, so a day of 23 hours ends an hour early. */
function pieceIn(day: Day, from: number, to: number): Piece | undefined {
  let best: Piece | undefined;
  let most = 0;
  for (const piece of day.pieces) {
    const overlap = Math.min(piece.toMs, to) - Math.max(piece.fromMs, from);
    if (overlap > most) [best, most] = [piece, overlap];
  }
  return best;
}

function cellOf(
  day: Day,
  from: number,
  to: number,
  peak: number,
  nowMs: number | undefined,
): string {
  if (nowMs !== undefined && from <= nowMs && nowMs < to) return "|";
  const change = day.changes.find(({ atMs }) => from <= atMs && atMs < to);
  if (change) return change.minutes > 0 ? ">" : "<";
  const piece = pieceIn(day, from, to);
  if (piece === undefined) return " ";
  if (piece.reason === "lead") return "/";
  if (piece.reason === "ramp") return "~";
  if (piece.reason === "hold") return "=";
  if (piece.hot === 0) return SHADES[0];
  return SHADES[Math.max(1, Math.ceil((piece.hot / peak) * 4))] ?? SHADES[4];
}

const maximum = (day: Day, field: "hot" | "stopped"): number =>
  day.pieces.reduce((most, piece) => Math.max(most, piece[field]), 0);

const cellsOf = ({ fromMs, toMs }: Day, cellMs: number): number =>
  Math.max(1, Math.round((toMs - fromMs) / cellMs));

/** Hours above the cells, as many as fit. */
function ruler(cells: number): string {
  const line = Array.from({ length: cells + 2 }, () => " ");
  const step = cells >= 72 ? 2 : cells >= 36 ? 4 : 6;
  for (let hour = 0; hour < 24; hour += step) {
    const at = Math.round((hour / 24) * cells);
    const text = String(hour).padStart(2, "0");
    line[at] = text[0] ?? "";
    line[at + 1] = text[1] ?? "";
  }
  return line.join("").trimEnd();
}

/** A week in a terminal. */
export function renderText(
  compiled: Compiled,
  days: readonly Day[],
  width: number,
  nowMs?: number,
): string {
  const cells = Math.max(24, Math.min(240, Math.floor(width) - LABEL - TAIL));
  const peak = Math.max(1, ...days.map((day) => maximum(day, "hot")));
  const cellMs = 86_400_000 / cells;
  // A day of 25 hours is longer than the others, here as in life.
  const longest = Math.max(cells, ...days.map((day) => cellsOf(day, cellMs)));
  const lines = [`${" ".repeat(LABEL)}${ruler(cells)}`];
  for (const day of days) {
    const row = Array.from({ length: cellsOf(day, cellMs) }, (_, index) =>
      cellOf(day, day.fromMs + index * cellMs, day.fromMs + (index + 1) * cellMs, peak, nowMs),
    );
    const most = `${maximum(day, "hot")} hot ${maximum(day, "stopped")} off`;
    lines.push(`${day.weekday} ${day.date} ${row.join("").padEnd(longest)} ${most}`);
    for (const { atMs, minutes } of day.changes) {
      const hours = `${Math.abs(minutes) / 60} h ${minutes > 0 ? "forward" : "back"}`;
      lines.push(
        `${" ".repeat(LABEL)}the clock is put ${hours} to ${timeOf(compiled as Engine, atMs)}`,
      );
    }
  }
  lines.push(
    `hot: ${SHADES.join("")} 0 to ${peak}; / ready ahead of time, ~ ramp, = held, > < clock change${nowMs === undefined ? "" : ", | now"}`,
    "at the right: the most of each day, hot and stopped (off)",
  );
  return `${lines.join("\n")}\n`;
}
