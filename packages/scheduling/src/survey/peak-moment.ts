import { requireInstant } from "../engine/instant.ts";
import type { Demand, PeakMoment } from "../types/answers.ts";
import type { Instant } from "../types/schedule.ts";
import type { ZoneSource } from "../types/zones.ts";
import { defaultZones } from "../zones/default-zones.ts";
import { tellingSpans } from "./telling-spans.ts";
import { openWalk, walkSpan } from "./walk.ts";

/**
 * The first moment of a range at which schedules together want most.
 *
 * Weeks that only repeat those before for all of them are passed over, and nothing is kept.
 *
 * @param from - Inclusive.
 * @param to - Exclusive.
 * @param zones - Zone data. @defaultValue that of the runtime
 * @throws A `RangeError` when a bound is no instant, a zone is unknown, or a part of a schedule cannot be read.
 * @example
 * const weigh = ({ hot, stopped }: Capacity) => hot + stopped;
 * peakMoment(schedules.map((schedule) => ({ schedule, weigh })), now, now + 366 * 86_400_000).total;
 */
export function peakMoment(
  demands: readonly Demand[],
  from: Instant,
  to: Instant,
  { zones = defaultZones() }: { readonly zones?: ZoneSource } = {},
): PeakMoment {
  const fromMs = requireInstant(from);
  const toMs = Math.max(fromMs + 1, requireInstant(to));
  const walks = demands.map(({ schedule, weigh }) => ({
    walk: openWalk(schedule, zones, { fromMs, toMs }),
    weigh,
    latest: 0,
  }));
  const calendars = walks.map(({ walk }) => walk.calendar);
  // By how much the whole changes at each moment: of a million changes many fall on the same minute.
  const changes = new Map<number, number>([[fromMs, 0]]);
  for (const span of tellingSpans(calendars, zones, fromMs, toMs)) {
    for (const one of walks) {
      walkSpan(one.walk, span, ({ capacity }, atMs) => {
        const now = one.weigh(capacity);
        if (now === one.latest) return;
        changes.set(atMs, (changes.get(atMs) ?? 0) + now - one.latest);
        one.latest = now;
      });
    }
  }
  let total = 0;
  let best = { atMs: fromMs, total: Number.NEGATIVE_INFINITY };
  for (const atMs of Float64Array.from(changes.keys()).sort()) {
    total += changes.get(atMs) ?? 0;
    if (total > best.total) best = { atMs, total };
  }
  const parts = walks.map(({ walk, weigh }) => {
    let part = 0;
    walkSpan(walk, { fromMs: best.atMs, toMs: best.atMs + 1 }, ({ capacity }) => {
      part = weigh(capacity);
    });
    return part;
  });
  return { ...best, parts };
}
