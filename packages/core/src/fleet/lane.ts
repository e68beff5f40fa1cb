/** Runs tasks one after the other, in the order in which they were handed in. */
export interface Lane {
  run<T>(task: () => Promise<T>): Promise<T>;
}

/** Makes an empty lane. A task that fails does not hold up the next. */
export function createLane(): Lane {
  let tail: Promise<unknown> = Promise.resolve();
  return {
    run: (task) => {
      const result = tail.then(task, task);
      tail = result.catch(() => undefined);
      return result;
    },
  };
}
