import { DAY_MS } from "../calendar/civil.ts";
import type { OffsetReader } from "./offset-reader.ts";
import { type OffsetList, pushSpan } from "./spans.ts";

/** Two changes of one zone were never closer than 6.96 days since 1970 (tz 2026d), so a day between samples misses none. */
const SAMPLE_MS = DAY_MS;

/** What is used of `Temporal` where the runtime has it: it finds a change a hundred times faster than samples do. */
export interface TemporalLike {
  readonly Instant: {
    fromEpochMilliseconds(ms: number): { toZonedDateTimeISO(timeZone: string): ZonedLike };
  };
}

interface ZonedLike {
  readonly epochMilliseconds: number;
  readonly offsetNanoseconds: number;
  getTimeZoneTransition(direction: "next"): ZonedLike | null;
}

/** Offsets between two instants by asking `Temporal` for each change. */
export function discoverWithTemporal(
  temporal: TemporalLike,
  timeZone: string,
  fromMs: number,
  toMs: number,
): OffsetList {
  const list: OffsetList = { at: [], offsetMs: [] };
  const start = temporal.Instant.fromEpochMilliseconds(fromMs).toZonedDateTimeISO(timeZone);
  pushSpan(list, fromMs, start.offsetNanoseconds / 1e6);
  let next = start.getTimeZoneTransition("next");
  while (next && next.epochMilliseconds < toMs) {
    pushSpan(list, next.epochMilliseconds, next.offsetNanoseconds / 1e6);
    next = next.getTimeZoneTransition("next");
  }
  return list;
}

/** Offsets between two instants by daily samples; a difference is bisected to the second. */
export function discoverBySamples(read: OffsetReader, fromMs: number, toMs: number): OffsetList {
  const list: OffsetList = { at: [], offsetMs: [] };
  let known = read(fromMs);
  pushSpan(list, fromMs, known);
  for (let at = fromMs; at < toMs; at += SAMPLE_MS) {
    const until = Math.min(at + SAMPLE_MS, toMs);
    const sample = read(until);
    let low = Math.floor(at / 1_000) * 1_000;
    while (known !== sample) {
      let high = Math.floor(until / 1_000) * 1_000;
      while (high - low > 1_000) {
        const middle = low + Math.floor((high - low) / 2_000) * 1_000;
        if (read(middle) === known) low = middle;
        else high = middle;
      }
      known = read(high);
      low = high;
      if (high < toMs) pushSpan(list, high, known);
    }
  }
  return list;
}
