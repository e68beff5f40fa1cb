import { zoneData } from "./zone-data.ts";

const dayMs = 86_400_000;

/** A change of a zone's clock. */
export interface ClockChange {
  /** When, epoch milliseconds. */
  readonly atMs: number;
  /** How far the clock is put forward, milliseconds; negative: back. */
  readonly byMs: number;
}

/** Where the times of a wall clock lie. A local time is what the clock shows, as milliseconds since it showed 1970-01-01. */
export interface LocalTime {
  /** Local time minus UTC at an instant, milliseconds. */
  offsetMs(atMs: number): number;
  /** The instants at which the clock shows a local time, earliest first: none where it is skipped, two where it comes twice. */
  instantsOf(localMs: number): readonly number[];
  /** The first instant at which the clock shows a local time or a later one, as schedules have it. */
  firstAt(localMs: number): number;
  /** Changes of the clock in a range, half open. */
  changes(fromMs: number, toMs: number): readonly ClockChange[];
}

/**
 * The local times of a zone.
 *
 * @throws A `RangeError` for a zone that nobody knows.
 */
export function localTime(timeZone: string): LocalTime {
  const zones = zoneData();
  const spansAround = (fromMs: number, toMs: number) => {
    const { at, offsetMs } = zones.spans(timeZone, fromMs - 2 * dayMs, toMs + 2 * dayMs);
    return Array.from(offsetMs, (offset, index) => ({
      fromMs: index === 0 ? Number.NEGATIVE_INFINITY : (at[index] ?? 0),
      toMs: at[index + 1] ?? Number.POSITIVE_INFINITY,
      offsetMs: offset,
    }));
  };
  const instantsOf = (localMs: number): readonly number[] =>
    spansAround(localMs, localMs)
      .filter((span) => {
        const atMs = localMs - span.offsetMs;
        return span.fromMs <= atMs && atMs < span.toMs;
      })
      .map((span) => localMs - span.offsetMs);
  return {
    offsetMs: (atMs) => zones.spans(timeZone, atMs, atMs + 1).offsetMs.at(-1) ?? 0,
    instantsOf,
    firstAt: (localMs) => {
      const [first] = instantsOf(localMs);
      if (first !== undefined) return first;
      // Skipped: the clock shows a later time from the moment of the change on.
      const after = spansAround(localMs, localMs).find(
        (span) => localMs < span.fromMs + span.offsetMs,
      );
      return after?.fromMs ?? localMs;
    },
    changes: (fromMs, toMs) => {
      const spans = spansAround(fromMs, toMs);
      return spans.flatMap((span, index) => {
        const before = spans[index - 1];
        if (before === undefined || span.fromMs < fromMs || span.fromMs >= toMs) return [];
        return [{ atMs: span.fromMs, byMs: span.offsetMs - before.offsetMs }];
      });
    },
  };
}

/** An offset from UTC as people write it: `+01:00`. */
export function offsetWords(offsetMs: number): string {
  const minutes = Math.abs(Math.round(offsetMs / 60_000));
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${offsetMs < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
