/** Lets work of one key run one after the other, in the order in which it came. */
export interface Lanes {
  /** Does the work when everything before it on the lane is over, well or badly. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Lanes with nothing on them. */
export function createLanes(): Lanes {
  const lasts = new Map<string, Promise<unknown>>();
  return {
    run(key, work) {
      const before = lasts.get(key) ?? Promise.resolve();
      const result = before.then(work, work);
      // What went wrong is told to its caller; the lane goes on.
      lasts.set(
        key,
        result.catch(() => undefined),
      );
      return result;
    },
  };
}
