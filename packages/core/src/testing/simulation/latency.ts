import type { Clock, Entropy } from "../../ports/clock.ts";
import { createDice } from "./dice.ts";
import { type Method, wrapMembers } from "./wrap-members.ts";

/** What the wrappers share. */
export interface LatencyOptions {
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** Long polls wait by themselves, renewals are too many to matter, and iterated reads are left as they are. */
const instant: ReadonlySet<string> = new Set([
  "receive",
  "renew",
  "acquire",
  "load",
  "listFailed",
  "seen",
  "mark",
]);

function signalOf(words: readonly unknown[]): AbortSignal | undefined {
  const last = words.at(-1);
  if (typeof last !== "object" || last === null || !("signal" in last)) return undefined;
  return last.signal instanceof AbortSignal ? last.signal : undefined;
}

/**
 * A port whose calls take their time, on the way there or on the way back: what other calls do meanwhile is what races
 * are made of.
 */
export function withLatency<T extends object>(
  port: T,
  rangeMs: readonly [number, number],
  options: LatencyOptions,
): T {
  const { clock, entropy } = options;
  const dice = createDice(entropy);
  const delayed =
    (target: object, value: Method) =>
    async (...words: unknown[]): Promise<unknown> => {
      const signal = signalOf(words);
      const delayMs = dice.whole(...rangeMs);
      if (dice.chance(0.5)) {
        await clock.sleep(delayMs, signal);
        return Reflect.apply(value, target, words);
      }
      const answer: unknown = await Reflect.apply(value, target, words);
      await clock.sleep(delayMs, signal);
      return answer;
    };
  return wrapMembers(port, (key, value, target) => {
    if (typeof value === "object" && value !== null) return withLatency(value, rangeMs, options);
    return typeof value === "function" && !instant.has(key)
      ? delayed(target, value as Method)
      : value;
  });
}

/**
 * A `fetch` whose requests and answers travel for some milliseconds each. Whoever reads an answer does so at an instant
 * of its own: how many turns a platform needs for that changes no order of events.
 */
export function travellingFetch(
  inner: typeof fetch,
  { clock, entropy }: LatencyOptions,
): typeof fetch {
  const dice = createDice(entropy);
  return async (input, init) => {
    const signal = init?.signal ?? undefined;
    await clock.sleep(dice.whole(5, 150), signal);
    const response = await inner(input, init);
    await clock.sleep(dice.whole(5, 50), signal);
    return response;
  };
}
