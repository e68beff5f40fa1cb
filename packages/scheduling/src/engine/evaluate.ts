import type { Compiled, Evaluation } from "../types/answers.ts";
import type { Instant } from "../types/schedule.ts";
import type { Engine } from "./compile.ts";
import { epochMs } from "./instant.ts";
import { type Page, segmentAt } from "./page.ts";
import { activeOf, type State } from "./state.ts";
import { boundsOf, changeFrom, pageAt } from "./track.ts";

/** Makes the answer for a segment, and keeps it when it is right for all of the segment. */
function answer(
  engine: Engine,
  page: Page<State, Evaluation>,
  segment: number,
  at: number,
): Evaluation {
  const { nominal, horizonMs, calendar } = engine;
  const state = page.values[segment] as State;
  const since = changeFrom(nominal, page, segment, -1, horizonMs);
  const until = changeFrom(nominal, page, segment, 1, horizonMs);
  const [startMs, lastMs] = boundsOf(nominal, page, segment);
  const evaluation: Evaluation = Object.freeze({
    ...state.capacity,
    ...(state.entry === undefined ? {} : { entry: state.entry }),
    active: activeOf(calendar.lanes, state),
    ...(at - since <= horizonMs ? { sinceMs: since } : {}),
    ...(until - at <= horizonMs ? { untilMs: until } : {}),
  });
  // Near the horizon a bound may be in sight from one end of the segment only.
  const isPartly = (nearMs: number, farMs: number): boolean =>
    nearMs <= horizonMs && farMs > horizonMs;
  if (!isPartly(startMs - since, lastMs - since) && !isPartly(until - lastMs, until - startMs)) {
    page.answers[segment] = evaluation;
  }
  return evaluation;
}

/**
 * What the schedule says at an instant, before smoothing.
 *
 * @returns A frozen object, the same one for every instant between two changes: nothing is allocated.
 * @throws A `RangeError` when `at` is no instant, or the zone data does not reach it.
 * @example
 * evaluate(compiled, Date.parse("2026-03-30T08:00:00Z")).hot; // 10
 */
export function evaluate(compiled: Compiled, at: Instant): Evaluation {
  const engine = compiled as Engine;
  const instant = epochMs(at);
  const page = pageAt(engine.nominal, instant);
  const segment = segmentAt(page, instant);
  return page.answers[segment] ?? answer(engine, page, segment, instant);
}
