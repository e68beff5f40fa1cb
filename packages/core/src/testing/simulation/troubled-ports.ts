import type { Clock, Entropy } from "../../ports/clock.ts";
import { FleetError } from "../../ports/failure.ts";
import type { MachineProvider, ObservedMachine } from "../../ports/machine-provider.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import { createDice } from "./dice.ts";
import type { FaultyPort } from "./faults.ts";
import type { Trouble } from "./trouble.ts";

/** What the wrappers share. */
export interface TroubledOptions {
  readonly trouble: Trouble;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly note: (what: string) => void;
}

/** Iterated reads are left alone: they fail with their port's other calls often enough. */
const iterated: ReadonlySet<string> = new Set(["load", "listFailed"]);

/** A port of which calls fail while a `calls-fail` fault is at work, before or after their effect. */
export function callsFail<T extends object>(
  name: FaultyPort,
  port: T,
  options: TroubledOptions,
): T {
  const { trouble, entropy, note } = options;
  return new Proxy(port, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value === "object" && value !== null) return callsFail(name, value, options);
      if (typeof value !== "function" || iterated.has(String(key))) return value;
      return async (...words: unknown[]): Promise<unknown> => {
        const fault = trouble.active("calls-fail").find(({ port: hit }) => hit === name);
        if (fault === undefined || entropy.random() >= fault.rate)
          return Reflect.apply(value, target, words);
        const broken = new FleetError({
          kind: fault.failure,
          message: `${name}.${String(key)}: the connection broke`,
        });
        if (fault.when === "before") {
          note(`${name}.${String(key)} fails before its effect: ${fault.failure}`);
          throw broken;
        }
        await Reflect.apply(value, target, words);
        note(`${name}.${String(key)} fails after its effect: ${fault.failure}`);
        throw broken;
      };
    },
  });
}

/** A queue whose messages come late or twice while such faults are at work. What it accepted it never loses. */
export function troubledQueue<T>(
  queue: MessageQueue<T>,
  { trouble, clock, entropy, note }: TroubledOptions,
): MessageQueue<T> {
  const dice = createDice(entropy);
  return {
    ...queue,
    send: async (messages, options) => {
      const [late] = trouble.active("queue-late");
      const twice = trouble.active("queue-duplicates").length > 0;
      if (late === undefined && !twice) return queue.send(messages, options);
      const delays = messages.map(() => (late ? dice.whole(0, late.delayMs) : 0));
      for (const [index, message] of messages.entries()) {
        const copies = twice && dice.chance(0.5) ? 2 : 1;
        const delayMs = delays[index] ?? 0;
        if (delayMs === 0 && copies === 1) continue;
        note(`a message comes ${delayMs} ms late, ${copies} times`);
        for (let copy = 0; copy < copies; copy += 1) {
          // The queue has it: it only shows it late.
          clock
            .sleep(delayMs + copy * dice.whole(0, 40_000))
            .then(() => queue.send([message]))
            .catch(() => undefined);
        }
        delays[index] = -1;
      }
      const now = messages.filter((_, index) => delays[index] === 0);
      if (now.length > 0) await queue.send(now, options);
      return messages.map(() => ({ ok: true }) as const);
    },
  };
}

/** Listings never lie about the past by more than this. */
const longestLagMs = 90_000;
const youngMs = 5 * 60_000;

/** A provider whose listings lag while such faults are at work. */
export function laggingListings(
  provider: MachineProvider,
  { trouble, clock, entropy, note }: TroubledOptions,
): MachineProvider {
  const dice = createDice(entropy);
  let last: { readonly atMs: number; readonly machines: readonly ObservedMachine[] } | undefined;
  return {
    ...provider,
    list: async (filter, options) => {
      const truth = await provider.list(filter, options);
      if (trouble.active("listing-lags").length === 0) {
        last = undefined;
        return truth;
      }
      const nowMs = clock.now();
      const before =
        last !== undefined && nowMs - last.atMs <= longestLagMs ? last.machines : truth;
      if (filter.attemptId === undefined) last = { atMs: nowMs, machines: truth };
      const old = new Map(before.map((machine) => [machine.id, machine]));
      const shown: ObservedMachine[] = [];
      for (const machine of truth) {
        const isYoung = nowMs - machine.launchedAtMs < youngMs;
        if (isYoung && dice.chance(0.5)) continue;
        const seen = dice.chance(0.5) ? machine : (old.get(machine.id) ?? machine);
        if (isYoung && filter.attemptId === undefined && dice.chance(0.3)) {
          const { attemptId: _, ...untagged } = seen;
          shown.push(untagged);
        } else shown.push(seen);
      }
      note(`a listing shows ${shown.length} of ${truth.length} machines`);
      return shown;
    },
  };
}

/** GitHub as a process reaches it: refuses calls with 429 while such a fault is at work. */
export function limitedFetch(
  inner: typeof fetch,
  { trouble, entropy, note }: Omit<TroubledOptions, "clock">,
): typeof fetch {
  return (input, init) => {
    const [fault] = trouble.active("github-limits");
    if (fault === undefined || entropy.random() >= fault.rate) return inner(input, init);
    note("github answers 429");
    const body = JSON.stringify({ message: "You have exceeded a secondary rate limit." });
    return Promise.resolve(
      new Response(body, {
        status: 429,
        headers: { "retry-after": "20", "content-type": "application/json" },
      }),
    );
  };
}
