import { DAY_MINUTES, MINUTE_MS } from "../calendar/civil.ts";
import { type Calendar, eachWindow, type Lane } from "../calendar/lanes.ts";
import type { Evaluation } from "../types/answers.ts";
import type { ZoneSource, ZoneSpans } from "../types/zones.ts";
import { CLOCK_HISTORY_MS, clockAt, instantOf } from "../zones/civil-clock.ts";
import { makePage, type Page } from "./page.ts";
import type { Fold, State } from "./state.ts";

/** A page's view of one zone. */
interface PageClock {
  readonly spans: ZoneSpans;
  /** Civil days on which the page begins and ends. */
  readonly firstDay: number;
  readonly lastDay: number;
}

function openClock(zones: ZoneSource, id: string, startMs: number, endMs: number): PageClock {
  const spans = zones.spans(id, startMs - CLOCK_HISTORY_MS, endMs);
  const dayOf = (instant: number): number =>
    Math.floor(clockAt(spans, instant) / (DAY_MINUTES * MINUTE_MS));
  return { spans, firstDay: dayOf(startMs - 1), lastDay: dayOf(endMs - 1) };
}

/**
 * Collects where one lane begins or ends inside a page, as offsets into it; windows that touch are joined.
 *
 * @returns Whether the lane is active just before the page.
 */
function collectToggles(
  calendar: Calendar,
  lane: Lane,
  { spans, firstDay, lastDay }: PageClock,
  startMs: number,
  pageMs: number,
  onToggle: (offset: number) => void,
): boolean {
  const offsetOf = (minute: number): number =>
    Math.min(pageMs, Math.max(-1, instantOf(spans, minute * MINUTE_MS) - startMs));
  let openBefore = false;
  let end = -Infinity;
  const from = firstDay - lane.rule.reach - 1;
  eachWindow(calendar, lane, from, lastDay, (windowStart, windowEnd) => {
    const opens = offsetOf(windowStart);
    const closes = offsetOf(windowEnd);
    // A window that lies in skipped time has no length left.
    if (opens >= closes || opens >= pageMs) return;
    if (opens > end) {
      if (end >= 0) onToggle(end);
      if (opens < 0) openBefore = true;
      else onToggle(opens);
      end = closes;
    } else if (closes > end) {
      end = closes;
    }
  });
  if (end >= 0 && end < pageMs) onToggle(end);
  return openBefore;
}

/** Builds the page of a schedule's states that begins at `index * pageMs`. */
export function buildNominalPage(
  calendar: Calendar,
  zones: ZoneSource,
  fold: Fold,
  pageMs: number,
  index: number,
): Page<State, Evaluation> {
  const startMs = index * pageMs;
  const { lanes } = calendar;
  const clocks = calendar.zones.map((id) => openClock(zones, id, startMs, startMs + pageMs));
  const flags = new Uint8Array(lanes.length);
  // Offset and lane in one number sort faster than pairs; 2^31 offsets times 11,000 lanes stay exact.
  const toggles: number[] = [];
  for (const [number, lane] of lanes.entries()) {
    const clock = clocks[lane.zone] as PageClock;
    const open = collectToggles(calendar, lane, clock, startMs, pageMs, (offset) =>
      toggles.push(offset * lanes.length + number),
    );
    flags[number] = open ? 1 : 0;
  }
  const sorted = Float64Array.from(toggles).sort();
  const offsets = sorted.map((toggle) => Math.floor(toggle / lanes.length));
  const turns = Int32Array.from(sorted, (toggle) => toggle % lanes.length);
  const stateAfter = fold(flags, turns);
  const before = stateAfter(0);
  const starts = [0];
  const values = [before];
  const turned = [0];
  for (let next = 0; next < offsets.length; ) {
    const offset = offsets[next] as number;
    while (offsets[next] === offset) next++;
    // A state that looks like the one before is kept as well: what ends next is told from its true predecessor.
    const segment = offset === 0 ? 0 : values.length;
    starts[segment] = offset;
    values[segment] = stateAfter(next);
    turned[segment] = next;
  }
  return makePage(index, pageMs, starts, values, { before, turns, turned });
}
