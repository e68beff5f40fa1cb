import { DAY_MS, formatDate } from "../calendar/civil.ts";
import type { Compiled, Forecast, Rates } from "../types/answers.ts";
import type { Instant } from "../types/schedule.ts";
import { CLOCK_HISTORY_MS, clockAt, instantOf } from "../zones/civil-clock.ts";
import type { Engine } from "./compile.ts";
import { evaluate } from "./evaluate.ts";
import { epochMs } from "./instant.ts";
import { segmentAt } from "./page.ts";
import { target } from "./target.ts";
import { pageAt } from "./track.ts";

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

/** End of the nominal segment that holds at an instant: the entry in charge may change where the capacity does not. */
function segmentEnd({ nominal }: Engine, at: number): number {
  const page = pageAt(nominal, at);
  return page.startMs + (page.starts[segmentAt(page, at) + 1] ?? nominal.pageMs);
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
  let hotBefore = target(compiled, fromMs - 1).hot;
  let starts = 0;

  const byDay = daysOf(engine, fromMs, toMs).map((part) => {
    let usd = 0;
    for (let at = part.fromMs; at < part.toMs; ) {
      const nominal = evaluate(compiled, at);
      const wanted = target(compiled, at);
      const next = Math.min(part.toMs, wanted.untilMs ?? part.toMs, segmentEnd(engine, at));
      const hours = (next - at) / HOUR_MS;
      const rises = Math.max(0, wanted.hot - hotBefore);
      const entry = nominal.entry ?? "default";
      const price = (hot: number, stopped: number): number =>
        (hot * rates.hotUsdPerHour + stopped * rates.stoppedUsdPerHour) * hours;
      usd += add(entry, price(nominal.hot, nominal.stopped));
      usd += add("smoothing", price(wanted.hot - nominal.hot, wanted.stopped - nominal.stopped));
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
