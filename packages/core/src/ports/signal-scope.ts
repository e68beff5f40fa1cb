/** Signals that follow one parent, for any number of calls at once. */
export interface SignalScope {
  /** Runs a task with a signal of its own that aborts with the parent's. */
  run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/**
 * Puts one listener on the parent however many calls are under way: a signal that lives as long as the process would
 * otherwise collect a listener per call, which the platform warns of, and `AbortSignal.any` keeps its sources' memory.
 */
export function createSignalScope(parent?: AbortSignal): SignalScope {
  const calls = new Set<AbortController>();
  parent?.addEventListener(
    "abort",
    () => {
      for (const call of calls) call.abort(parent?.reason);
    },
    { once: true },
  );
  return {
    run: async (task) => {
      parent?.throwIfAborted();
      const call = new AbortController();
      calls.add(call);
      try {
        return await task(call.signal);
      } finally {
        calls.delete(call);
      }
    },
  };
}
