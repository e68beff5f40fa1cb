import { without } from "../../../fleet/without.ts";
import { aJob, type Mutants, minutes } from "./mutant.ts";

/** Bugs in how the fleet hears of jobs, and tells of them. */
export const webhookMutants: Mutants = {
  "never-lists-queued-jobs": () => ({
    note: "A 5.4.43",
    caughtBy: "known-demand",
    under: [
      {
        ...{ kind: "webhooks", loss: 0, vanish: 1, duplicate: 0, reorder: 0, delayMs: 0 },
        atMs: minutes(20),
        forMs: minutes(40),
      },
    ],
    ports: (ports) => ({
      ...ports,
      github: { ...ports.github, jobs: { ...ports.github.jobs, listQueued: async () => [] } },
    }),
  }),
  "says-accepted-when-the-queue-is-down": () => ({
    note: "A 5.11.21",
    caughtBy: "ack-after-persist",
    under: [
      {
        ...{ kind: "calls-fail", port: "demand", when: "before", failure: "unavailable" },
        rate: 0.7,
        atMs: minutes(20),
        forMs: minutes(40),
      },
    ],
    ports: (ports) => ({
      ...ports,
      demand: {
        ...ports.demand,
        send: (messages, options) =>
          ports.demand.send(messages, options).catch(() => messages.map(() => ({ ok: true }))),
      },
    }),
  }),
  "acknowledges-at-once": () => ({
    note: "A 5.5.53",
    caughtBy: "ack-after-persist",
    ports: (ports) => ({
      ...ports,
      demand: {
        ...ports.demand,
        receive: async (options) => {
          const deliveries = await ports.demand.receive(options);
          if (deliveries.length > 0) await ports.demand.acknowledge(deliveries);
          return deliveries;
        },
      },
    }),
  }),
  "refuses-silently": () => ({
    note: "A 5.3.34",
    caughtBy: "explained",
    ports: (ports) => ({
      ...ports,
      github: { ...ports.github, checks: { report: async () => undefined } },
    }),
  }),
  "drops-the-trace": () => ({
    note: "A 5.10",
    caughtBy: "one-trace",
    rules: (rules) => ({
      ...rules,
      takeDemand: (ledger, context, event) => rules.takeDemand(ledger, context, event),
    }),
  }),
  "lets-anybody-use-any-pool": () => ({
    note: "A 5.11.24",
    caughtBy: "isolated",
    // In most scenarios the last pool is closed to this repository.
    jobs: ({ catalog }) => {
      const pool = catalog.pools.findLast(({ environment }) => environment === "ci");
      const labels = [`runs-fleet/pool=${pool?.name}`];
      const job = { repository: "acme/docs", labels, isWrong: true, isForeign: false };
      return [20, 25, 30, 35].map((minute) => aJob(minute, job));
    },
    rules: (rules) => ({
      ...rules,
      takeDemand: (ledger, context, ...rest) => {
        const { catalog } = context;
        const pools = catalog.pools.map((pool) => without(pool, "repositories"));
        const policies = [{ name: "everyone", repositories: ["acme/*"], allow: {} }];
        return rules.takeDemand(
          ledger,
          { ...context, catalog: { ...catalog, pools, policies } },
          ...rest,
        );
      },
    }),
  }),
  "refuses-jobs-of-other-environments": () => ({
    note: "A 6, phase 6: no environments",
    caughtBy: "isolated",
    jobs: () => {
      const labels = ["runs-fleet/env=prod/pool=prod-web"];
      const job = { repository: "acme/app", labels, isWrong: false, isForeign: true };
      return [20, 30].map((minute) => aJob(minute, job));
    },
    rules: (rules) => ({
      ...rules,
      // It has never heard of any environment but its own.
      takeDemand: (ledger, context, ...rest) => {
        const { catalog, environment } = context;
        const environments = catalog.environments.filter(({ name }) => name === environment);
        const pools = catalog.pools.filter((pool) => pool.environment === environment);
        return rules.takeDemand(
          ledger,
          { ...context, catalog: { ...catalog, environments, pools } },
          ...rest,
        );
      },
    }),
  }),
  "writes-down-what-has-not-changed": () => ({
    note: "A 3.5",
    caughtBy: "call-budget",
    rules: (rules) => ({
      ...rules,
      endOverdue: (ledger, context) => {
        for (const machine of [...ledger.machines.values()]) ledger.putMachine(machine);
        rules.endOverdue(ledger, context);
      },
    }),
  }),
};
