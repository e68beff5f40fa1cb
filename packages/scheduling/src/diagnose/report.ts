import type { Diagnostic } from "../types/answers.ts";

/** Where in the input a remark belongs. */
export type Path = readonly (string | number)[];

/** Collects remarks; the words of all of them are in the callers. */
export interface Report {
  readonly issues: Diagnostic[];
  /** Adds an error. */
  error(code: string, path: Path, message: string, suggestion?: string): void;
}

export function createReport(): Report {
  const issues: Diagnostic[] = [];
  return {
    issues,
    error: (code, path, message, suggestion) => {
      issues.push({
        code,
        severity: "error",
        path,
        message,
        ...(suggestion === undefined ? {} : { suggestion }),
      });
    },
  };
}

/** A value as it may stand in a message: short, and safe whatever it is. */
export function show(value: unknown): string {
  if (typeof value === "string") {
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  }
  if (typeof value === "number" || typeof value === "boolean" || value === null)
    return String(value);
  return Array.isArray(value) ? "a list" : value === undefined ? "nothing" : `a ${typeof value}`;
}

/** Insertions, deletions and replacements between two short words. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      current[column] = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1),
      );
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The known word nearest to what was written, when it is near enough to be meant. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  const word = written.slice(0, 64).toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const found = distance(word, candidate.toLowerCase());
    if (found < bestDistance) [best, bestDistance] = [candidate, found];
  }
  return best;
}
