/** Runs tasks one after the other. */
export interface Lane {
  /** Runs the task when those before it are done: in the order in which they were handed in. */
  run<T>(task: () => Promise<T>): Promise<T>;
  /**
   * Runs the task as the next one. For renewals of the lease: behind the commits of a burst, with a slow store, they would come
   * when it is over.
   */
  runNext<T>(task: () => Promise<T>): Promise<T>;
}

/** Makes an empty lane. A task that fails does not hold up the next. */
export function createLane(): Lane {
  const urgent: (() => Promise<void>)[] = [];
  const usual: (() => Promise<void>)[] = [];
  let busy = false;

  async function work(): Promise<void> {
    if (busy) return;
    busy = true;
    for (;;) {
      const task = urgent.shift() ?? usual.shift();
      if (task === undefined) break;
      await task();
    }
    busy = false;
  }

  const enter =
    (queue: (() => Promise<void>)[]) =>
    <T>(task: () => Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        queue.push(async () => {
          try {
            resolve(await task());
          } catch (error) {
            reject(error);
          }
        });
        // In a turn of its own: whoever hands in a task has the promise before the task begins.
        Promise.resolve().then(work, reject);
      });

  return { run: enter(usual), runNext: enter(urgent) };
}
