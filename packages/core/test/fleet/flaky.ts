import type { Clock } from "../../src/ports/clock.ts";
import { type FailureKind, FleetError } from "../../src/ports/failure.ts";
import type { StateStore } from "../../src/ports/state-store.ts";

/** Calls whose failure the caller cannot do without an answer to, and reads that are iterated. */
const spared: ReadonlySet<string> = new Set(["load", "listFailed", "receive"]);

/**
 * A port of which some calls fail, before or after their effect: what a bad network does. `random` decides; while
 * `isCalm` nothing fails.
 */
export function flaky<T extends object>(
  port: T,
  rate: number,
  random: () => number,
  isCalm: () => boolean,
): T {
  return new Proxy(port, {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      if (typeof value === "object" && value !== null) return flaky(value, rate, random, isCalm);
      if (typeof value !== "function" || spared.has(String(key))) return value;
      return async (...words: unknown[]): Promise<unknown> => {
        const fate = isCalm() ? 1 : random();
        const broken = (): FleetError =>
          new FleetError({
            kind: fate < rate / 3 ? "throttled" : "unavailable",
            message: `${String(key)}: the connection broke`,
          });
        if (fate < rate / 2) throw broken();
        const answer: unknown = await Reflect.apply(value, target, words);
        if (fate < rate) throw broken();
        return answer;
      };
    },
  });
}

/** A store whose commits and leases fail while `isDown`; it can be read. */
export const failingStore =
  (kind: FailureKind, isDown: (nowMs: number) => boolean) =>
  (store: StateStore, clock: Clock): StateStore => {
    const down = (): void => {
      if (isDown(clock.now())) throw new FleetError({ kind, message: `The store is ${kind}` });
    };
    return {
      ...store,
      commit: async (...words) => {
        down();
        return store.commit(...words);
      },
      leases: {
        ...store.leases,
        acquire: async (...words) => {
          down();
          return store.leases.acquire(...words);
        },
        renew: async (...words) => {
          down();
          return store.leases.renew(...words);
        },
      },
    };
  };
