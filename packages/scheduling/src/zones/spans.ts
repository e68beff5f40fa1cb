import type { ZoneSpans } from "../types/zones.ts";

/** Offsets in the making: times ascending, one offset each. */
export interface OffsetList {
  readonly at: number[];
  readonly offsetMs: number[];
}

/** Adds a span, unless it only continues the one before. */
export function pushSpan(list: OffsetList, at: number, offsetMs: number): void {
  if (list.offsetMs.at(-1) === offsetMs) return;
  list.at.push(at);
  list.offsetMs.push(offsetMs);
}

/** The part of a list that matters between two instants; the list must begin at or before the first. */
export function sliceSpans({ at, offsetMs }: OffsetList, fromMs: number, toMs: number): ZoneSpans {
  let first = 0;
  while (first + 1 < at.length && (at[first + 1] as number) <= fromMs) first++;
  let end = first + 1;
  while (end < at.length && (at[end] as number) < toMs) end++;
  return {
    at: Float64Array.from(at.slice(first, end)),
    offsetMs: Int32Array.from(offsetMs.slice(first, end)),
  };
}
