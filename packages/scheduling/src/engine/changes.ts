import type { Lane } from "../calendar/lanes.ts";
import type { Evaluation, Transition } from "../types/answers.ts";
import type { Engine } from "./compile.ts";
import type { Cause, Changes, Page } from "./page.ts";
import type { State } from "./state.ts";
import { changeFrom, pageAt } from "./track.ts";

type StatePage = Page<State, Evaluation>;

/** Entries that begin or end where a segment begins. */
function causesOf(
  { calendar }: Engine,
  { turns, turned }: Cause<State>,
  segment: number,
): readonly string[] {
  const names = new Set<string>();
  for (const lane of turns.subarray(turned[segment - 1] ?? 0, turned[segment])) {
    names.add((calendar.lanes[lane] as Lane).name);
  }
  return Object.freeze([...names]);
}

/** Transitions of a page: of the capacity, or of anything one can see. */
function collect(engine: Engine, page: StatePage, onEntry: boolean): Changes {
  const { same } = onEntry ? engine.visible : engine.nominal;
  const list: Transition[] = [];
  const next = new Int32Array(page.values.length);
  const cause = page.cause as Cause<State>;
  let { before } = cause;
  for (let segment = 0; segment < next.length; segment++) {
    const after = page.values[segment] as State;
    if (!same(before, after)) {
      list.push(
        Object.freeze({
          atMs: page.startMs + (page.starts[segment] as number),
          before: before.capacity,
          after: after.capacity,
          causes: causesOf(engine, cause, segment),
        }),
      );
    }
    next[segment] = list.length;
    before = after;
  }
  return { list, next, tail: undefined };
}

/** The transitions of a page, collected once. */
export function changesOf(engine: Engine, page: StatePage, onEntry: boolean): Changes {
  if (onEntry) {
    page.entryChanges ??= collect(engine, page, true);
    return page.entryChanges;
  }
  page.capacityChanges ??= collect(engine, page, false);
  return page.capacityChanges;
}

/** First transition after a page, within the horizon of its last instant. */
export function tailOf(engine: Engine, page: StatePage, onEntry: boolean): Transition | null {
  const changes = changesOf(engine, page, onEntry);
  if (changes.tail === undefined) {
    const track = onEntry ? engine.visible : engine.nominal;
    const last = page.values.length - 1;
    const atMs = changeFrom(track, page, last, 1, engine.horizonMs);
    const first = atMs < Infinity && changesOf(engine, pageAt(track, atMs), onEntry).list[0];
    changes.tail = first || null;
  }
  return changes.tail;
}
