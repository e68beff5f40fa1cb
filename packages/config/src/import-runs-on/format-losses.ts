import { fieldPath, type Paint, printable, type Style } from "../cli/problem.ts";
import type { ImportLoss, LossKind } from "./losses.ts";

/** How losses are told to people. */
export interface FormatLossesOptions {
  /** Of RunsOn's file, as it was named. */
  readonly file: string;
  /** Columns of the terminal. @defaultValue 120 */
  readonly columns?: number;
  readonly paint?: Paint;
}

const kinds: readonly (readonly [kind: LossKind, style: Style, words: string])[] = [
  ["ambiguous", "red", "RunsOn does not say what it means: look whether the reading is yours"],
  ["changed", "yellow", "it means something else here"],
  ["dropped", "dim", "it has no counterpart here"],
];
const narrowest = 40;

/** A table of losses by their kind, each with its place, and how many there are. Ends with a line break. */
export function formatLosses(
  losses: readonly ImportLoss[],
  { file, columns = 120, paint = (_, text) => text }: FormatLossesOptions,
): string {
  const rows = losses.map(({ kind, path, message, start }) => ({
    kind,
    place: `${printable(file)}:${start.line}:${start.column}`,
    field: path.length === 0 ? "(file)" : printable(fieldPath(path)),
    message: printable(message),
  }));
  const placeWidth = widest(rows.map(({ place }) => place));
  const fieldWidth = widest(rows.map(({ field }) => field));
  const indent = 2 + placeWidth + 2 + fieldWidth + 2;
  const lines: string[] = [];
  for (const [kind, style, words] of kinds) {
    const own = rows.filter((row) => row.kind === kind);
    if (own.length === 0) continue;
    lines.push(`${paint(style, kind)}: ${words}`);
    for (const { place, field, message } of own) {
      const [first = "", ...rest] = wrap(message, Math.max(narrowest, columns - indent));
      lines.push(
        `  ${paint("bold", place.padEnd(placeWidth))}  ${field.padEnd(fieldWidth)}  ${first}`,
        ...rest.map((line) => " ".repeat(indent) + line),
      );
    }
    lines.push("");
  }
  lines.push(kinds.map(([kind]) => `${countOf(losses, kind)} ${kind}`).join(", "));
  return `${lines.join("\n")}\n`;
}

/** How many losses of a kind there are. */
export const countOf = (losses: readonly ImportLoss[], kind: LossKind): number =>
  losses.filter((loss) => loss.kind === kind).length;

const widest = (texts: readonly string[]): number =>
  texts.reduce((most, { length }) => Math.max(most, length), 0);

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
