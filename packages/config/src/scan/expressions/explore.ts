import type { Scope } from "./evaluate.ts";

/** What was decided, by key. */
export type Decisions = ReadonlyMap<string, number>;

/** All that can come out of something that has to decide. */
export interface Explored<T> {
  /** One for each way to decide; in the order in which the ways were found. */
  readonly results: readonly { readonly value: T; readonly decisions: Decisions }[];
  /** Whether these are all. */
  readonly isComplete: boolean;
}

/** Most ways to decide that are looked at. */
export const maxWays = 64;

/**
 * Runs something once for each way to decide what it asks. Within a run, the same key is decided the same way.
 *
 * @param run - Asks only for what it needs, always in the same order.
 * @param given - What is decided already.
 */
export function explore<T>(
  run: (choose: Scope["choose"]) => T,
  given: Decisions = new Map(),
): Explored<T> {
  const open: Decisions[] = [given];
  const results: { value: T; decisions: Decisions }[] = [];
  let isComplete = true;
  for (let way = open.pop(); way !== undefined; way = open.pop()) {
    if (results.length >= maxWays) return { results, isComplete: false };
    const decisions = new Map(way);
    const choose: Scope["choose"] = (key, count) => {
      const decided = decisions.get(key);
      if (decided !== undefined) return Math.min(decided, count - 1);
      // The last comes first off the pile.
      for (let option = count - 1; option > 0; option -= 1) {
        if (open.length > maxWays) isComplete = false;
        else open.push(new Map(decisions).set(key, option));
      }
      decisions.set(key, 0);
      return 0;
    };
    results.push({ value: run(choose), decisions });
  }
  return { results, isComplete };
}
