import { printable } from "../../cli/problem.ts";

/** Columns of a table in a terminal. */
export interface ColumnOptions {
  /** Columns that are read from the left; numbers are aligned at the right. @defaultValue only the first */
  readonly left?: readonly number[];
  /** Put before each line. */
  readonly indent?: string;
}

/** Lines of a table whose columns are as wide as what is in them, two blanks apart. */
export function columns(
  rows: readonly (readonly string[])[],
  { left = [0], indent = "  " }: ColumnOptions = {},
): readonly string[] {
  const cells = rows.map((row) => row.map(printable));
  const widths: number[] = [];
  for (const row of cells) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, width(cell));
    });
  }
  return cells.map((row) => {
    const padded = row.map((cell, index) => {
      const room = " ".repeat((widths[index] ?? 0) - width(cell));
      return left.includes(index) ? cell + room : room + cell;
    });
    return `${indent}${padded.join("  ")}`.trimEnd();
  });
}

/** Code points: near enough for what stands in our tables. */
function width(text: string): number {
  return [...text].length;
}
