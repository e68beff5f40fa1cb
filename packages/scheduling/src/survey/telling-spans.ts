import { DAY_MS } from "../calendar/civil.ts";
import type { Calendar, Lane } from "../calendar/lanes.ts";
import type { ZoneSource } from "../types/zones.ts";
import { CLOCK_HISTORY_MS } from "../zones/civil-clock.ts";

/** A range of time, half open, epoch milliseconds. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Something from which on, or around which, days are not what the days a week before were. */
interface Disturbance extends Span {
  /** Whether what comes after it is another week than before, and not the same one again. */
  readonly isLasting: boolean;
}

/** Longest windows of a schedule that is not looked at as a whole, days. */
const longestReach = 14;
const weekMs = 7 * DAY_MS;

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

function disturbancesOf(
  calendars: readonly Calendar[],
  zones: ZoneSource,
  fromMs: number,
  toMs: number,
): readonly [Disturbance, ...Disturbance[]] {
  const reachDays = calendars
    .flatMap(({ lanes }) => lanes)
    .reduce((most, { rule }) => Math.max(most, rule.reach), 0);
  const reachMs = reachDays * DAY_MS;
  const found: [Disturbance, ...Disturbance[]] = [{ fromMs, toMs: fromMs, isLasting: true }];
  /** No zone is a day from UTC, and no clock was ever set by more than a day. */
  const add = (atMs: number, lengthMs: number, isLasting: boolean): void => {
    found.push({ fromMs: atMs - DAY_MS, toMs: atMs + lengthMs + reachMs + DAY_MS, isLasting });
  };
  // Many calendars share few zones and dates.
  for (const id of new Set(calendars.flatMap((calendar) => calendar.zones))) {
    const { at } = zones.spans(id, fromMs - CLOCK_HISTORY_MS, toMs);
    for (const changeMs of at.subarray(1)) add(changeMs, 0, true);
  }
  const dates = new Set<number>();
  const bounds = new Set<number>();
  for (const { exceptions, lanes } of calendars) {
    for (const day of exceptions.keys()) dates.add(day);
    for (const { rule, firstDay, lastDay } of lanes) {
      for (const day of rule.dates ?? []) dates.add(day);
      for (const day of [firstDay, lastDay]) if (Number.isFinite(day)) bounds.add(day);
    }
  }
  for (const day of bounds) add(day * DAY_MS, DAY_MS, true);
  for (const day of dates) add(day * DAY_MS, DAY_MS, false);
  return found.sort((left, right) => left.fromMs - right.fromMs);
}

/**
 * Spans of a range, in order and apart, in which everything occurs for the first time that occurs in it at all, in one of these
 * calendars or in all of them together. All of it where some entry goes by days of the month, say.
 *
 * After its beginning, after each change of a clock and after each date from or until which an entry is valid, a whole week
 * without any other date has to be seen; later days are like that week's, apart from the dates, which are seen as well.
 */
export function tellingSpans(
  calendars: readonly Calendar[],
  zones: ZoneSource,
  fromMs: number,
  toMs: number,
): readonly Span[] {
  if (!calendars.every(({ lanes }) => lanes.every(isWeekly))) return [{ fromMs, toMs }];
  const spans: Span[] = [];
  const endOf = ({ toMs: endMs, isLasting }: Disturbance): number =>
    endMs + (isLasting ? weekMs : 0);
  const close = (open: Disturbance): void => {
    const span = { fromMs: Math.max(fromMs, open.fromMs), toMs: Math.min(toMs, endOf(open)) };
    if (span.fromMs < span.toMs) spans.push(span);
  };
  const [first, ...others] = disturbancesOf(calendars, zones, fromMs, toMs);
  let open = first;
  for (const next of others) {
    if (next.fromMs > endOf(open)) {
      close(open);
      open = next;
    } else {
      // The week to be seen begins when all of them are over.
      open = {
        fromMs: open.fromMs,
        toMs: Math.max(open.toMs, next.toMs),
        isLasting: open.isLasting || next.isLasting,
      };
    }
  }
  close(open);
  return spans;
}
