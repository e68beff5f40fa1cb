import { DAY_MS } from "../calendar/civil.ts";
import type { Calendar, Lane } from "../calendar/lanes.ts";
import type { ZoneSource } from "../types/zones.ts";
import { CLOCK_HISTORY_MS } from "../zones/civil-clock.ts";

/** A range of time, half open, epoch milliseconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Longest windows of a schedule that is not looked at as a whole, days. */
const longestReach = 14;
/** A week, and a day for what zones are apart. */
const weekMs = 8 * DAY_MS;
/** A date begins up to 14 hours before it does in UTC, and ends up to 12 hours after. */
const aroundMs = 2 * DAY_MS;

const everyDay = 0xffff_fffe | 0;
const everyMonth = 0x1ffe;

/** Whether a lane does in every week what it does in any other, apart from its own dates. */
function isWeekly({ rule }: Lane): boolean {
  if (rule.until !== undefined || rule.reach > longestReach) return false;
  return (
    rule.cron === undefined ||
    ((rule.cron.days | 0) === everyDay && rule.cron.months === everyMonth)
  );
}

/**
 * Spans of a range in which everything occurs that occurs in it at all: the first week, the week after each change of a clock and
 * after each date from or until which an entry is valid, and the days around all other dates. `undefined`: the whole range has
 * to be looked at, because some entry goes by days of the month, say.
 */
export function tellingSpans(
  calendar: Calendar,
  zones: ZoneSource,
  fromMs: number,
  toMs: number,
): readonly Span[] | undefined {
  if (!calendar.lanes.every(isWeekly)) return undefined;
  const reachMs = (Math.max(0, ...calendar.lanes.map(({ rule }) => rule.reach)) + 1) * DAY_MS;
  const spans: Span[] = [];
  const add = (startMs: number, lengthMs: number): void => {
    const span = {
      fromMs: Math.max(fromMs, startMs - aroundMs),
      toMs: Math.min(toMs, startMs + lengthMs + reachMs + aroundMs),
    };
    if (span.fromMs < span.toMs) spans.push(span);
  };
  add(fromMs, weekMs);
  for (const id of calendar.zones) {
    const { at } = zones.spans(id, fromMs - CLOCK_HISTORY_MS, toMs);
    for (const changeMs of at.subarray(1)) add(changeMs, weekMs);
  }
  const dates = new Set<number>(calendar.exceptions.keys());
  for (const { rule, firstDay, lastDay } of calendar.lanes) {
    for (const day of rule.dates ?? []) dates.add(day);
    for (const day of [firstDay, lastDay]) if (Number.isFinite(day)) add(day * DAY_MS, weekMs);
  }
  for (const day of dates) add(day * DAY_MS, DAY_MS);
  return spans;
}
