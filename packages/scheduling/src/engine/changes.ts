import type { Transition } from "../types/answers.ts";
import type { Engine } from "./compile.ts";
import type { Changes, Page } from "./page.ts";
import { looksLike, type State } from "./state.ts";
import { loadPage, MAX_INSTANT_MS } from "./track.ts";

type StatePage = Page<State, unknown>;

/** Entries that begin or end between two states; the few pairs a schedule knows come again and again. */
function causesOf({ calendar }: Engine, before: State, after: State): readonly string[] {
  const known = before.causes.get(after);
  if (known) return known;
  const names = new Set<string>();
  for (const [index, { name }] of calendar.lanes.entries()) {
    if (before.flags[index] !== after.flags[index]) names.add(name);
  }
  const causes = Object.freeze([...names]);
  before.causes.set(after, causes);
  return causes;
}

/** Transitions of a page: of the capacity, or of anything one can see. */
function collect(engine: Engine, page: StatePage, onEntry: boolean): Changes {
  const list: Transition[] = [];
  const next = new Int32Array(page.values.length);
  let before = page.before;
  for (let segment = 0; segment < next.length; segment++) {
    const after = page.values[segment] as State;
    const differs = onEntry
      ? !looksLike(engine.calendar.lanes, before, after)
      : !engine.nominal.same(before, after);
    if (differs) {
      list.push(
        Object.freeze({
          atMs: page.startMs + (page.starts[segment] as number),
          before: before.capacity,
          after: after.capacity,
          causes: causesOf(engine, before, after),
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
  if (changes.tail !== undefined) return changes.tail;
  const { nominal, horizonMs } = engine;
  const limit = page.startMs + nominal.pageMs + horizonMs;
  let tail: Transition | null = null;
  let index = page.index + 1;
  for (; tail === null && index * nominal.pageMs <= Math.min(limit, MAX_INSTANT_MS); index++) {
    tail = changesOf(engine, loadPage(nominal, index), onEntry).list[0] ?? null;
  }
  changes.tail = tail;
  return tail;
}
