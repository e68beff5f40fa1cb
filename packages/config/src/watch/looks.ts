import { type CallOptions, type Clock, type Entropy, FleetError } from "@runs-fleet/core";
import type { WatchOutcome } from "./create-config-watcher.ts";

/** After GitHub could not be reached it is tried again sooner. */
const retryMs = 30_000;
/** How often it is looked whether it is time to look. */
const tickMs = 10_000;

/** Looks at the source now and then, for as long as the process lives. */
export interface Looks {
  /** Begins, unless it has, or is not to. */
  begin(): void;
  /** Something could not be read: looks again before it is due. */
  soon(): void;
  /** Ends, and waits for the look that is under way. */
  end(): Promise<void>;
}

/** Does nothing before {@link Looks.begin}; an interval of 0 never begins. */
export function createLooks(options: {
  readonly intervalMs: number;
  readonly look: (call: CallOptions) => Promise<WatchOutcome>;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly onNote: (code: string, message: string) => void;
}): Looks {
  const { intervalMs, look, clock, entropy, onNote } = options;
  const over = new AbortController();
  let running: Promise<void> | undefined;
  let dueMs = Number.POSITIVE_INFINITY;

  /** Processes that were started together do not ask together. */
  const atMs = (delayMs: number): number =>
    clock.monotonicMs() + Math.min(intervalMs, delayMs) * (0.9 + entropy.random() / 5);
  const soon = (): void => {
    dueMs = Math.min(dueMs, atMs(retryMs));
  };
  const run = async (): Promise<void> => {
    const { signal } = over;
    while (!signal.aborted) {
      await clock.sleep(Math.min(intervalMs, tickMs), signal).catch(() => undefined);
      if (signal.aborted) return;
      if (clock.monotonicMs() < dueMs) continue;
      dueMs = atMs(intervalMs);
      try {
        const outcome = await look({ signal });
        if (outcome.kind === "kept-last-good") soon();
        if (outcome.kind === "applied") onNote("applied", `Version ${outcome.version} is in force`);
      } catch (error) {
        if (signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        onNote(FleetError.isInstance(error) ? error.kind : "unknown", `Looking failed: ${message}`);
        soon();
      }
    }
  };

  return {
    begin: () => {
      if (intervalMs === 0 || over.signal.aborted || running !== undefined) return;
      dueMs = atMs(intervalMs);
      running = run();
    },
    soon,
    end: async () => {
      over.abort(new FleetError({ kind: "unavailable", message: "The watcher is closed" }));
      await running;
    },
  };
}
