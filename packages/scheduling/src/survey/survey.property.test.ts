import fc from "fast-check";
import { expect, it } from "vitest";
import { lookedAhead } from "../../test/arbitraries.ts";
import { DAY_MS } from "../calendar/civil.ts";
import { compileWith } from "../engine/compile.ts";
import { evaluate } from "../engine/evaluate.ts";
import { transitions } from "../engine/transitions.ts";
import type { Level, PeakMoment } from "../types/answers.ts";
import type { Capacity, Schedule } from "../types/schedule.ts";
import { levels } from "./levels.ts";
import { peakMoment } from "./peak-moment.ts";

/** The gate tries some, the full run many. */
const runsOf = (many: number): number =>
  process.env["RUNS_FLEET_FULL"] === "1" ? many : Math.ceil(many / 4);

const days = fc.oneof(fc.constant(366), fc.integer({ min: 1, max: 500 }));

/** The plain way: every transition, one after the other, and what holds after it. */
function plainLevels(schedule: Schedule, fromMs: number, toMs: number): readonly Level[] {
  const compiled = compileWith(schedule, {});
  const found = new Map<string, Level>();
  const note = (atMs: number): void => {
    const { hot, stopped, entry } = evaluate(compiled, atMs);
    const key = JSON.stringify([hot, stopped, entry]);
    const level = { atMs, hot, stopped, ...(entry === undefined ? {} : { entry }) };
    if (!found.has(key)) found.set(key, level);
  };
  note(fromMs);
  for (const { atMs } of transitions(compiled, fromMs, toMs)) note(atMs);
  return [...found.values()];
}

it("tells every level of a range at its first moment, as going through all transitions does", () => {
  let late = 0;
  fc.assert(
    fc.property(lookedAhead, days, ({ schedule, fromMs }, count) => {
      const toMs = fromMs + count * DAY_MS;
      const found = levels(schedule, fromMs, toMs);
      expect(found).toEqual(plainLevels(schedule, fromMs, toMs));
      late += Number(found.some(({ atMs }) => atMs > fromMs + 20 * DAY_MS));
    }),
    { numRuns: runsOf(1_500) },
  );
  // Otherwise looking at the first weeks would do.
  expect(late).toBeGreaterThan(runsOf(100));
}, 120_000);

const weighing = fc.record({
  hot: fc.integer({ min: 0, max: 3 }),
  stopped: fc.integer({ min: 0, max: 3 }),
  most: fc.integer({ min: 0, max: 60 }),
});
type Weighing = typeof weighing extends fc.Arbitrary<infer T> ? T : never;

const weigh =
  (by: Weighing) =>
  ({ hot, stopped }: Capacity): number =>
    Math.min(by.hot * hot + by.stopped * stopped, by.most);

/** The plain way: what all want, at every moment at which one of them changes. */
function plainPeak(
  parts: readonly (readonly [Schedule, Weighing])[],
  fromMs: number,
  toMs: number,
): PeakMoment {
  const all = parts.map(([schedule, by]) => ({ compiled: compileWith(schedule, {}), by }));
  const moments = all.flatMap(({ compiled }) =>
    [...transitions(compiled, fromMs, toMs)].map(({ atMs }) => atMs),
  );
  let best: PeakMoment | undefined;
  for (const atMs of [...new Set([fromMs, ...moments])].sort((left, right) => left - right)) {
    const wanted = all.map(({ compiled, by }) => weigh(by)(evaluate(compiled, atMs)));
    const total = wanted.reduce((sum, one) => sum + one, 0);
    if (best === undefined || total > best.total) best = { atMs, total, parts: wanted };
  }
  return best as PeakMoment;
}

it("finds when schedules of any zones together want most, as adding up all of a year does", () => {
  let late = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(lookedAhead, weighing), { minLength: 1, maxLength: 4 }),
      days,
      (drawn, count) => {
        const fromMs = drawn[0]?.[0].fromMs ?? 0;
        const parts = drawn.map(([{ schedule }, by]) => [schedule, by] as const);
        const toMs = fromMs + count * DAY_MS;
        const demands = parts.map(([schedule, by]) => ({ schedule, weigh: weigh(by) }));
        const found = peakMoment(demands, fromMs, toMs);
        expect(found).toEqual(plainPeak(parts, fromMs, toMs));
        late += Number(found.atMs > fromMs + 20 * DAY_MS);
      },
    ),
    { numRuns: runsOf(600) },
  );
  expect(late).toBeGreaterThan(runsOf(16));
}, 120_000);

it("looks at the first instant alone when the range ends there, and refuses what is none", () => {
  const schedule: Schedule = {
    default: { hot: 1, stopped: 0 },
    entries: [{ kind: "weekly", name: "day", start: "08:00", end: "18:00", capacity: { hot: 9 } }],
  };
  const atMs = Date.UTC(2026, 10, 28, 8);
  expect(levels(schedule, atMs, atMs)).toEqual([{ atMs, hot: 9, stopped: 0, entry: "day" }]);
  expect(levels(schedule, atMs - 1, atMs)).toEqual([{ atMs: atMs - 1, hot: 1, stopped: 0 }]);
  const demand = { schedule, weigh: ({ hot }: Capacity): number => hot };
  expect(peakMoment([demand, demand], atMs, atMs)).toEqual({ atMs, total: 18, parts: [9, 9] });
  expect(peakMoment([], atMs, atMs + DAY_MS)).toEqual({ atMs, total: 0, parts: [] });
  expect(() => levels(schedule, Number.NaN, atMs)).toThrow(RangeError);
  expect(() => peakMoment([demand], atMs, 8.64e15 + 1)).toThrow(RangeError);
  expect(() => levels({ ...schedule, timeZone: "Mars/Base" }, atMs, atMs)).toThrow(RangeError);
});
