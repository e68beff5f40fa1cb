import { describeProviderDefects, region } from "../../../test/provider-defects.ts";
import { FleetError } from "../../ports/failure.ts";
import type { MachineProvider, Outcome } from "../../ports/machine-provider.ts";

describeProviderDefects("steering", [
  {
    name: "lists running machines only",
    caught: "stops a machine and starts it again",
    breakProvider: ({ list }) => ({
      list: async (filter, options) =>
        (await list(filter, options)).filter(({ state }) => state === "running"),
    }),
  },
  {
    name: "buys a machine when it should start one",
    caught: "stops a machine and starts it again",
    breakProvider: ({ launch, start }) => {
      let starts = 0;
      let last: Parameters<MachineProvider["launch"]>[0] | undefined;
      return {
        launch(attempt, options) {
          last = attempt;
          return launch(attempt, options);
        },
        async start(ids, options) {
          const outcomes = await start(ids, options);
          starts += 1;
          const token = `start-${starts}`;
          if (last !== undefined) await launch({ ...last, token, id: token }, options);
          return outcomes;
        },
      };
    },
  },
  {
    name: "does not start",
    caught: "stops a machine and starts it again",
    breakProvider: () => ({
      async start(ids, options) {
        options?.signal?.throwIfAborted();
        return ids.map((id) => ({ id, ok: true }));
      },
    }),
  },
  {
    name: "ends what it should stop",
    caught: "stops a machine and starts it again",
    breakProvider: ({ terminate }) => ({ stop: terminate }),
  },
  {
    name: "complains about a machine that is stopped already",
    caught: "finds nothing wrong in stopping and starting twice",
    breakProvider: ({ stop }) => {
      const stopped = new Set<string>();
      return {
        async stop(ids, options) {
          const outcomes = await stop(ids, options);
          return outcomes.map((outcome): Outcome => {
            if (!stopped.has(outcome.id)) {
              stopped.add(outcome.id);
              return outcome;
            }
            return { id: outcome.id, ok: false, failure: "conflict" };
          });
        },
      };
    },
  },
  {
    name: "stops what it should end",
    caught: "ends a machine for good",
    breakProvider: ({ stop }) => ({
      async terminate(ids, options) {
        await stop(ids, options);
        return ids.map((id) => ({ id, ok: true }));
      },
    }),
  },
  {
    name: "says that it started a machine that has ended",
    caught: "ends a machine for good",
    breakProvider: ({ start }) => ({
      async start(ids, options) {
        await start(ids, options);
        return ids.map((id) => ({ id, ok: true }));
      },
    }),
  },
  {
    name: "complains about a machine that has ended already",
    caught: "ends a machine for good",
    breakProvider: ({ terminate }) => {
      const ended = new Set<string>();
      return {
        async terminate(ids, options) {
          const outcomes = await terminate(ids, options);
          return outcomes.map((outcome): Outcome => {
            const isNew = !ended.has(outcome.id);
            ended.add(outcome.id);
            return isNew ? outcome : { id: outcome.id, ok: false, failure: "not-found" };
          });
        },
      };
    },
  },
  {
    name: "ends every machine",
    caught: "ends the machines it was told to, and no other",
    breakProvider: ({ list, terminate }) => ({
      async terminate(ids, options) {
        const all = await list({ environment: "ci", region });
        await terminate(
          all.map(({ id }) => id),
          options,
        );
        return ids.map((id) => ({ id, ok: true }));
      },
    }),
  },
  {
    name: "stops every machine",
    caught: "stops the machines it was told to, and no other",
    breakProvider: ({ list, stop }) => ({
      async stop(ids, options) {
        const all = await list({ environment: "ci", region });
        const others = all.map(({ id }) => id).filter((id) => !ids.includes(id));
        await stop(others, options);
        return stop(ids, options);
      },
    }),
  },
  {
    name: "gives up a batch at the first unknown id",
    caught: "handles a batch with an unknown id, in order",
    breakProvider: ({ stop }) => ({
      async stop(ids, options) {
        const outcomes: Outcome[] = [];
        for (const id of ids) {
          const isSpoilt = outcomes.some(({ ok }) => !ok);
          const some = isSpoilt
            ? [{ id, ok: false, failure: "not-found" } as const]
            : await stop([id], options);
          outcomes.push(...some);
        }
        options?.signal?.throwIfAborted();
        return outcomes;
      },
    }),
  },
  {
    name: "answers outcomes in another order",
    caught: "handles a batch with an unknown id, in order",
    breakProvider: ({ start }) => ({
      start: async (ids, options) => [...(await start(ids, options))].reverse(),
    }),
  },
  {
    name: "complains about an unknown id that is to end",
    caught: "handles a batch with an unknown id, in order",
    breakProvider: ({ terminate }) => ({
      terminate: async (ids, options) =>
        (await terminate(ids, options)).map(
          ({ id, ok }): Outcome =>
            id.startsWith(region) ? { id, ok } : { id, ok: false, failure: "not-found" },
        ),
    }),
  },
  {
    name: "rings anything",
    caught: "does not ring a machine that has ended",
    breakProvider: ({ ring }) => ({
      async ring(ids, nonce, options) {
        await ring(ids, nonce, options);
        return ids.map((id) => ({ id, ok: true }));
      },
    }),
  },
  {
    name: "rings once",
    caught: "rings a running machine, as often as asked",
    breakProvider: ({ ring }) => {
      const rung = new Set<string>();
      return {
        async ring(ids, nonce, options) {
          const outcomes = await ring(ids, nonce, options);
          return outcomes.map((outcome): Outcome => {
            const isNew = !rung.has(outcome.id);
            rung.add(outcome.id);
            return isNew ? outcome : { id: outcome.id, ok: false, failure: "conflict" };
          });
        },
      };
    },
  },
  {
    name: "fails on an empty batch",
    caught: "answers an empty batch with nothing",
    breakProvider: ({ stop }) => ({
      async stop(ids, options) {
        if (ids.length > 0) return stop(ids, options);
        throw new FleetError({ kind: "config", message: "There is nothing to stop" });
      },
    }),
  },
  {
    name: "terminates in spite of cancellation",
    caught: "changes nothing when a call is cancelled",
    breakProvider: ({ terminate }) => ({
      async terminate(ids, options) {
        await terminate(ids);
        options?.signal?.throwIfAborted();
        return ids.map((id) => ({ id, ok: true }));
      },
    }),
  },
  {
    name: "says that it stopped a spot machine",
    caught: "does not stop a spot machine",
    breakProvider: ({ stop }) => ({
      async stop(ids, options) {
        const outcomes = await stop(ids, options);
        return outcomes.map(
          (outcome): Outcome =>
            outcome.failure === "config" ? { id: outcome.id, ok: true } : outcome,
        );
      },
    }),
  },
]);
