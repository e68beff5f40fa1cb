import { FleetError } from "../../../ports/failure.ts";
import { type Mutants, minutes } from "./mutant.ts";

/** Far enough. */
const foreverMs = 8_000_000_000_000;

/** Bugs in who may write: what leases, epochs and versions are for. */
export const writerMutants: Mutants = {
  "ignores-the-epoch": () => {
    let epoch = 0;
    return {
      note: "A 5.11.20",
      caughtBy: "single-writer",
      store: (store) => ({
        ...store,
        // Everybody who asks holds the lease, and every write passes under the newest epoch.
        leases: {
          ...store.leases,
          acquire: async (shard, owner) => {
            epoch += 1;
            return { shard, owner, epoch, expiresAtMs: foreverMs };
          },
          renew: async (lease) => lease,
          release: async () => undefined,
        },
        commit: (lease, writes, options) =>
          store.commit({ ...lease, epoch: 1_000_000 }, writes, { ...options, checked: false }),
      }),
    };
  },
  "acts-on-a-lost-lease": () => ({
    note: "A 5.11.2",
    caughtBy: "no-double-launch",
    under: [
      { kind: "pause", process: 0, atMs: minutes(25), forMs: 60_000 },
      { kind: "pause", process: 1, atMs: minutes(40), forMs: 60_000 },
    ],
    ports: (ports) => ({
      ...ports,
      // By its own clock no time has passed.
      clock: { ...ports.clock, monotonicMs: () => 0 },
      store: {
        ...ports.store,
        leases: {
          ...ports.store.leases,
          renew: async (lease, ttlMs, options) =>
            (await ports.store.leases.renew(lease, ttlMs, options)) ?? {
              ...lease,
              expiresAtMs: foreverMs,
            },
        },
        // Somebody else won, and it goes on as if it had.
        commit: (...words) =>
          ports.store.commit(...words).catch((error: unknown) => {
            if (!(FleetError.isInstance(error) && error.kind === "conflict")) throw error;
          }),
      },
    }),
  }),
};
