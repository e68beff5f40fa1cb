/** What a visit says about the ones to come. */
export type Visit = "next" | "stop";

/**
 * Visits the items in order, up to `concurrency` at a time. After a `stop` nothing new begins and what runs ends.
 *
 * @returns The items that said `stop` or were not begun, in order.
 */
export async function forEachBounded<T>(
  items: readonly T[],
  concurrency: number,
  visit: (item: T) => Promise<Visit>,
): Promise<readonly T[]> {
  const left = new Set(items.keys());
  const waiting = items.entries();
  let stopped = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (stopped) return;
      if ((await visit(item)) === "next") left.delete(index);
      else stopped = true;
    }
  };
  // All settle before one failure is passed on: nothing runs on behind the caller's back.
  const workers = await Promise.allSettled(Array.from({ length: concurrency }, worker));
  for (const outcome of workers) if (outcome.status === "rejected") throw outcome.reason;
  return items.filter((_, index) => left.has(index));
}
