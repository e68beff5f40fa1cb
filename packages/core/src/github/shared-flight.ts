/** Joins callers that want the same at the same time: the work is done once. */
export interface SharedFlight<T> {
  /**
   * What `work` answers, begun by the first caller of `key` and shared by all who ask before it ends. A caller's signal
   * ends its own waiting, never the work. A failure is told to those who wait and then forgotten.
   */
  join(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Nothing in flight yet. */
export function createSharedFlight<T>(): SharedFlight<T> {
  const flights = new Map<string, Promise<T>>();

  return {
    join: (key, work, signal) => {
      if (signal?.aborted) return Promise.reject(signal.reason);
      let flight = flights.get(key);
      if (flight === undefined) {
        const begun = work().finally(() => flights.delete(key));
        // All who waited may have left.
        begun.catch(() => undefined);
        flights.set(key, begun);
        flight = begun;
      }
      if (signal === undefined) return flight;
      const joined = flight;
      return new Promise<T>((resolve, reject) => {
        const leave = (): void => reject(signal.reason);
        signal.addEventListener("abort", leave, { once: true });
        joined
          .then(resolve, reject)
          .finally(() => signal.removeEventListener("abort", leave))
          .catch(() => undefined);
      });
    },
  };
}
