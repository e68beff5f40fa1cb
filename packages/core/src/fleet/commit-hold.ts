import type { Ledger } from "./ledger.ts";

/**
 * Changes that no message waits for come from answers to our own calls and from listings: whoever loses them asks again. They
 * may wait this many times as long as the others.
 */
const patience = 6;
/** With so many records to be written, waiting saves little. */
const mostHeld = 60;

/** What waits to be stored, and to be settled then: so that what follows shortly shares a commit with it. */
export interface CommitHold {
  /** Remembers what is to be called when everything up to now is stored. */
  owe(settle: () => void): void;
  /**
   * Until when the changes of the ledger may wait, epoch milliseconds; `undefined`: they are to be stored now. Nothing waits that
   * an effect needs on record, or that somebody else reads.
   */
  untilMs(ledger: Pick<Ledger, "pendingWrites" | "isUrgent">, nowMs: number): number | undefined;
  /** Whether something waits. */
  isHolding(): boolean;
  /** Everything is stored: hands out what is to be settled. */
  release(): readonly (() => void)[];
}

/**
 * Makes an empty hold.
 *
 * @param holdMs - How long a message may wait for its change to be stored, milliseconds; 0: nothing waits.
 */
export function createCommitHold(holdMs: number): CommitHold {
  let sinceMs: number | undefined;
  let owedSinceMs: number | undefined;
  let owed: (() => void)[] = [];
  return {
    owe: (settle) => {
      owed.push(settle);
    },
    untilMs: (ledger, nowMs) => {
      const writes = ledger.pendingWrites();
      if (holdMs <= 0 || writes === 0 || writes > mostHeld || ledger.isUrgent()) return undefined;
      sinceMs ??= nowMs;
      if (owed.length > 0) owedSinceMs ??= nowMs;
      const untilMs = Math.min(
        sinceMs + patience * holdMs,
        (owedSinceMs ?? Number.POSITIVE_INFINITY) + holdMs,
      );
      return untilMs > nowMs ? untilMs : undefined;
    },
    isHolding: () => sinceMs !== undefined,
    release: () => {
      const settles = owed;
      owed = [];
      sinceMs = undefined;
      owedSinceMs = undefined;
      return settles;
    },
  };
}
