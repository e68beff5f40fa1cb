import { MAX_INSTANT_MS, NO_INSTANT } from "./instant.ts";
import type { Page } from "./page.ts";

/** Longest page, about 25 days: offsets into it fit 32 bits. */
const MAX_PAGE_MS = 2_147_483_648;

/** Shortest page, about 19 hours. */
const MIN_PAGE_MS = 67_108_864;

/** Forwards or backwards in time. */
type Direction = 1 | -1;

/** Pages in a row that hold one value and no other. */
interface Quiet<Value> {
  readonly from: number;
  readonly to: number;
  readonly value: Value;
}

/**
 * A value over all of time, in pages that are built when first touched. A page has one place it can be in, so the
 * memory of a track is bounded; a page that was pushed out is built again, with the same content.
 */
export interface Track<Value, Answer> {
  readonly pageMs: number;
  readonly pagesPerMs: number;
  readonly slots: (Page<Value, Answer> | undefined)[];
  readonly slotMask: number;
  readonly build: (index: number) => Page<Value, Answer>;
  /** Whether two values are the same as far as transitions go. */
  readonly same: (a: Value, b: Value) => boolean;
  /** By direction: what the last search walked over in vain, so that the next one jumps over it. */
  readonly quiet: { [direction in Direction]?: Quiet<Value> };
}

export function createTrack<Value, Answer>(
  pageMs: number,
  slots: number,
  build: Track<Value, Answer>["build"],
  same: Track<Value, Answer>["same"],
): Track<Value, Answer> {
  return {
    pageMs,
    pagesPerMs: 1 / pageMs,
    slots: new Array(slots).fill(undefined),
    slotMask: slots - 1,
    build,
    same,
    quiet: {},
  };
}

/** Page length that keeps a page near 4,096 segments, a power of two. */
export function pageLength(changesPerDay: number): number {
  let pageMs = MAX_PAGE_MS;
  while (pageMs > MIN_PAGE_MS && (changesPerDay * pageMs) / 86_400_000 > 4_096) pageMs /= 2;
  return pageMs;
}

/** The page of a number, from its slot or built anew. */
export function loadPage<Value, Answer>(
  track: Track<Value, Answer>,
  index: number,
): Page<Value, Answer> {
  const slot = index & track.slotMask;
  const kept = track.slots[slot];
  if (kept !== undefined && kept.index === index) return kept;
  if (!(Math.abs(index * track.pageMs) <= MAX_INSTANT_MS)) {
    throw new RangeError(NO_INSTANT);
  }
  const page = track.build(index);
  track.slots[slot] = page;
  return page;
}

/** The page that holds an instant. */
export const pageAt = <Value, Answer>(
  track: Track<Value, Answer>,
  instant: number,
): Page<Value, Answer> => loadPage(track, Math.floor(instant * track.pagesPerMs));

/** First and last instant of a segment. */
export const boundsOf = (
  { pageMs }: Pick<Track<unknown, unknown>, "pageMs">,
  { startMs, starts }: Page<unknown, unknown>,
  segment: number,
): readonly [startMs: number, lastMs: number] => [
  startMs + (starts[segment] as number),
  startMs + (starts[segment + 1] ?? pageMs) - 1,
];

/** Notes that a page holds one value and no other, and returns the stretch of such pages that it lies in. */
function noteQuiet<Value>(
  { quiet, same }: Pick<Track<Value, unknown>, "quiet" | "same">,
  direction: Direction,
  index: number,
  value: Value,
): Quiet<Value> {
  const known = quiet[direction];
  const joins =
    known && same(known.value, value) && known.from - 1 <= index && index <= known.to + 1;
  const from = joins ? Math.min(known.from, index) : index;
  const to = joins ? Math.max(known.to, index) : index;
  quiet[direction] = { from, to, value };
  return quiet[direction];
}

/**
 * Where a segment's value begins to hold (backwards) or ceases to (forwards); infinite when no page has another value
 * that begins within `horizonMs` of this one.
 */
export function changeFrom<Value, Answer>(
  track: Track<Value, Answer>,
  origin: Page<Value, Answer>,
  segment: number,
  direction: Direction,
  horizonMs: number,
): number {
  const { same, pageMs } = track;
  const value = origin.values[segment] as Value;
  let page = origin;
  let at = segment;
  let found = direction * Infinity;
  for (;;) {
    while (at in page.values && same(page.values[at] as Value, value)) at += direction;
    if (at in page.values) {
      found = page.startMs + (page.starts[direction > 0 ? at : at + 1] ?? pageMs);
      break;
    }
    let index = page.index;
    if (page !== origin) {
      const { from, to } = noteQuiet(track, direction, index, value);
      index = direction > 0 ? to : from;
    }
    index += direction;
    const away = Math.abs(index - origin.index) * pageMs;
    if (away > horizonMs + pageMs || Math.abs(index * pageMs) > MAX_INSTANT_MS) break;
    page = loadPage(track, index);
    at = direction > 0 ? 0 : page.values.length - 1;
  }
  // A long search may have pushed the page out of its slot: back with it, its answers are kept.
  track.slots[origin.index & track.slotMask] = origin;
  return found;
}
