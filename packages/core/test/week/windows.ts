import { type Compiled, evaluate, transitions } from "@runs-fleet/scheduling";
import type { PoolConfig } from "../../src/routing/catalog.ts";
import { leadOf, type WeekOfYear } from "./configuration.ts";
import { eachStretch, type Frame } from "./frames.ts";

/** One rise of what the calendar says, and the first minute after it. */
export interface Window {
  readonly pool: string;
  readonly atMs: number;
  readonly tier: "hot" | "stopped";
  readonly target: number;
  /** The least, over the minute, of machines there and excused, by the target; at most 1. */
  readonly least: number;
  /** The same without excuses. */
  readonly plain: number;
}

const minuteMs = 60_000;

/** How many of the sorted moments lie in `(fromMs, toMs]`. */
function countIn(moments: readonly number[], fromMs: number, toMs: number): number {
  return moments.filter((atMs) => atMs > fromMs && atMs <= toMs).length;
}

/**
 * Every window of a pool, judged at every moment of its first minute.
 *
 * Hot: machines that said `ready` and are unclaimed. A job that was queued within the last lead time excuses one: it took
 * a spare machine, or the replacement of one, and the next cannot be ready. Stopped: machines that are off, and running
 * ones beyond the hot target that are on their way to be switched off; nothing is excused.
 */
export function judgeWindows(
  pool: PoolConfig,
  calendar: Compiled,
  frames: readonly Frame[],
  arrivals: readonly number[],
  { fromMs, toMs }: WeekOfYear,
): readonly Window[] {
  const windows: Window[] = [];
  for (const { atMs, before, after } of transitions(calendar, fromMs, toMs)) {
    for (const tier of ["hot", "stopped"] as const) {
      if (after[tier] <= before[tier]) continue;
      let least = 1;
      let plain = 1;
      const judge = (frame: Frame, nowMs: number): void => {
        const target = evaluate(calendar, nowMs);
        if (target[tier] === 0) return;
        const spare = Math.max(0, frame.ready - target.hot);
        const there = tier === "hot" ? frame.ready : frame.stopped + spare;
        const excused = tier === "hot" ? countIn(arrivals, nowMs - leadOf(pool), nowMs) : 0;
        plain = Math.min(plain, there / target[tier]);
        least = Math.min(least, (there + excused) / target[tier]);
      };
      const range = { fromMs: atMs, toMs: atMs + minuteMs };
      // Within a stretch only excuses change, and they run out: its two ends are the best and the worst of it.
      eachStretch(
        frames,
        () => ({}),
        range,
        (frame, _, startMs, endMs) => {
          judge(frame, startMs);
          judge(frame, endMs - 1);
        },
      );
      windows.push({ pool: pool.name, atMs, tier, target: after[tier], least, plain });
    }
  }
  return windows;
}
