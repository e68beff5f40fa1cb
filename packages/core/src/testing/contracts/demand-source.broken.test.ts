import { type Defect, describeDefects } from "../../../test/defects.ts";
import { createMemoryDemandSource } from "../../embedded/memory-demand-source.ts";
import type { DemandSource } from "../../ports/demand-source.ts";
import { describeDemandSourceContract } from "./demand-source.ts";

/** A source with one defect. */
interface SourceDefect extends Defect {
  breakReceive(receive: DemandSource["receive"]): DemandSource["receive"];
}

const defects: readonly SourceDefect[] = [
  {
    name: "acknowledges what it yields",
    caught: "yields an event again that was not acknowledged",
    breakReceive: (receive) =>
      async function* (options) {
        for await (const demand of receive(options)) {
          await demand.acknowledge();
          yield demand;
        }
      },
  },
  {
    name: "ignores acknowledgements",
    caught: "never yields an acknowledged event again",
    breakReceive: (receive) =>
      async function* (options) {
        for await (const { event } of receive(options)) {
          yield { event, acknowledge: async () => undefined };
        }
      },
  },
  {
    name: "fetches ahead and forgets",
    caught: "loses nothing of a listener that stops in the middle",
    breakReceive: (receive) =>
      async function* (options) {
        const iterator = receive(options)[Symbol.asyncIterator]();
        let next = iterator.next();
        for (;;) {
          const { value } = await next;
          next = iterator.next();
          const ahead = next;
          // Acknowledged although nobody has seen it.
          ahead.then((result) => result.value?.acknowledge()).catch(() => undefined);
          yield value;
        }
      },
  },
  {
    name: "stops after what is there",
    caught: "yields what is there and what comes later",
    breakReceive: (receive) =>
      async function* (options) {
        for await (const demand of receive(options)) {
          yield demand;
          return;
        }
      },
  },
  {
    name: "loses optional members",
    caught: "yields an event whole",
    breakReceive: (receive) =>
      async function* (options) {
        for await (const { event, acknowledge } of receive(options)) {
          const { headSha: _sha, ...rest } = event;
          yield { event: rest, acknowledge };
        }
      },
  },
  {
    name: "fails on a second acknowledgement",
    caught: "takes an acknowledgement twice",
    breakReceive: (receive) =>
      async function* (options) {
        for await (const { event, acknowledge } of receive(options)) {
          let isDone = false;
          yield {
            event,
            async acknowledge() {
              if (isDone) throw new Error("It was acknowledged before");
              isDone = true;
              await acknowledge();
            },
          };
        }
      },
  },
  {
    name: "notices a cancellation at the next event only",
    caught: "rejects with the reason as soon as the signal aborts",
    breakReceive: (receive) =>
      async function* (options) {
        options?.signal?.throwIfAborted();
        for await (const demand of receive()) {
          options?.signal?.throwIfAborted();
          yield demand;
        }
      },
  },
  {
    name: "ends without a word when it is cancelled",
    caught: "rejects with the reason as soon as the signal aborts",
    breakReceive: (receive) =>
      async function* (options) {
        try {
          yield* receive(options);
        } catch {
          return;
        }
      },
  },
  {
    name: "starts in spite of cancellation",
    caught: "yields nothing when it was cancelled before",
    breakReceive: (receive) =>
      async function* (options) {
        yield* receive(options?.signal?.aborted ? {} : options);
      },
  },
];

describeDefects({
  noun: "a demand source",
  defects,
  declare: (api, broken) =>
    describeDemandSourceContract({
      api,
      async create(environment) {
        const { receive, offer } = createMemoryDemandSource(environment);
        const source = { name: "broken", receive: broken?.breakReceive(receive) ?? receive };
        return { source, offer };
      },
    }),
});
