import type { CallOptions, Clock } from "@runs-fleet/core";

/** Something that is read once for all who ask. */
export interface SharedRead<T> {
  /** What was read. Rejects when nothing has been read so far and reading fails, or with the reason of the caller's signal. */
  read(options?: CallOptions): Promise<T>;
}

/** How long a value that could not be renewed is used before that is tried again, milliseconds. */
const retryMs = 60_000;

/**
 * Reads at the first use, and again when the value is too old. Who asks meanwhile waits for the same reading, which goes on
 * when a caller gives up; when it fails, the value there is goes on to serve.
 */
export function createSharedRead<T>(options: {
  readonly clock: Clock;
  /** Age at which a value is read again, milliseconds. */
  readonly maxAgeMs: number;
  readonly load: () => Promise<T>;
}): SharedRead<T> {
  const { clock, maxAgeMs, load } = options;
  let held: { readonly value: T; readonly untilMs: number } | undefined;
  let loading: Promise<T> | undefined;

  async function renew(): Promise<T> {
    try {
      const value = await load();
      held = { value, untilMs: clock.monotonicMs() + maxAgeMs };
      return value;
    } catch (error) {
      if (held === undefined) throw error;
      held = { value: held.value, untilMs: clock.monotonicMs() + retryMs };
      return held.value;
    } finally {
      loading = undefined;
    }
  }

  return {
    async read({ signal } = {}) {
      signal?.throwIfAborted();
      if (held !== undefined && clock.monotonicMs() < held.untilMs) return held.value;
      loading ??= renew();
      return signal === undefined ? loading : unlessAborted(loading, signal);
    },
  };
}

/** What a promise comes to, unless its caller gives up before. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", giveUp));
  });
}
