import type { Diagnostic } from "../types/answers.ts";

/** Where in the input a remark belongs. */
export type Path = readonly (string | number)[];

/** Collects remarks; the words of all of them are in the callers. */
export interface Report {
  readonly issues: Diagnostic[];
  /** Adds an error; ends the reading when there are too many. */
  error(code: string, path: Path, message: string, suggestion?: string): void;
}

/** Most remarks on one input: who has a hundred problems needs no list of a million. */
const MAX_ISSUES = 100;

/** Thrown to end the reading of an input with which enough is wrong. */
export const ENOUGH = Symbol("enough");

export function createReport(): Report {
  const issues: Diagnostic[] = [];
  return {
    issues,
    error: (code, path, message, suggestion) => {
      if (issues.length === MAX_ISSUES) {
        const more = `More than ${MAX_ISSUES} problems: the rest was not looked at`;
        issues.push({ code: "too-many-issues", severity: "error", path: [], message: more });
        throw ENOUGH;
      }
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
  if (Array.isArray(value)) return "a list";
  if (value === undefined) return "nothing";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
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

/** Longest word that is compared with others: the work grows with its square. */
const MAX_WORD = 40;

/** The known word nearest to what was written, when it is near enough to be meant. */
export function nearest(written: string, known: readonly string[]): string | undefined {
  if (written.length > MAX_WORD) return undefined;
  const word = written.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const found = distance(word, candidate.toLowerCase());
    if (found < bestDistance) [best, bestDistance] = [candidate, found];
  }
  return best;
}
