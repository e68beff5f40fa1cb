import fc from "fast-check";
import { expect, it } from "vitest";
import { lookedAhead } from "../../test/arbitraries.ts";
import { DAY_MS } from "../calendar/civil.ts";
import { compileWith } from "../engine/compile.ts";
import { createFold, type State } from "../engine/state.ts";
import { loadPage } from "../engine/track.ts";
import { tellingSpans } from "../survey/telling-spans.ts";
import { STRETCH_MS } from "../survey/walk.ts";
import type { Schedule } from "../types/schedule.ts";
import { defaultZones } from "../zones/default-zones.ts";
import { statesOfYear, YEAR_DAYS } from "./year-states.ts";

/** The gate tries some, the full run many. */
const runsOf = (many: number): number =>
  process.env["RUNS_FLEET_FULL"] === "1" ? many : Math.ceil(many / 4);

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

it("finds every state of the year, in the order of their first moments", () => {
  fc.assert(
    fc.property(lookedAhead, ({ schedule, fromMs }) => {
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
    }),
    { numRuns: runsOf(1_500) },
  );
}, 60_000);

it.each([
  { timeZone: "Etc/UTC", dates: [], days: 7 },
  { timeZone: "Europe/Berlin", dates: [], days: 25 },
  { timeZone: "Europe/Berlin", dates: ["2026-12-24", "2026-12-25", "2027-05-06"], days: 32 },
])(
  "looks at $days days of a year whose weeks are alike but for its clocks and $dates, in $timeZone",
  (year) => {
    const schedule: Schedule = {
      timeZone: year.timeZone,
      default: { hot: 0, stopped: 1 },
      entries: [
        {
          kind: "weekly",
          name: "office",
          days: ["mon", "tue", "wed", "thu", "fri"],
          start: "08:00",
          end: "18:00",
          capacity: { hot: 3 },
        },
      ],
      exceptions:
        year.dates.length === 0 ? [] : [{ name: "holidays", dates: year.dates, entries: "*" }],
    };
    const fromMs = Date.UTC(2026, 10, 24);
    const toMs = fromMs + YEAR_DAYS * DAY_MS;
    const { calendar } = compileWith(schedule, {});
    const spans = tellingSpans([calendar], defaultZones(), fromMs, toMs);
    const lookedMs = spans.reduce((sum, span) => sum + span.toMs - span.fromMs, 0);
    expect(lookedMs / DAY_MS).toBeLessThanOrEqual(year.days);
  },
);

it("looks at spans that are in order and apart, and inside the range", () => {
  fc.assert(
    fc.property(lookedAhead, ({ schedule, fromMs }) => {
      const { calendar } = compileWith(schedule, {});
      const toMs = fromMs + YEAR_DAYS * DAY_MS;
      let latest = fromMs - 1;
      for (const span of tellingSpans([calendar], defaultZones(), fromMs, toMs)) {
        expect(span.fromMs).toBeGreaterThan(latest);
        expect(span.toMs).toBeGreaterThan(span.fromMs);
        latest = span.toMs;
      }
      expect(latest).toBeLessThanOrEqual(toMs);
    }),
    { numRuns: runsOf(300) },
  );
});
