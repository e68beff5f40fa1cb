import fc from "fast-check";
import { expect, it } from "vitest";
import { aimed, CHANGES, near } from "../../test/arbitraries.ts";
import { DAY_MS } from "../calendar/civil.ts";
import { compileWith, defaultZones, type Engine } from "../engine/compile.ts";
import { loadPage } from "../engine/track.ts";
import { tellingSpans } from "./telling-spans.ts";

/** Short, so that little is looked at that need not be. */
const pageMs = 67_108_864;

/** Clocks that change, and one that does not, where dates lie alone. */
const changes = [...CHANGES, ...CHANGES.map(({ atMs }) => ({ zone: "UTC", atMs }))];

/** The states of some pages, by what they say. */
function statesIn(engine: Engine, pages: Iterable<number>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const index of pages) {
    for (const { capacity, flags, hotBy, stoppedBy } of loadPage(engine.nominal, index).values) {
      found.add(JSON.stringify([capacity, [...flags], hotBy, stoppedBy]));
    }
  }
  return found;
}

function pagesOf(fromMs: number, toMs: number): number[] {
  const first = Math.floor(fromMs / pageMs);
  return Array.from({ length: Math.floor(toMs / pageMs) - first + 1 }, (_, index) => first + index);
}

it("finds in the spans that are looked at every state of the year", () => {
  let looked = 0;
  let skipped = 0;
  fc.assert(
    fc.property(
      aimed(changes).chain(({ schedule, atMs }) =>
        fc.record({
          schedule: fc.constant(schedule),
          fromMs: fc.oneof(
            near(atMs),
            fc.integer({ min: 1, max: 366 }).map((d) => atMs - d * DAY_MS),
          ),
        }),
      ),
      ({ schedule, fromMs }) => {
        const engine = compileWith(schedule, {}, pageMs);
        const toMs = fromMs + 366 * DAY_MS;
        const spans = tellingSpans(engine.calendar, defaultZones(), fromMs, toMs);
        if (spans === undefined) return;
        const pages = new Set(spans.flatMap((span) => pagesOf(span.fromMs, span.toMs)));
        const whole = pagesOf(fromMs, toMs);
        looked += pages.size;
        skipped += whole.length - pages.size;
        const seen = statesIn(engine, pages);
        for (const state of statesIn(engine, whole)) expect(seen).toContain(state);
      },
    ),
    { numRuns: 1_500 },
  );
  // Otherwise it would be no use.
  expect(skipped).toBeGreaterThan(looked);
}, 60_000);
