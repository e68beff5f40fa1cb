import type { Compiled, Transition, TransitionOptions } from "../types/answers.ts";
import type { Instant } from "../types/schedule.ts";
import { changesOf, tailOf } from "./changes.ts";
import type { Engine } from "./compile.ts";
import { epochMs, requireInstant } from "./instant.ts";
import { segmentAt } from "./page.ts";
import { loadPage, pageAt } from "./track.ts";

/**
 * The next moment at which the schedule's capacity changes, strictly after `after`.
 *
 * Adjacent windows with equal values make no transition; `on: "entry"` reports them too.
 *
 * @returns `null` when there is none within the horizon, 400 days unless compiled otherwise.
 * @throws A `RangeError` when `after` is no instant, or the zone data does not reach far enough.
 * @example
 * nextTransition(compiled, Date.parse("2026-03-30T08:00:00Z"))?.after.hot; // 0, in the evening
 */
export function nextTransition(
  compiled: Compiled,
  after: Instant,
  options?: TransitionOptions,
): Transition | null {
  const engine = compiled as Engine;
  const instant = epochMs(after);
  const onEntry = options?.on === "entry";
  const page = pageAt(engine.nominal, instant);
  const changes =
    (onEntry ? page.entryChanges : page.capacityChanges) ?? changesOf(engine, page, onEntry);
  const next =
    changes.list[changes.next[segmentAt(page, instant)] as number] ??
    changes.tail ??
    tailOf(engine, page, onEntry);
  return next !== null && next.atMs - instant <= engine.horizonMs ? next : null;
}

/**
 * All transitions strictly between two instants, in order of time, found as the iterator is read.
 *
 * @throws A `RangeError` when a bound is no instant.
 * @example
 * for (const { atMs, after } of transitions(compiled, from, to)) console.log(atMs, after.hot);
 */
export function transitions(
  compiled: Compiled,
  from: Instant,
  to: Instant,
  options?: TransitionOptions,
): IterableIterator<Transition> {
  const engine = compiled as Engine;
  const onEntry = options?.on === "entry";
  const start = requireInstant(from);
  const end = requireInstant(to);
  const { nominal } = engine;
  let page = pageAt(nominal, start);
  let changes = changesOf(engine, page, onEntry);
  let position = changes.next[segmentAt(page, start)] as number;
  const done: IteratorReturnResult<undefined> = { done: true, value: undefined };
  // Written out instead of a generator: a year of 2,000 transitions is read in a third of the time.
  return {
    next: () => {
      while (position >= changes.list.length) {
        if ((page.index + 1) * nominal.pageMs >= end) return done;
        page = loadPage(nominal, page.index + 1);
        changes = changesOf(engine, page, onEntry);
        position = 0;
      }
      const value = changes.list[position] as Transition;
      if (value.atMs >= end) return done;
      position++;
      return { done: false, value };
    },
    [Symbol.iterator]() {
      return this;
    },
  };
}
