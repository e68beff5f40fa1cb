import type { Compiled, Evaluation } from "../types/answers.ts";
import type { Instant } from "../types/schedule.ts";
import type { Engine } from "./compile.ts";
import { epochMs } from "./instant.ts";
import { type Page, segmentAt } from "./page.ts";
import { activeOf, type State } from "./state.ts";
import { changeAfter, changeBefore, pageAt } from "./track.ts";

/** Makes the answer for a segment, and keeps it when it is right for all of the segment. */
function answer(
  engine: Engine,
  page: Page<State, Evaluation>,
  segment: number,
  at: number,
): Evaluation {
  const { nominal, horizonMs } = engine;
  const state = page.values[segment] as State;
  const since = changeBefore(nominal, page, segment, horizonMs);
  const until = changeAfter(nominal, page, segment, horizonMs);
  const startMs = page.startMs + (page.starts[segment] as number);
  const endMs = page.startMs + (page.starts[segment + 1] ?? nominal.pageMs);
  const evaluation: Evaluation = Object.freeze({
    ...state.capacity,
    ...(state.entry === undefined ? {} : { entry: state.entry }),
    active: activeOf(engine.calendar.lanes, state),
    ...(at - since <= horizonMs ? { sinceMs: since } : {}),
    ...(until - at <= horizonMs ? { untilMs: until } : {}),
  });
  // Near the horizon a bound may be in sight from one end of the segment only.
  const last = endMs - 1;
  if (
    startMs - since <= horizonMs === last - since <= horizonMs &&
    until - startMs <= horizonMs === until - last <= horizonMs
  ) {
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
