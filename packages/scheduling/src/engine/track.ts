import type { Page } from "./page.ts";

/** Longest page, about 25 days: offsets into it fit 32 bits. */
const MAX_PAGE_MS = 2_147_483_648;

/** Shortest page, about 19 hours. */
const MIN_PAGE_MS = 67_108_864;

/** Latest instant of the calendar that JavaScript knows, either way from the epoch. */
export const MAX_INSTANT_MS = 8.64e15;

/** Says what an instant is. */
export const NO_INSTANT = "Not an instant";

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
  };
}

/** Page length that keeps a page near `perPage` segments, a power of two. */
export function pageLength(changesPerDay: number, perPage: number): number {
  let pageMs = MAX_PAGE_MS;
  while (pageMs > MIN_PAGE_MS && (changesPerDay * pageMs) / 86_400_000 > perPage) pageMs /= 2;
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

/** First instant after a segment at which the value differs; infinite when none comes within `horizonMs` of the page. */
export function changeAfter<Value, Answer>(
  track: Track<Value, Answer>,
  from: Page<Value, Answer>,
  segment: number,
  horizonMs: number,
): number {
  const value = from.values[segment] as Value;
  const limit = from.startMs + track.pageMs + horizonMs;
  let page = from;
  let next = segment + 1;
  for (;;) {
    for (; next < page.values.length; next++) {
      if (!track.same(page.values[next] as Value, value)) {
        return page.startMs + (page.starts[next] as number);
      }
    }
    const startMs = page.startMs + track.pageMs;
    if (startMs > limit || startMs > MAX_INSTANT_MS) return Infinity;
    page = loadPage(track, page.index + 1);
    next = 0;
  }
}

/** Since when a segment's value holds; minus infinity when for longer than `horizonMs` before the page. */
export function changeBefore<Value, Answer>(
  track: Track<Value, Answer>,
  from: Page<Value, Answer>,
  segment: number,
  horizonMs: number,
): number {
  const value = from.values[segment] as Value;
  const limit = from.startMs - horizonMs;
  let page = from;
  let at = segment;
  for (;;) {
    for (; at > 0; at--) {
      if (!track.same(page.values[at - 1] as Value, value)) {
        return page.startMs + (page.starts[at] as number);
      }
    }
    if (!track.same(page.before, value)) return page.startMs;
    if (page.startMs < limit || page.startMs - track.pageMs < -MAX_INSTANT_MS) {
      return -Infinity;
    }
    page = loadPage(track, page.index - 1);
    at = page.values.length - 1;
  }
}
