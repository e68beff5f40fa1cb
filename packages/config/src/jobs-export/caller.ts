import { type Clock, FleetError } from "@runs-fleet/core";
import type { HistoryBudget } from "@runs-fleet/core/github";
import { callsPerMinute, spentUntilMs } from "./budget.ts";

/** Why an export stands still. */
export interface Waiting {
  readonly why: "budget" | "limited" | "unavailable";
  /** Epoch milliseconds. */
  readonly untilMs: number;
}

/** Makes one call after the other, within the budget, and repeats what failed for a moment. */
export interface Caller {
  call<T>(make: () => Promise<T>): Promise<T>;
  /** To be told of every answer. */
  learn(budget: HistoryBudget): void;
  readonly budget: HistoryBudget | undefined;
  /** Answers so far, those that cost nothing left out. */
  readonly calls: number;
  /** How long calls took, waits left out, milliseconds. */
  readonly workMs: number;
}

const firstBackoffMs = 1_000;
const longestBackoffMs = 60_000;
/** Tries of a call that is not answered: with the pauses between, some four minutes. */
const mostTries = 9;
/** How often GitHub may limit the same call before we give up. */
const mostLimits = 12;
const longestLimitMs = 3_600_000;
const minuteMs = 60_000;

/** A caller that has made no call. `beforeWait` saves what there is; `onWait` hears of every wait each second, and of its end. */
export function createCaller(options: {
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly reserve: number | undefined;
  readonly onWait: (waiting: Waiting | undefined) => void;
  readonly beforeWait: () => Promise<void>;
}): Caller {
  const { clock, signal, reserve, onWait, beforeWait } = options;
  let budget: HistoryBudget | undefined;
  let calls = 0;
  let workMs = 0;
  let minute = { startMs: Number.NEGATIVE_INFINITY, calls: 0 };

  /** In steps of a second, so that the countdown shows. */
  const waitUntil = async (why: Waiting["why"], untilMs: number): Promise<void> => {
    await beforeWait();
    for (let nowMs = clock.now(); nowMs < untilMs; nowMs = clock.now()) {
      onWait({ why, untilMs });
      await clock.sleep(Math.min(1_000, untilMs - nowMs), signal);
    }
    onWait(undefined);
  };

  const pace = async (): Promise<void> => {
    const untilMs = spentUntilMs(budget, reserve, clock.now());
    if (untilMs !== undefined) {
      await waitUntil("budget", untilMs);
      // What the next answer says counts, not what the last one said.
      budget = undefined;
    }
    const nowMs = clock.monotonicMs();
    if (nowMs - minute.startMs >= minuteMs) minute = { startMs: nowMs, calls: 0 };
    if (minute.calls >= callsPerMinute) {
      await clock.sleep(minute.startMs + minuteMs - nowMs, signal);
      minute = { startMs: clock.monotonicMs(), calls: 0 };
    }
    minute.calls += 1;
  };

  return {
    get budget() {
      return budget;
    },
    get calls() {
      return calls;
    },
    get workMs() {
      return workMs;
    },
    learn: (told) => {
      if (told.status !== 304) calls += 1;
      if (told.remaining !== undefined) budget = told;
    },
    call: async (make) => {
      let tries = 0;
      let limits = 0;
      for (;;) {
        signal?.throwIfAborted();
        await pace();
        const startMs = clock.monotonicMs();
        let failure: FleetError;
        try {
          return await make();
        } catch (error) {
          if (!FleetError.isInstance(error) || signal?.aborted) throw error;
          failure = error;
        } finally {
          workMs += clock.monotonicMs() - startMs;
        }
        if (failure.kind === "throttled") {
          limits += 1;
          if (limits > mostLimits) throw failure;
          // Longer each time, as GitHub asks for.
          const askedMs = (failure.retryAfterMs ?? minuteMs) * (1 << Math.max(0, limits - 2));
          await waitUntil("limited", clock.now() + Math.min(askedMs, longestLimitMs));
          continue;
        }
        tries += 1;
        if (!failure.retryable && failure.kind !== "unknown") throw failure;
        if (tries >= (failure.kind === "unknown" ? 3 : mostTries)) throw failure;
        const backoffMs = Math.min(firstBackoffMs << (tries - 1), longestBackoffMs);
        const pauseMs = Math.max(backoffMs, failure.retryAfterMs ?? 0);
        await waitUntil("unavailable", clock.now() + Math.min(pauseMs, longestLimitMs));
      }
    },
  };
}
