import type { ZoneSpans } from "../types/zones.ts";

/** Spans must begin this long before an instant for its monotone clock to be right: no clock was ever set back further than a day. */
export const CLOCK_HISTORY_MS = 3 * 86_400_000;

/** Offset in force at an instant, milliseconds. */
export function offsetAt({ at, offsetMs }: ZoneSpans, instant: number): number {
  let index = 0;
  while (index + 1 < at.length && instant >= (at[index + 1] as number)) index++;
  return offsetMs[index] as number;
}

/**
 * The monotone civil clock: the latest local time that has been reached by an instant. It stands still while a
 * repeated hour is repeated, and so never runs backwards.
 */
export function clockAt({ at, offsetMs }: ZoneSpans, instant: number): number {
  let latest = -Infinity;
  for (let index = 0; index < at.length; index++) {
    const next = at[index + 1] ?? Infinity;
    latest = Math.max(latest, Math.min(instant, next - 1) + (offsetMs[index] as number));
    if (instant < next) break;
  }
  return latest;
}

/**
 * The first instant at which the local clock reads `local` or later: in a gap the moment of the change, in repeated
 * time the first pass. This one rule is all the daylight-saving handling there is.
 */
export function instantOf({ at, offsetMs }: ZoneSpans, local: number): number {
  const last = at.length - 1;
  for (let index = 0; index < last; index++) {
    const offset = offsetMs[index] as number;
    if (local < (at[index + 1] as number) + offset) {
      return Math.max(at[index] as number, local - offset);
    }
  }
  return Math.max(at[last] as number, local - (offsetMs[last] as number));
}

/** What a zone does with a local time: it may skip it, or show it twice. */
export function fateOf(
  { at, offsetMs }: ZoneSpans,
  local: number,
): "skipped" | "repeated" | "once" {
  let showings = 0;
  for (let index = 0; index < at.length; index++) {
    const instant = local - (offsetMs[index] as number);
    // The first span of a slice began before the slice did.
    const from = index === 0 ? -Infinity : (at[index] as number);
    if (from <= instant && instant < (at[index + 1] ?? Infinity)) showings++;
  }
  return showings === 0 ? "skipped" : showings === 1 ? "once" : "repeated";
}
