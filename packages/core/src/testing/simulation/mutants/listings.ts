import { loseMachine } from "../../../fleet/take-observation.ts";
import { without } from "../../../fleet/without.ts";
import { type Mutants, minutes } from "./mutant.ts";

/** Unknown is not absent, absent is not zero, cannot read is not empty: bugs that take one for the other. */
export const listingMutants: Mutants = {
  "reads-one-page-of-machines": () => ({
    note: "A 5.11.11",
    caughtBy: "no-leak",
    ports: (ports) => ({
      ...ports,
      provider: {
        ...ports.provider,
        list: async (filter, options) => (await ports.provider.list(filter, options)).slice(0, 4),
      },
    }),
  }),
  "loads-one-page-of-records": () => ({
    note: "A 5.3.40",
    caughtBy: "no-leak",
    under: [{ kind: "kill", process: 0, downMs: 30_000, atMs: minutes(30) }],
    ports: (ports) => ({
      ...ports,
      store: {
        ...ports.store,
        load: async function* (shard, options) {
          let left = 8;
          for await (const record of ports.store.load(shard, options)) {
            if (left === 0) return;
            left -= 1;
            yield record;
          }
        },
      },
    }),
  }),
  "never-hears-of-new-images": () => ({
    note: "A 6: machines of weeks ago",
    caughtBy: "renewed",
    under: [{ kind: "image-published", atMs: minutes(45), forMs: minutes(90) }],
    ports: (ports) => ({
      ...ports,
      provider: {
        ...ports.provider,
        list: async (filter, options) => {
          const machines = await ports.provider.list(filter, options);
          return machines.map((machine) => without(machine, "isSuperseded"));
        },
      },
    }),
  }),
  "takes-unreadable-for-empty": () => ({
    note: "A 5.7.62",
    caughtBy: "no-busy-kill",
    under: [
      {
        kind: "calls-fail",
        port: "provider",
        when: "before",
        failure: "unavailable",
        rate: 0.7,
        atMs: minutes(20),
        forMs: minutes(40),
      },
    ],
    ports: (ports) => ({
      ...ports,
      provider: {
        ...ports.provider,
        list: (filter, options) => ports.provider.list(filter, options).catch(() => []),
      },
    }),
  }),
  "takes-omitted-for-gone": () => ({
    note: "A 5.1.10",
    caughtBy: "bounded",
    under: [{ kind: "listing-lags", atMs: minutes(20), forMs: minutes(40) }],
    rules: (rules) => ({
      ...rules,
      takeListing: (ledger, context, listing, listedAtMs) => {
        const strangers = rules.takeListing(ledger, context, listing, listedAtMs);
        const listed = new Set(listing.map(({ id }) => id));
        for (const machine of [...ledger.machines.values()]) {
          if (listed.has(machine.id) || machine.launchedAtMs > listedAtMs) continue;
          loseMachine(ledger, context, machine, "The provider lists it no more");
        }
        return strangers;
      },
    }),
  }),
  "takes-untagged-for-foreign": () => ({
    note: "A 5.6.56",
    caughtBy: "no-busy-kill",
    under: [{ kind: "listing-lags", atMs: minutes(12), forMs: minutes(70) }],
    ports: (ports) => ({
      ...ports,
      provider: {
        ...ports.provider,
        list: async (filter, options) => {
          const machines = await ports.provider.list(filter, options);
          const foreign = machines.filter(
            ({ attemptId, state }) => attemptId === undefined && state === "running",
          );
          if (foreign.length > 0) await ports.provider.terminate(foreign.map(({ id }) => id));
          return machines;
        },
      },
    }),
  }),
  "never-notices-that-machines-died": () => ({
    note: "A 5.3.41",
    caughtBy: "floor-held",
    under: [{ kind: "machines-die", count: 3, atMs: minutes(45) }],
    rules: (rules) => ({ ...rules, takeListing: () => ({ ids: [] }) }),
  }),
};
