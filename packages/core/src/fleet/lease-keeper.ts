import type { Clock } from "../ports/clock.ts";
import type { Lease, Leases } from "../ports/state-store.ts";
import type { Lane } from "./lane.ts";
import type { Timings } from "./timings.ts";

/** Holds the lease of one shard while it can. */
export interface LeaseKeeper {
  /** Tries once. `undefined`: someone else is the controller. */
  acquire(signal?: AbortSignal): Promise<Lease | undefined>;
  /** Renews until it fails, the signal aborts, or the lease is someone else's; resolves then, never rejects. */
  keep(signal: AbortSignal): Promise<void>;
  /**
   * Whether we may still act. Judged by the monotonic clock, from before the last successful call, and false well
   * before the lease can expire: a process that was paused finds out before it does anything.
   */
  valid(): boolean;
  lease(): Lease | undefined;
  /** Gives the lease up so that the next controller need not wait. */
  release(): Promise<void>;
}

/** Why the watch over the lease ends. */
const enough = new Error("The lease is no longer kept");

/** Makes a keeper that holds nothing. `lane` is the one in which commits go, too. */
export function createLeaseKeeper(options: {
  readonly leases: Leases;
  readonly shard: string;
  readonly owner: string;
  readonly timings: Timings;
  readonly clock: Clock;
  readonly lane: Lane;
}): LeaseKeeper {
  const { leases, shard, owner, timings, clock, lane } = options;
  // A fifth of the lease: more than the skew of two clocks and a slow call together.
  const usableMs = timings.leaseMs - timings.leaseMs / 5;
  let lease: Lease | undefined;
  let validUntilMs = Number.NEGATIVE_INFINITY;

  const hold = (next: Lease | undefined, askedMs: number): Lease | undefined => {
    lease = next;
    validUntilMs = next ? askedMs + usableMs : Number.NEGATIVE_INFINITY;
    return next;
  };
  const valid = (): boolean => lease !== undefined && clock.monotonicMs() < validUntilMs;
  const renew = async (signal: AbortSignal): Promise<void> => {
    const held = lease;
    if (!held) return;
    let askedMs = 0;
    const renewed = await lane.runNext(() => {
      askedMs = clock.monotonicMs();
      return leases.renew(held, timings.leaseMs, { signal });
    });
    if (lease === held) hold(renewed, askedMs);
  };

  /** Resolves when the lease is no longer good. One sleep after another that follows the renewals, not one for each. */
  const expiry = async (signal: AbortSignal): Promise<void> => {
    while (valid() && !signal.aborted) {
      await clock.sleep(validUntilMs - clock.monotonicMs(), signal).catch(() => undefined);
    }
  };

  return {
    valid,
    lease: () => lease,
    acquire: async (signal) => {
      const askedMs = clock.monotonicMs();
      const call = signal ? { signal } : {};
      return hold(await leases.acquire(shard, owner, timings.leaseMs, call), askedMs);
    },
    keep: async (signal) => {
      const over = new AbortController();
      const stop = (): void => over.abort(enough);
      signal.addEventListener("abort", stop, { once: true });
      let isOver = false;
      let giveUp = (): void => undefined;
      const end = expiry(over.signal).then(() => {
        isOver = true;
        giveUp();
      });
      while (!signal.aborted && !isOver && valid()) {
        try {
          await clock.sleep(timings.leaseRenewMs, signal);
          if (!valid()) break;
          // Waited for only as long as the lease is good: one that hangs must not keep up a leadership that is over.
          await new Promise<void>((resolve, reject) => {
            giveUp = resolve;
            renew(signal).then(resolve, reject);
          });
        } catch {
          // A failed renewal is tried again until the lease is no longer valid; then the loop ends.
        }
      }
      signal.removeEventListener("abort", stop);
      stop();
      await end;
    },
    release: async () => {
      const held = lease;
      hold(undefined, 0);
      if (held) await lane.run(() => leases.release(held));
    },
  };
}
