import {
  type CallOptions,
  type Clock,
  FleetError,
  type Lease,
  type Leases,
} from "@runs-fleet/core";

/** One process at a time, and in it one task at a time. */
export interface Turns {
  /**
   * Runs a task under the lease.
   *
   * @throws What the task throws; a {@link FleetError} `conflict` when others keep the lease for too long.
   */
  run<T>(task: (lease: Lease) => Promise<T>, options?: CallOptions): Promise<T>;
}

/** Longer than any task takes; one that takes longer can write no more once another process has its turn. */
const leaseMs = 60_000;
const lookMs = 500;
/** A process that died in its turn holds it for so long. */
const mostWaitMs = leaseMs + 15_000;

/** Turns by the lease of a shard. */
export function createTurns(options: {
  readonly leases: Leases;
  readonly shard: string;
  readonly owner: string;
  readonly clock: Clock;
}): Turns {
  const { leases, shard, owner, clock } = options;
  let last: Promise<unknown> = Promise.resolve();

  const acquire = async (call?: CallOptions): Promise<Lease> => {
    const untilMs = clock.monotonicMs() + mostWaitMs;
    for (;;) {
      const lease = await leases.acquire(shard, owner, leaseMs, call);
      if (lease) return lease;
      if (clock.monotonicMs() >= untilMs) {
        const message = "Another process applies the configuration, for longer than it should take";
        throw new FleetError({ kind: "conflict", message, retryable: true });
      }
      await clock.sleep(lookMs, call?.signal);
    }
  };

  return {
    run: (task, call) => {
      const turn = last.then(async () => {
        const lease = await acquire(call);
        try {
          return await task(lease);
        } finally {
          // Nobody need wait for it to run out.
          await leases.release(lease).catch(() => undefined);
        }
      });
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
