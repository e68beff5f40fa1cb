/** How much more a look may cost: a file of a million wildcards is not to keep anybody waiting. Counts down in place. */
export interface Work {
  /** Steps of some ten nanoseconds. Below 0: what was found so far is not to be trusted. */
  left: number;
}

/** Enough for a thousand rules of a few globs each; some 100 ms. */
export const mostWork = 3_000_000;

/** Takes the steps off. Answers whether there were that many; where nobody counts, there are. */
export function spend(work: Work | undefined, steps: number): boolean {
  if (work === undefined) return true;
  work.left -= steps;
  return work.left >= 0;
}
