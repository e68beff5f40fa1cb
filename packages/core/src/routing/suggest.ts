const longest = 64;

/** Edits (insert, delete, replace, swap of neighbours) from `a` to `b`, or `limit + 1` when there are more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return Math.min(previous[b.length] ?? 0, limit + 1);
}

/** The one candidate that goes on where the word stops, such as `arm64` for `arm`. */
function completion(word: string, candidates: readonly string[]): string | undefined {
  const longer = candidates.filter((candidate) => candidate.toLowerCase().startsWith(word));
  return word.length >= 3 && longer.length === 1 ? longer[0] : undefined;
}

/**
 * The candidate that was most likely meant: at most one edit away for short words, two for longer ones; else the only
 * one that begins with the word.
 *
 * Words over 64 characters are no misspelling of anything, so the work is bounded.
 *
 * @returns `undefined` when nothing is near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length === 0 || word.length > longest) return undefined;
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let limit = wanted.length <= 4 ? 1 : 2;
  for (const candidate of candidates) {
    if (candidate.length > longest) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), limit);
    // A word of which nothing is left was not meant.
    if (distance > limit || distance >= candidate.length) continue;
    if (distance === 0) return candidate;
    best = candidate;
    limit = distance - 1;
  }
  return best ?? completion(wanted, candidates);
}
