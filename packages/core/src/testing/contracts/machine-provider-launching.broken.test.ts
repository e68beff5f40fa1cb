import {
  capacity,
  describeProviderDefects,
  type ProviderDefect,
  region,
} from "../../../test/provider-defects.ts";
import { FleetError } from "../../ports/failure.ts";
import type { LaunchResult, MachineProvider } from "../../ports/machine-provider.ts";

/** Changes the attempts that are launched. */
function launchWith(
  change: (attempt: Parameters<MachineProvider["launch"]>[0]) => typeof attempt,
): ProviderDefect["breakProvider"] {
  return ({ launch }) => ({ launch: (attempt, options) => launch(change(attempt), options) });
}

describeProviderDefects("launching", [
  {
    name: "loses the token",
    caught: "buys nothing more when an attempt is repeated",
    breakProvider: (provider) => {
      let launches = 0;
      return launchWith((attempt) => {
        launches += 1;
        return { ...attempt, token: `token-${launches}` };
      })(provider);
    },
  },
  {
    name: "answers a token without a look at the other fields",
    caught: "refuses a token that was used with other fields",
    breakProvider: ({ launch }) => {
      const results = new Map<string, Promise<LaunchResult>>();
      return {
        launch(attempt, options) {
          const result = results.get(attempt.token) ?? launch(attempt, options);
          results.set(attempt.token, result);
          return result;
        },
      };
    },
  },
  {
    name: "remembers a token when the purchase is done",
    caught: "buys once when an attempt is sent many times at once",
    breakProvider: ({ launch }) => {
      const results = new Map<string, LaunchResult>();
      let launches = 0;
      return {
        async launch(attempt, options) {
          const known = results.get(attempt.token);
          if (known !== undefined) return launch(attempt, options);
          launches += 1;
          await Promise.resolve();
          const token = launches === 1 ? attempt.token : `token-${launches}`;
          const result = await launch({ ...attempt, token }, options);
          results.set(attempt.token, result);
          return result;
        },
      };
    },
  },
  {
    name: "buys one too many",
    caught: "buys as many machines as asked",
    breakProvider: launchWith((attempt) => ({ ...attempt, count: attempt.count + 1 })),
  },
  {
    name: "buys one token's machines for another token",
    caught: "buys for each token",
    breakProvider: launchWith((attempt) => ({ ...attempt, token: "one", id: "attempt-a" })),
  },
  {
    name: "buys in whatever region it serves",
    caught: "refuses an attempt for another region",
    breakProvider: launchWith((attempt) => ({ ...attempt, region })),
  },
  {
    name: "takes an attempt for no machine",
    caught: "refuses an attempt for no machine",
    breakProvider: launchWith((attempt) => ({ ...attempt, count: Math.max(1, attempt.count) })),
  },
  {
    name: "buys all or nothing",
    caught: "buys what there is, and says what it lacks",
    breakProvider: ({ launch }) => ({
      async launch(attempt, options) {
        if (attempt.count <= capacity) return launch(attempt, options);
        throw new FleetError({ kind: "capacity", message: "There is not enough room" });
      },
    }),
  },
  {
    name: "says nothing about what it could not buy",
    caught: "buys what there is, and says what it lacks",
    breakProvider: ({ launch }) => ({
      launch: async (attempt, options) => ({ ...(await launch(attempt, options)), failures: [] }),
    }),
  },
  {
    name: "never has room again",
    caught: "has room again when machines ended",
    breakProvider: ({ launch }) => {
      let bought = 0;
      return {
        async launch(attempt, options) {
          if (bought >= capacity) {
            const failure = { kind: "capacity", message: "There is no room" } as const;
            return { machines: [], failures: [failure] };
          }
          bought += attempt.count;
          return launch(attempt, options);
        },
      };
    },
  },
  {
    name: "launches in spite of cancellation",
    caught: "buys nothing when the call is cancelled",
    breakProvider: ({ launch }) => ({ launch: (attempt) => launch(attempt) }),
  },
  {
    name: "takes fewer launches at once than it says",
    caught: "takes launches as fast as it says",
    breakProvider: ({ launch }) => {
      let launches = 0;
      return {
        pace: { launch: { burst: 5, perSecond: 100 } },
        async launch(attempt, options) {
          launches += 1;
          if (launches < 5) return launch(attempt, options);
          throw new FleetError({ kind: "throttled", message: "Too many" });
        },
      };
    },
  },
  {
    name: "takes no more launches a second later, and says so in its result",
    caught: "takes launches as fast as it says",
    breakProvider: ({ launch }) => {
      let launches = 0;
      return {
        pace: { launch: { burst: 5, perSecond: 2 } },
        launch: async (attempt, options) => {
          launches += 1;
          if (launches <= 5) return launch(attempt, options);
          return { machines: [], failures: [{ kind: "throttled", message: "Too many" }] };
        },
      };
    },
  },
  {
    name: "says that it takes no launch",
    caught: "takes launches as fast as it says",
    breakProvider: () => ({ pace: { launch: { burst: 0, perSecond: 2 } } }),
  },
  {
    name: "says that it never takes one again",
    caught: "takes launches as fast as it says",
    breakProvider: () => ({ pace: { launch: { burst: 5, perSecond: 0 } } }),
  },
  {
    name: "lists the first page",
    caught: "lists what runs, with the attempt that bought it",
    breakProvider: ({ list }) => ({
      list: async (filter, options) => (await list(filter, options)).slice(0, 1),
    }),
  },
  {
    name: "lists every environment",
    caught: "lists by environment and by attempt",
    breakProvider: ({ list }) => ({
      async list(filter, options) {
        const all = await Promise.all(
          ["ci", "staging"].map((environment) => list({ ...filter, environment }, options)),
        );
        return all.flat();
      },
    }),
  },
  {
    name: "lists every attempt",
    caught: "lists by environment and by attempt",
    breakProvider: ({ list }) => ({
      list: ({ attemptId: _id, ...filter }, options) => list(filter, options),
    }),
  },
  {
    name: "forgets which attempt bought a machine",
    caught: "lists what runs, with the attempt that bought it",
    breakProvider: ({ list }) => ({
      list: async (filter, options) =>
        (await list(filter, options)).map(({ attemptId: _id, ...machine }) => machine),
    }),
  },
]);
