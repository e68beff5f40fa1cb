import type { CallOptions } from "../ports/call-options.ts";
import type { Clock } from "../ports/clock.ts";
import { FleetError } from "../ports/failure.ts";
import type { ApiRequest, ApiResponse } from "./exchange.ts";
import { limitOf } from "./failures.ts";

/** Calls in flight that GitHub bears, all clients of one App together. Source: GitHub's REST rate limits, read 2026-11-20. */
const mostAtOnce = 100;
/** Points a minute. A read costs 1, a change 5. Same source. */
const pointsPerMinute = 900;
const changeCost = 5;
const minuteMs = 60_000;
/** Longest wait for a budget before the call is given back to its caller, milliseconds. */
const longestWaitMs = 2_000;

/** Keeps calls within what GitHub grants: learnt from its answers, counted by caller and bucket. */
export interface Budgets {
  /**
   * Waits for a place in flight, then for up to 2 s for the budget.
   *
   * @returns To be called when the answer is there, or will never be.
   * @throws A {@link FleetError} `throttled` with `retryAfterMs` when the budget is spent for longer.
   */
  enter(caller: string, request: ApiRequest, options?: CallOptions): Promise<() => void>;
  /** Learns from an answer. */
  learn(caller: string, request: ApiRequest, response: ApiResponse): void;
}

interface Bucket {
  remaining: number;
  resetMs: number;
}

/** Seconds that a window of a minute may touch. */
const windowSlots = 61;

interface Caller {
  /** Points by second, in a ring: a bucket that refills would grant twice the limit in its first minute. */
  readonly slots: number[];
  /** The second that was written last. */
  second: number;
  /** Nothing is sent before: a secondary limit. */
  blockedUntilMs: number;
  readonly buckets: Map<string, Bucket>;
  /** Where GitHub counts what we thought to be counted elsewhere. */
  readonly resources: Map<string, string>;
}

function costOf(request: ApiRequest): number {
  return request.method === "GET" ? 1 : changeCost;
}

/** Budgets that know nothing yet. */
export function createBudgets(clock: Clock): Budgets {
  const callers = new Map<string, Caller>();
  let inFlight = 0;
  const waiting: (() => void)[] = [];
  // The monotonic clock may begin anywhere, also below zero.
  const originMs = clock.monotonicMs();
  const elapsedMs = (): number => clock.monotonicMs() - originMs;

  const callerOf = (name: string): Caller => {
    let caller = callers.get(name);
    if (caller === undefined) {
      caller = {
        slots: new Array<number>(windowSlots).fill(0),
        second: Math.floor(elapsedMs() / 1_000),
        blockedUntilMs: 0,
        buckets: new Map(),
        resources: new Map(),
      };
      callers.set(name, caller);
    }
    return caller;
  };

  const bucketName = (caller: Caller, request: ApiRequest): string => {
    const expected = request.resource ?? "core";
    return caller.resources.get(expected) ?? expected;
  };

  /** How long until the points of the last minute leave room for `cost`, milliseconds. */
  const pointsWait = (caller: Caller, cost: number): number => {
    const nowMs = elapsedMs();
    const second = Math.floor(nowMs / 1_000);
    const passed = Math.min(second - caller.second, windowSlots);
    for (let ago = 0; ago < passed; ago += 1) caller.slots[(second - ago) % windowSlots] = 0;
    caller.second = second;
    let points = caller.slots.reduce((sum, slot) => sum + slot, cost);
    if (points <= pointsPerMinute) return 0;
    for (let age = windowSlots - 1; age >= 0; age -= 1) {
      points -= caller.slots[(second - age + windowSlots) % windowSlots] ?? 0;
      if (points <= pointsPerMinute) return (second - age + windowSlots) * 1_000 - nowMs;
    }
    return minuteMs;
  };

  /** How long the call has to wait, milliseconds. */
  const waitFor = (caller: Caller, request: ApiRequest): number => {
    const nowMs = clock.now();
    const bucket = caller.buckets.get(bucketName(caller, request));
    const bucketMs =
      bucket !== undefined && bucket.remaining <= 0 ? Math.max(0, bucket.resetMs - nowMs) : 0;
    return Math.max(caller.blockedUntilMs - nowMs, bucketMs, pointsWait(caller, costOf(request)));
  };

  const leave = (): void => {
    inFlight -= 1;
    waiting.shift()?.();
  };

  const takePlace = async (signal: AbortSignal | undefined): Promise<void> => {
    while (inFlight >= mostAtOnce) {
      await new Promise<void>((resolve, reject) => {
        const wake = (): void => {
          signal?.removeEventListener("abort", giveUp);
          resolve();
        };
        const giveUp = (): void => {
          waiting.splice(waiting.indexOf(wake), 1);
          reject(signal?.reason);
        };
        waiting.push(wake);
        signal?.addEventListener("abort", giveUp, { once: true });
      });
    }
    inFlight += 1;
  };

  return {
    enter: async (name, request, options) => {
      options?.signal?.throwIfAborted();
      const caller = callerOf(name);
      await takePlace(options?.signal);
      try {
        for (;;) {
          const waitMs = waitFor(caller, request);
          if (waitMs <= 0) break;
          if (waitMs > longestWaitMs) {
            throw new FleetError({
              kind: "throttled",
              message: `The budget at GitHub is spent for another ${Math.ceil(waitMs / 1_000)} s (${request.purpose})`,
              retryAfterMs: waitMs,
              details: { resource: bucketName(caller, request) },
            });
          }
          await clock.sleep(waitMs, options?.signal);
        }
      } catch (error) {
        leave();
        throw error;
      }
      const slot = caller.second % windowSlots;
      caller.slots[slot] = (caller.slots[slot] ?? 0) + costOf(request);
      const bucket = caller.buckets.get(bucketName(caller, request));
      // Counted at once: answers that are on their way do not know of this call.
      if (bucket !== undefined) bucket.remaining -= 1;
      let left = false;
      return () => {
        if (left) return;
        left = true;
        leave();
      };
    },
    learn: (name, request, response) => {
      const caller = callerOf(name);
      const nowMs = clock.now();
      const { headers } = response;
      const remaining = Number(headers["x-ratelimit-remaining"]);
      const resetMs = Number(headers["x-ratelimit-reset"]) * 1_000;
      const known = headers["x-ratelimit-remaining"] !== undefined && Number.isFinite(resetMs);
      if (known && Number.isFinite(remaining)) {
        const resource = headers["x-ratelimit-resource"] ?? bucketName(caller, request);
        caller.resources.set(request.resource ?? "core", resource);
        const bucket = caller.buckets.get(resource);
        // A 304 costs nothing, but was counted when it was sent.
        if (bucket !== undefined && response.status === 304) bucket.remaining += 1;
        // Answers overtake one another: within one window the lower number is the newer.
        const lower =
          bucket !== undefined && bucket.resetMs === resetMs
            ? Math.min(bucket.remaining, remaining)
            : remaining;
        if (bucket === undefined || resetMs >= bucket.resetMs) {
          caller.buckets.set(resource, { remaining: lower, resetMs });
        }
      }
      const limitMs = limitOf(response, nowMs);
      const primary =
        headers["x-ratelimit-remaining"] === "0" && headers["retry-after"] === undefined;
      if (limitMs !== undefined && !primary) {
        caller.blockedUntilMs = Math.max(caller.blockedUntilMs, nowMs + limitMs);
      }
    },
  };
}
