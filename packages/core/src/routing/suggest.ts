const longest = 64;

/** Room for three rows of {@link editDistance}. */
const createRows = (): [Int8Array, Int8Array, Int8Array] => [
  new Int8Array(longest + 1),
  new Int8Array(longest + 1),
  new Int8Array(longest + 1),
];

/**
 * Edits (insert, delete, replace, swap of neighbours) from `a` to `b`, or `limit + 1` when there are more.
 *
 * @param rows - Overwritten.
 */
function editDistance(a: string, b: string, limit: number, rows: Int8Array[]): number {
  const far = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return far;
  let [before, previous, row] = rows as [Int8Array, Int8Array, Int8Array];
  for (let j = 0; j <= b.length; j += 1) previous[j] = j;
  let fewest = 0;
  for (let i = 1; i <= a.length; i += 1) {
    row.fill(far, 0, b.length + 1);
    row[0] = i;
    let least = i;
    // Further from the diagonal there are more edits than that.
    const to = Math.min(b.length, i + limit);
    for (let j = Math.max(1, i - limit); j <= to; j += 1) {
      const letter = a.charCodeAt(i - 1);
      const other = b.charCodeAt(j - 1);
      let best = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (letter === other ? 0 : 1),
      );
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      }
      row[j] = best;
      least = Math.min(least, best);
    }
    // A swap looks back over two letters, and is one edit more than what it finds there.
    if (least > limit && fewest >= limit) return far;
    fewest = least;
    [before, previous, row] = [previous, row, before];
  }
  return Math.min(previous[b.length] ?? 0, far);
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
  const rows = createRows();
  for (const candidate of candidates) {
    if (candidate.length > longest) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), limit, rows);
    // A word of which nothing is left was not meant.
    if (distance > limit || distance >= candidate.length) continue;
    if (distance === 0) return candidate;
    best = candidate;
    limit = distance - 1;
  }
  return best ?? completion(wanted, candidates);
}
