import fc from "fast-check";
import { expect, it } from "vitest";
import { aimed, CHANGES, near } from "../../test/arbitraries.ts";
import { DAY_MS, formatDate } from "../calendar/civil.ts";
import { compileWith } from "../engine/compile.ts";
import { createFold, type State } from "../engine/state.ts";
import { loadPage } from "../engine/track.ts";
import type { Schedule } from "../types/schedule.ts";
import { defaultZones } from "../zones/default-zones.ts";
import { tellingSpans } from "./telling-spans.ts";
import { STRETCH_MS, statesOfYear, YEAR_DAYS } from "./year-states.ts";

/** Clocks that change, and one that does not, where dates lie alone. */
const changes = [...CHANGES, ...CHANGES.map(({ atMs }) => ({ zone: "UTC", atMs }))];

const signatureOf = ({ capacity, flags, hotBy, stoppedBy }: State): string =>
  JSON.stringify([capacity, [...flags], hotBy, stoppedBy]);

/** The slow way: every stretch of the year, whole. */
function statesOfAllPages(schedule: Schedule, fromMs: number): readonly string[] {
  const natural = compileWith(schedule, {}).nominal.pageMs;
  const { nominal } = compileWith(schedule, {}, Math.min(STRETCH_MS, natural));
  const last = Math.floor((fromMs + YEAR_DAYS * DAY_MS) / nominal.pageMs);
  const found = new Set<string>();
  for (let index = Math.floor(fromMs / nominal.pageMs); index <= last; index++) {
    for (const state of loadPage(nominal, index).values) found.add(signatureOf(state));
  }
  return [...found];
}

/** Dates on which some windows are skipped, week after week and here and there: how ordinary days go shows late then. */
const skips = fc
  .record({
    every: fc.constantFrom(1, 7, 7, 14, 15),
    times: fc.integer({ min: 1, max: 12 }),
    first: fc.integer({ min: -20, max: 30 }),
    others: fc.array(fc.integer({ min: -5, max: 380 }), { maxLength: 4 }),
  })
  .map(({ every, times, first, others }) => [
    ...Array.from({ length: times }, (_, index) => first + index * every),
    ...others,
  ]);

const schedules = fc
  .record({
    aim: aimed(changes),
    days: fc.option(skips, { freq: 2 }),
    names: fc.constantFrom<"*" | readonly string[]>("*", ["e0"], ["e0", "e1"]),
  })
  .chain(({ aim: { schedule, atMs }, days, names }) => {
    const from = fc.oneof(
      near(atMs),
      fc.integer({ min: 1, max: 366 }).map((day) => atMs - day * DAY_MS),
    );
    return from.map((fromMs) => {
      if (days === null) return { schedule, fromMs };
      const today = Math.floor(fromMs / DAY_MS);
      const dates = days.map((day) => formatDate(today + day));
      const exceptions = [...(schedule.exceptions ?? []), { name: "days", dates, entries: names }];
      return { schedule: { ...schedule, exceptions }, fromMs };
    });
  });

it("finds every state of the year, in the order of their first moments", () => {
  let looked = 0;
  let all = 0;
  fc.assert(
    fc.property(schedules, ({ schedule, fromMs }) => {
      const { calendar } = compileWith(schedule, {});
      const zones = defaultZones();
      const { states, cutMs } = statesOfYear(
        calendar,
        zones,
        createFold(schedule, calendar.lanes),
        fromMs,
      );
      expect(cutMs).toBeUndefined();
      expect([...new Set([...states].map(signatureOf))]).toEqual(
        statesOfAllPages(schedule, fromMs),
      );
      const toMs = fromMs + YEAR_DAYS * DAY_MS;
      for (const span of tellingSpans(calendar, zones, fromMs, toMs)) {
        looked += span.toMs - span.fromMs;
      }
      all += toMs - fromMs;
    }),
    { numRuns: 1_500 },
  );
  // Otherwise it would be no use.
  expect(looked).toBeLessThan(all / 2);
}, 60_000);

it("looks at spans that are in order and apart, and inside the range", () => {
  fc.assert(
    fc.property(schedules, ({ schedule, fromMs }) => {
      const { calendar } = compileWith(schedule, {});
      const toMs = fromMs + YEAR_DAYS * DAY_MS;
      let latest = fromMs - 1;
      for (const span of tellingSpans(calendar, defaultZones(), fromMs, toMs)) {
        expect(span.fromMs).toBeGreaterThan(latest);
        expect(span.toMs).toBeGreaterThan(span.fromMs);
        latest = span.toMs;
      }
      expect(latest).toBeLessThanOrEqual(toMs);
    }),
    { numRuns: 300 },
  );
});
