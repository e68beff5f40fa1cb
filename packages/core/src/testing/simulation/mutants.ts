import type { DemandEvent } from "../../ports/demand-event.ts";
import type { MachineProvider } from "../../ports/machine-provider.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import type { StateStore } from "../../ports/state-store.ts";
import type { Invariant } from "./judge.ts";

/** Broken adapters, each with the invariant whose oracle has to notice. They stand where the good ones stand. */
export interface Mutant {
  readonly caughtBy: Invariant;
  readonly store?: (store: StateStore) => StateStore;
  readonly demand?: (queue: MessageQueue<DemandEvent>) => MessageQueue<DemandEvent>;
  /** Between the controller and the provider, as a bug of the controller would show. */
  readonly caller?: (provider: MachineProvider, environment: string) => MachineProvider;
  /** The provider itself. */
  readonly provider?: (provider: MachineProvider) => MachineProvider;
}

/** Lets one in so many calls go wrong, always the same ones. */
function everyNth(n: number): () => boolean {
  let calls = 0;
  return () => {
    calls += 1;
    return calls % n === 0;
  };
}

/** Bugs to plant, by name. */
export const mutants: Readonly<Record<string, () => Mutant>> = {
  "terminates-a-running-machine": () => ({
    caughtBy: "no-busy-kill",
    caller: (provider, environment) => ({
      ...provider,
      // Every listing is followed by a termination of what has run longest.
      list: async (filter, options) => {
        const machines = await provider.list(filter, options);
        const oldest = machines.find(({ state }) => state === "running");
        if (oldest !== undefined && filter.environment === environment)
          await provider.terminate([oldest.id]);
        return machines;
      },
    }),
  }),
  "loses-an-accepted-message": () => {
    const isLost = everyNth(9);
    return {
      caughtBy: "ack-after-persist",
      demand: (queue) => ({
        ...queue,
        send: async (messages, options) => {
          const kept = messages.filter(() => !isLost());
          if (kept.length > 0) await queue.send(kept, options);
          return messages.map(() => ({ ok: true }) as const);
        },
      }),
    };
  },
  "ignores-the-epoch": () => {
    let epoch = 0;
    return {
      caughtBy: "single-writer",
      store: (store) => ({
        ...store,
        // Everybody who asks holds the lease, and every write passes under the newest epoch.
        leases: {
          ...store.leases,
          acquire: async (shard, owner, ttlMs) => {
            epoch += 1;
            return { shard, owner, epoch, expiresAtMs: Date.parse("2100-01-01") + ttlMs };
          },
          renew: async (lease) => lease,
          release: async () => undefined,
        },
        commit: (lease, writes, options) =>
          store.commit({ ...lease, epoch: 1_000_000 }, writes, { ...options, checked: false }),
      }),
    };
  },
  "buys-again-on-replay": () => {
    let calls = 0;
    return {
      caughtBy: "no-double-launch",
      provider: (provider) => ({
        ...provider,
        launch: async (attempt, options) => {
          calls += 1;
          await provider.launch({ ...attempt, token: `${attempt.token}-${calls}` }, options);
          return provider.launch({ ...attempt, token: `${attempt.token}+${calls}` }, options);
        },
      }),
    };
  },
  "never-terminates": () => ({
    caughtBy: "no-leak",
    caller: (provider) => ({
      ...provider,
      terminate: async (ids) => ids.map((id) => ({ id, ok: true })),
    }),
  }),
  "buys-before-it-stores": () => ({
    caughtBy: "no-double-launch",
    caller: (provider) => ({
      ...provider,
      launch: (attempt, options) =>
        provider.launch({ ...attempt, id: `${attempt.id}x`, token: `${attempt.token}x` }, options),
    }),
  }),
  "stops-buying": () => {
    let bought = 0;
    return {
      // Jobs are refused visibly when their time is up; what is seen is that no spare comes.
      caughtBy: "floor-held",
      caller: (provider) => ({
        ...provider,
        launch: (attempt, options) => {
          bought += 1;
          return bought > 12 ? new Promise(() => undefined) : provider.launch(attempt, options);
        },
      }),
    };
  },
};
