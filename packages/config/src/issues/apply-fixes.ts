import type { ConfigIssue } from "./issue.ts";

/**
 * Mends in a text what can be mended without another change of its meaning.
 *
 * @param issues - Of this text alone.
 * @returns The text, and how much was mended; of fixes that overlap the first is made.
 */
export function applyFixes(
  text: string,
  issues: readonly ConfigIssue[],
): { readonly text: string; readonly count: number } {
  const fixes = issues
    .flatMap(({ fix }) => (fix === undefined ? [] : [fix]))
    .sort((left, right) => left.start - right.start);
  let mended = "";
  let from = 0;
  let count = 0;
  for (const fix of fixes) {
    if (fix.start < from) continue;
    mended += text.slice(from, fix.start) + fix.text;
    from = fix.end;
    count += 1;
  }
  return { text: mended + text.slice(from), count };
}
