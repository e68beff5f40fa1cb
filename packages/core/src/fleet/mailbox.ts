/** A queue in memory with one reader, who can wait for the next item or a moment. */
export interface Mailbox<T> {
  put(item: T): void;
  /** Takes the oldest item. */
  take(): T | undefined;
  size(): number;
  /** Resolves when something is put, {@link Mailbox.wake} is called, or the sleep resolves. */
  wait(sleep: (signal: AbortSignal) => Promise<void>): Promise<void>;
  wake(): void;
}

/** Why a sleep ends early. A reason made anew for each would cost more than the sleep: the platform takes a stack for it. */
const woken = new Error("Something came, or nobody waits any more");

/** Makes an empty mailbox. */
export function createMailbox<T>(): Mailbox<T> {
  let items: T[] = [];
  let first = 0;
  let awake = false;
  let alarm: (() => void) | undefined;
  const wake = (): void => {
    awake = true;
    alarm?.();
  };
  return {
    put: (item) => {
      items.push(item);
      wake();
    },
    take: () => {
      if (first >= items.length) return undefined;
      const item = items[first];
      first += 1;
      if (first > 1_024 && first * 2 > items.length) {
        items = items.slice(first);
        first = 0;
      }
      return item;
    },
    size: () => items.length - first,
    wake,
    wait: async (sleep) => {
      if (awake) {
        awake = false;
        return;
      }
      const stop = new AbortController();
      const called = new Promise<void>((resolve) => {
        alarm = resolve;
      });
      let isAsleep = true;
      const over = (): void => {
        isAsleep = false;
      };
      await Promise.race([called, sleep(stop.signal).then(over, over)]);
      alarm = undefined;
      awake = false;
      if (isAsleep) stop.abort(woken);
    },
  };
}
