import type { Clock } from "../../ports/clock.ts";
import { FleetError } from "../../ports/failure.ts";
import { systemClock } from "../../ports/system-clock.ts";
import type { TestApi } from "../test-api.ts";
import { createVirtualClock } from "../virtual-clock.ts";

/** What a contract suite hands to the adapter under test. */
export interface ContractEnvironment {
  /** The adapter must read time here and nowhere else. */
  readonly clock: Clock;
}

/**
 * Where the time of a suite comes from. `virtual`: the suite moves it, nobody waits. `real`: the adapter cannot be told
 * the time (a service keeps its own), so the suite waits.
 */
export type ContractTime = "virtual" | "real";

/** Time as a case sees it. */
export interface Stage extends ContractEnvironment {
  /** Lets this much time pass. */
  pass(byMs: number): Promise<void>;
  /** Lets time pass in steps until `condition` holds; answers whether it ever did. */
  reach(
    condition: () => boolean | Promise<boolean>,
    stepMs: number,
    steps: number,
  ): Promise<boolean>;
}

/** When virtual suites begin, epoch milliseconds. */
const startMs = 1_790_000_000_000;

function createStage(time: ContractTime): Stage {
  const virtual = createVirtualClock(startMs);
  const clock = time === "virtual" ? virtual : systemClock;
  const pass = time === "virtual" ? virtual.advance : (byMs: number) => systemClock.sleep(byMs);
  return {
    clock,
    pass,
    async reach(condition, stepMs, steps) {
      for (let step = 0; step < steps; step += 1) {
        if (await condition()) return true;
        await pass(stepMs);
      }
      return condition();
    },
  };
}

async function dispose(subject: object): Promise<void> {
  const end: unknown = Reflect.get(subject, Symbol.asyncDispose);
  if (typeof end === "function") await end.call(subject);
}

/** Declares cases, each with an adapter of its own, which is disposed of afterwards. */
export function createCases<S extends object>(
  api: TestApi,
  create: (environment: ContractEnvironment) => Promise<S>,
  time: ContractTime = "virtual",
): (name: string, body: (subject: S, stage: Stage) => Promise<void>) => void {
  return (name, body) => {
    api.it(name, async () => {
      const stage = createStage(time);
      const subject = await create({ clock: stage.clock });
      try {
        await body(subject, stage);
      } finally {
        await dispose(subject);
      }
    });
  };
}

/** How a call ended: `none` when it succeeded, else the kind of its FleetError, or the name of another error. */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "none";
  } catch (error) {
    if (FleetError.isInstance(error)) return error.kind;
    return error instanceof Error ? error.name : String(error);
  }
}

/** A call that is under way. */
export interface Pending {
  /** Whether it has ended, in whatever way. */
  hasEnded(): boolean;
  /** How it ended, as {@link failureOf} says. */
  readonly end: Promise<string>;
}

/** Watches a call, so that a case can tell "has not ended" from "never will". */
export function watch(call: Promise<unknown>): Pending {
  let ended = false;
  const end = failureOf(call).finally(() => {
    ended = true;
  });
  return { hasEnded: () => ended, end };
}

/** All items of a sequence. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A signal that was aborted before the call, and the reason that the call must reject with. */
export function abortedSignal(): { readonly signal: AbortSignal; readonly reason: string } {
  const reason = "the caller gave up";
  return { signal: AbortSignal.abort(reason), reason };
}
