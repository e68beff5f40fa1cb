import { DAY_MS, formatDate } from "../calendar/civil.ts";
import type { Compiled, Forecast, Rates } from "../types/answers.ts";
import type { Instant } from "../types/schedule.ts";
import { CLOCK_HISTORY_MS, clockAt, instantOf } from "../zones/civil-clock.ts";
import type { Engine } from "./compile.ts";
import { epochMs } from "./instant.ts";
import { segmentAt } from "./page.ts";
import { pageAt, type Track } from "./track.ts";

const HOUR_MS = 3_600_000;

interface DayPart {
  readonly date: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Cuts a range at every local midnight; a date that was skipped has no part. */
function daysOf({ calendar, zones }: Engine, fromMs: number, toMs: number): DayPart[] {
  const zone = calendar.zones[0] ?? "UTC";
  const spans = zones.spans(zone, fromMs - CLOCK_HISTORY_MS, toMs + DAY_MS);
  const parts: DayPart[] = [];
  let start = fromMs;
  for (let day = Math.floor(clockAt(spans, fromMs) / DAY_MS); start < toMs; day++) {
    const end = Math.min(toMs, instantOf(spans, (day + 1) * DAY_MS));
    if (end <= start) continue;
    parts.push({ date: formatDate(day), fromMs: start, toMs: end });
    start = end;
  }
  return parts;
}

/** The value of a track at an instant, and the end of the segment that holds it. */
function lookUp<Value, Answer>(
  track: Track<Value, Answer>,
  at: number,
): { readonly value: Value; readonly endMs: number } {
  const page = pageAt(track, at);
  const segment = segmentAt(page, at);
  const end = page.starts[segment + 1] ?? track.pageMs;
  return { value: page.values[segment] as Value, endMs: page.startMs + end };
}

/**
 * What following the target from one instant to another costs: an exact integral, not a sample.
 *
 * Forecasts add up: a range costs what its parts cost. A machine starts whenever the hot target rises, also at `from`.
 *
 * @throws A `RangeError` when the range is empty or reversed.
 * @example
 * forecast(compiled, monday, sunday, { hotUsdPerHour: 0.1, stoppedUsdPerHour: 0.01 }).totalUsd;
 */
export function forecast(compiled: Compiled, from: Instant, to: Instant, rates: Rates): Forecast {
  const engine = compiled as Engine;
  const fromMs = epochMs(from);
  const toMs = epochMs(to);
  if (!(fromMs < toMs)) throw new RangeError("A forecast needs a range that is not empty");
  const perStartUsd = rates.perStartUsd ?? 0;
  const byEntry = new Map<string, number>();
  const add = (entry: string, usd: number): number => {
    if (usd !== 0) byEntry.set(entry, (byEntry.get(entry) ?? 0) + usd);
    return usd;
  };
  let hotBefore = lookUp(engine.smooth, fromMs - 1).value.hot;
  let starts = 0;

  const byDay = daysOf(engine, fromMs, toMs).map((part) => {
    let usd = 0;
    for (let at = part.fromMs; at < part.toMs; ) {
      const nominal = lookUp(engine.nominal, at);
      const smooth = lookUp(engine.smooth, at);
      const { capacity } = nominal.value;
      const wanted = smooth.value;
      const next = Math.min(part.toMs, nominal.endMs, smooth.endMs);
      const hours = (next - at) / HOUR_MS;
      const rises = Math.max(0, wanted.hot - hotBefore);
      const entry = nominal.value.entry ?? "default";
      const price = (hot: number, stopped: number): number =>
        (hot * rates.hotUsdPerHour + stopped * rates.stoppedUsdPerHour) * hours;
      usd += add(entry, price(capacity.hot, capacity.stopped));
      usd += add("smoothing", price(wanted.hot - capacity.hot, wanted.stopped - capacity.stopped));
      usd += add(entry, rises * perStartUsd);
      starts += rises;
      hotBefore = wanted.hot;
      at = next;
    }
    return { date: part.date, hours: (part.toMs - part.fromMs) / HOUR_MS, usd };
  });
  return {
    totalUsd: byDay.reduce((sum, { usd }) => sum + usd, 0),
    hours: (toMs - fromMs) / HOUR_MS,
    starts,
    byDay,
    byEntry: [...byEntry].map(([entry, usd]) => ({ entry, usd })),
  };
}
