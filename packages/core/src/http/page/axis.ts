import type { ZoneClock } from "../../pools/zone-clock.ts";

/** A stretch of time with marks at equal distances, on hours that people know. */
export interface TimeAxis {
  readonly fromMs: number;
  readonly toMs: number;
  /** The first is `fromMs`, the last is `toMs`. */
  readonly marksMs: readonly number[];
}

const minuteMs = 60_000;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240].map((minutes) => minutes * minuteMs);
/** Most distances between two marks before now. */
const mostSteps = 6;
const longestMs = 24 * 60 * minuteMs;
const shortestMs = 5 * minuteMs;

/**
 * The axis of what was recorded, a day at most, and of a little of what comes: it ends after now.
 *
 * @param sinceMs - Since when there is something to show.
 */
export function timeAxis(sinceMs: number, nowMs: number, clock: ZoneClock): TimeAxis {
  const spanMs = Math.min(longestMs, Math.max(shortestMs, nowMs - sinceMs));
  const stepMs = steps.find((candidate) => spanMs / candidate <= mostSteps) ?? longestMs;
  const fromMs = clock.floor(nowMs - spanMs, stepMs);
  const count = Math.ceil((nowMs + stepMs / 2 - fromMs) / stepMs);
  const marksMs = Array.from({ length: count + 1 }, (_, index) => fromMs + index * stepMs);
  return { fromMs, toMs: fromMs + count * stepMs, marksMs };
}

/** The end of an axis of machines: even, so that its middle is a number of machines as well. */
export function niceTop(most: number): number {
  for (let scale = 1; ; scale *= 10) {
    for (const step of scale === 1 ? [2, 4, 6, 8] : [1, 2, 3, 4, 5, 6, 8]) {
      if (step * scale >= most) return step * scale;
    }
  }
}
