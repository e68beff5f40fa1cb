const star = "*";

/** Whether a repository glob can match anything: `owner/name` with `*` and `?`, or `*` alone for all. */
export function isRepositoryGlob(glob: string): boolean {
  return /^\*{1,2}$/.test(glob) || /^[^/\s]+\/[^/\s]+$/.test(glob);
}

/**
 * Whether a glob matches the whole text, letters in either case: `*` is any run of characters, `?` is one; neither
 * crosses a slash, so that `acme*` never reaches the repositories of `acme-evil`. `*` or `**` alone matches all.
 *
 * The time is at most proportional to the product of both lengths.
 */
export function matchesGlob(glob: string, text: string): boolean {
  if (glob === star || glob === "**") return true;
  const pattern = glob.toLowerCase();
  const subject = text.toLowerCase();
  let p = 0;
  let s = 0;
  // The last star, and how much it has taken: on a mismatch it takes one more.
  let starAt = -1;
  let starTo = 0;
  while (s < subject.length) {
    const wanted = pattern[p];
    const found = subject[s];
    if (wanted === star) {
      starAt = p;
      starTo = s;
      p += 1;
    } else if (wanted !== undefined && (wanted === found || (wanted === "?" && found !== "/"))) {
      p += 1;
      s += 1;
    } else if (starAt >= 0 && subject[starTo] !== "/") {
      starTo += 1;
      s = starTo;
      p = starAt + 1;
    } else return false;
  }
  while (pattern[p] === star) p += 1;
  return p === pattern.length;
}

/** Whether one of the globs matches. */
export function matchesSome(globs: readonly string[], text: string): boolean {
  return globs.some((glob) => matchesGlob(glob, text));
}
