import type { Clock } from "../../ports/clock.ts";
import { type Method, wrapMembers } from "./wrap-members.ts";

/** Where a process is to die: right before or right after the effect of its n-th call of a port, counted from 0. */
export interface Crash {
  readonly call: number;
  readonly when: "before" | "after";
}

/** A process as it looks from outside: its calls arrive, wait while it is paused, and are never heard of once it is dead. */
export interface Life {
  /** Every call so far, such as `store.commit`. */
  readonly calls: readonly string[];
  isDead(): boolean;
  /** Whether it is frozen. */
  isPaused(): boolean;
  kill(): void;
  /** Lets it die around its next call whose name begins with `prefix`; at most one such death is in store. */
  crashAtNext(prefix: string, when: Crash["when"]): void;
  /** Called once, when it dies. */
  onDeath(listener: () => void): void;
  /** Freezes it: no call leaves and no answer or alarm reaches it until {@link Life.resume}. */
  pause(): void;
  resume(): void;
  /** The port as this process sees it. Sleeps of a clock freeze and die with it, but do not count as calls. */
  own<T extends object>(name: string, port: T): T;
  ownClock(clock: Clock): Clock;
}

const never = (): Promise<never> => new Promise(() => undefined);

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

/** A process that lives until it is killed or `crash` happens. */
export function createLife(crash?: Crash): Life {
  const calls: string[] = [];
  let dead = false;
  let ambush: { readonly prefix: string; readonly when: Crash["when"] } | undefined;
  let ambushed: number | undefined;
  const listeners: (() => void)[] = [];
  let thaw: (() => void) | undefined;
  let frozen: Promise<void> | undefined;

  const hold = async (): Promise<void> => {
    while (!dead && frozen !== undefined) await frozen;
    if (dead) await never();
  };
  const die = (): void => {
    if (dead) return;
    dead = true;
    for (const listener of listeners) listener();
    thaw?.();
  };
  const isHit = (call: number, when: Crash["when"]): boolean =>
    (crash?.call === call && crash.when === when) || (ambushed === call && ambush?.when === when);
  const isHeld = (): boolean => dead || frozen !== undefined;
  const step = async (call: number, when: Crash["when"]): Promise<void> => {
    await hold();
    if (!isHit(call, when)) return;
    die();
    await never();
  };

  async function* guarded(call: number, made: () => AsyncIterable<unknown>) {
    await step(call, "before");
    for await (const item of made()) {
      await hold();
      yield item;
    }
    await step(call, "after");
  }

  /** A call of a port: noted, held up while the process is frozen, and where it dies never heard of again. */
  const guard = (path: string, target: object, value: Method): Method => {
    const isIterated = path.endsWith(".load") || path.endsWith(".listFailed");
    return (...words: unknown[]): unknown => {
      if (dead) return never();
      const call = calls.push(path) - 1;
      if (ambushed === undefined && ambush !== undefined && path.startsWith(ambush.prefix)) {
        ambushed = call;
      }
      if (isIterated) {
        return guarded(call, () => {
          const made: unknown = Reflect.apply(value, target, words);
          if (!isIterable(made)) throw new TypeError(`${path} does not iterate`);
          return made;
        });
      }
      return around(call, () => Reflect.apply(value, target, words));
    };
  };

  /** Most calls meet neither death nor frost, and need no more promises than their own. */
  const around = async (call: number, run: () => unknown): Promise<unknown> => {
    if (isHeld() || isHit(call, "before")) await step(call, "before");
    try {
      return await run();
    } finally {
      if (isHeld() || isHit(call, "after")) await step(call, "after");
    }
  };

  const own = <T extends object>(name: string, port: T): T =>
    wrapMembers(port, (key, value, target) => {
      const path = `${name}.${key}`;
      if (typeof value === "object" && value !== null) return own(path, value);
      return typeof value === "function" ? guard(path, target, value as Method) : value;
    });

  return {
    calls,
    isDead: () => dead,
    isPaused: () => frozen !== undefined,
    kill: die,
    crashAtNext: (prefix, when) => {
      ambush = { prefix, when };
      ambushed = undefined;
    },
    onDeath: (listener) => {
      listeners.push(listener);
    },
    pause: () => {
      if (frozen !== undefined) return;
      frozen = new Promise((resolve) => {
        thaw = () => {
          frozen = undefined;
          thaw = undefined;
          resolve();
        };
      });
    },
    resume: () => thaw?.(),
    own,
    ownClock: (clock) => ({
      now: clock.now,
      monotonicMs: clock.monotonicMs,
      sleep: async (delayMs, signal) => {
        if (dead) return never();
        try {
          await clock.sleep(delayMs, signal);
        } finally {
          if (isHeld()) await hold();
        }
      },
    }),
  };
}
