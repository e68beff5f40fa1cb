import type { Transition } from "../types/answers.ts";

/** Buckets of a page's index: a look-up reads one and walks on from there. */
const BUCKETS = 512;

/** Transitions of a page, and where to find the next one from each of its segments. */
export interface Changes {
  readonly list: readonly Transition[];
  /** Per segment: index into `list` of the first change after it begins. */
  readonly next: Int32Array;
  /** First change after the page, if any is near enough to any of its instants; `undefined` = not looked for yet. */
  tail: Transition | null | undefined;
}

/** How the values of a page came about. */
export interface Cause<Value> {
  /** The value one millisecond before the page. */
  readonly before: Value;
  /** Lanes that begin or end in the page, in order of time. */
  readonly turns: Int32Array;
  /** How many of them have done so, by segment. */
  readonly turned: readonly number[];
}

/**
 * A stretch of time as a sorted array of segments on each of which a value stays the same. Everything else is derived
 * from it on first use and kept.
 */
export interface Page<Value, Answer> {
  /** Number of the page; it begins at `index * pageMs`. */
  readonly index: number;
  readonly startMs: number;
  /** Where each segment begins, milliseconds into the page; the first is 0. */
  readonly starts: Int32Array;
  readonly values: readonly Value[];
  /** What led to the values, where it is told. */
  readonly cause: Cause<Value> | undefined;
  /** Segment that holds at the start of each bucket. */
  readonly buckets: Int32Array;
  readonly bucketShift: number;
  /** Public answers, one per segment, made when first asked for. */
  readonly answers: (Answer | undefined)[];
  capacityChanges: Changes | undefined;
  entryChanges: Changes | undefined;
}

/** The bucket index of all pages that have a single segment. */
const FLAT = new Int32Array(BUCKETS);

/** Index from time to segment. */
function bucketsOf(starts: Int32Array, bucketShift: number): Int32Array {
  if (starts.length === 1) return FLAT;
  const buckets = new Int32Array(BUCKETS);
  let segment = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const at = bucket << bucketShift;
    while (segment + 1 < starts.length && (starts[segment + 1] as number) <= at) segment++;
    buckets[bucket] = segment;
  }
  return buckets;
}

/** A page from its segments: `starts` ascending from 0. */
export function makePage<Value, Answer>(
  index: number,
  pageMs: number,
  starts: readonly number[],
  values: readonly Value[],
  cause?: Cause<Value>,
): Page<Value, Answer> {
  const bucketShift = Math.log2(pageMs / BUCKETS);
  const at = Int32Array.from(starts);
  return {
    index,
    startMs: index * pageMs,
    starts: at,
    values,
    cause,
    buckets: bucketsOf(at, bucketShift),
    bucketShift,
    answers: new Array(values.length),
    capacityChanges: undefined,
    entryChanges: undefined,
  };
}

/** The segment of a page that holds at an instant inside it. */
export function segmentAt(page: Page<unknown, unknown>, instant: number): number {
  const offset = instant - page.startMs;
  const { starts } = page;
  let segment = page.buckets[offset >> page.bucketShift] as number;
  while (segment + 1 < starts.length && (starts[segment + 1] as number) <= offset) segment++;
  return segment;
}
