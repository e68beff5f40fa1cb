import type { Compiled, Drain, Target } from "../types/answers.ts";
import type { Instant } from "../types/schedule.ts";
import type { Engine } from "./compile.ts";
import { epochMs } from "./instant.ts";
import { type Page, segmentAt } from "./page.ts";
import type { TargetValue } from "./smooth.ts";
import { boundsOf, changeFrom, pageAt } from "./track.ts";

function answer(
  { smooth, horizonMs }: Engine,
  page: Page<TargetValue, Target>,
  segment: number,
  at: number,
): Target {
  const until = changeFrom(smooth, page, segment, 1, horizonMs);
  const [startMs, lastMs] = boundsOf(smooth, page, segment);
  const { hot, stopped, reason } = page.values[segment] as TargetValue;
  const untilMs = until - at <= horizonMs ? { untilMs: until } : {};
  const target: Target = Object.freeze({ hot, stopped, ...untilMs, reason });
  // Near the horizon the next change may be in sight from the end of the segment only.
  if (until - lastMs > horizonMs || until - startMs <= horizonMs) page.answers[segment] = target;
  return target;
}

/**
 * What a pool should have at an instant so that it is ready in time and changes smoothly: never below the schedule,
 * at the new level a lead before every rise, climbing and falling no faster than the ramps allow.
 *
 * @returns A frozen object, the same one for every instant between two changes.
 * @throws A `RangeError` when `at` is no instant, or the zone data does not reach it.
 * @example
 * const { hot, untilMs } = target(compiled, now); // sleep until untilMs
 */
export function target(compiled: Compiled, at: Instant): Target {
  const engine = compiled as Engine;
  const instant = epochMs(at);
  const page = pageAt(engine.smooth, instant);
  const segment = segmentAt(page, instant);
  return page.answers[segment] ?? answer(engine, page, segment, instant);
}

/**
 * The next fall of the hot target after an instant, and what the smoothing says about the surplus machines.
 *
 * @returns `null` when the target does not fall within the horizon.
 */
export function nextDrain(compiled: Compiled, after: Instant): Drain | null {
  const { smoothing, horizonMs } = compiled as Engine;
  const start = epochMs(after);
  let now = target(compiled, start);
  for (;;) {
    const atMs = now.untilMs;
    if (atMs === undefined || atMs - start > horizonMs) return null;
    const then = target(compiled, atMs);
    if (then.hot < now.hot) {
      return {
        atMs,
        surplus: now.hot - then.hot,
        cordonAtMs: atMs - (smoothing.cordonBeforeMs ?? 0),
        ...(smoothing.drainDeadlineMs === undefined
          ? {}
          : { deadlineMs: atMs + smoothing.drainDeadlineMs }),
      };
    }
    now = then;
  }
}
