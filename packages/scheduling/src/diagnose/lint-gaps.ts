import { DAY_MINUTES, DAY_MS, MINUTE_MS } from "../calendar/civil.ts";
import { formatMoment } from "../calendar/format.ts";
import { type Calendar, eachWindow } from "../calendar/lanes.ts";
import type { ZoneSource, ZoneSpans } from "../types/zones.ts";
import { CLOCK_HISTORY_MS } from "../zones/civil-clock.ts";

/** Local times that a zone skips in a year, as ranges of civil minutes. */
function gapsOf({ at, offsetMs }: ZoneSpans): { from: number; to: number }[] {
  const gaps: { from: number; to: number }[] = [];
  for (let index = 1; index < at.length; index++) {
    const from = (at[index] as number) + (offsetMs[index - 1] as number);
    const to = (at[index] as number) + (offsetMs[index] as number);
    if (to > from) gaps.push({ from: from / MINUTE_MS, to: to / MINUTE_MS });
  }
  return gaps;
}

/** Reports entries one of whose windows begins or ends in skipped time, once per entry. */
export function lintGaps(
  calendar: Calendar,
  zones: ZoneSource,
  fromMs: number,
  days: number,
  report: (entry: string, message: string) => void,
): void {
  const gaps = calendar.zones.map((id) =>
    gapsOf(zones.spans(id, fromMs - CLOCK_HISTORY_MS, fromMs + days * DAY_MS)),
  );
  const reported = new Set<string>();
  for (const lane of calendar.lanes) {
    for (const { from, to } of gaps[lane.zone] ?? []) {
      const day = Math.floor(from / DAY_MINUTES);
      eachWindow(calendar, lane, day - lane.rule.reach - 1, day + 1, (start, end) => {
        if (reported.has(lane.name)) return;
        // A window that ends where the gap begins, or begins where it ends, loses nothing.
        const inside = [
          start >= from && start < to ? start : 0,
          end > from && end < to ? end : 0,
        ].find(Boolean);
        if (inside === undefined) return;
        reported.add(lane.name);
        const moment = formatMoment(inside * MINUTE_MS, 0);
        report(
          lane.name,
          `${lane.name} has a bound at ${moment}, which the clock change skips; it moves to the moment of the change`,
        );
      });
    }
  }
}
