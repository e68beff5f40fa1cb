/**
 * What `run` makes of each item, in their order, with at most so many under way at once.
 *
 * Fails as one after the other would: with the failure of the first item, in their order, that has one. It does so when
 * nothing is under way any more, and begins none behind a failure.
 *
 * @param most - How many at once, at least 1.
 */
export async function mapAtOnce<T, R>(
  items: readonly T[],
  most: number,
  run: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  let failure: { readonly index: number; readonly error: unknown } | undefined;
  const left = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of left) {
      try {
        results[index] = await run(item);
      } catch (error) {
        if (failure === undefined || index < failure.index) failure = { index, error };
      }
      // Those before it have begun: one of them may still fail, and would have failed first.
      if (failure !== undefined) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, work));
  if (failure !== undefined) throw failure.error;
  return results;
}
