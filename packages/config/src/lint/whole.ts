import type { LintInput, Path } from "./lint-input.ts";

const keyOf = (path: Path): string => JSON.stringify(path.map(String));

/** The places around a place, from the whole file to itself. */
const around = (path: Path): readonly string[] =>
  Array.from({ length: path.length + 1 }, (_, length) => keyOf(path.slice(0, length)));

/**
 * Whether a file says at some places what was written there.
 *
 * @param gone - What was taken out of it, or filled in: hundreds of places, about which hundreds of others are asked.
 */
export function createIsWhole(gone: readonly Path[]): LintInput["isWhole"] {
  if (gone.length === 0) return () => true;
  const taken = new Set(gone.map(keyOf));
  const holding = new Set(gone.flatMap(around));
  return (...paths) =>
    !paths.some((path) => holding.has(keyOf(path)) || around(path).some((key) => taken.has(key)));
}
