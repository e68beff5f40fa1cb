import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aimed, near, smoothing } from "../../test/arbitraries.ts";
import type { Compiled, Smoothing } from "../index.ts";
import {
  compileSchedule,
  createFleet,
  evaluate,
  forecast,
  nextDrain,
  target,
  transitions,
} from "../index.ts";
import { compileWith } from "./compile.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
type Field = "hot" | "stopped";

const smooth = fc
  .tuple(aimed(), smoothing)
  .chain(([aim, options]) => near(aim.atMs).map((at) => ({ ...aim, options, at })));

/** Levels of a field over some days: [from, value], the last without end. */
function levels(
  compiled: Compiled,
  field: Field,
  from: number,
  to: number,
): { from: number; value: number }[] {
  const list = [{ from: Number.NEGATIVE_INFINITY, value: evaluate(compiled, from)[field] }];
  for (const { atMs, after } of transitions(compiled, from, to))
    list.push({ from: atMs, value: after[field] });
  return list;
}

/** The definition, word for word: the highest of all levels, each less what it costs to be that far away from it. */
function byDefinition(compiled: Compiled, options: Smoothing, field: Field, at: number): number {
  const { leadMs = 0, holdMs = 0, rampUp, rampDown } = options;
  const lead = typeof leadMs === "number" ? leadMs : leadMs[field];
  const list = levels(compiled, field, at - 3 * DAY, at + 3 * DAY);
  return list.reduce((best, { from, value }, index) => {
    const end = list[index + 1]?.from ?? Number.POSITIVE_INFINITY;
    let cost = 0;
    if (at < from) {
      const wait = from - at;
      cost =
        wait <= lead
          ? 0
          : rampUp
            ? rampUp.step * Math.ceil((wait - lead) / rampUp.everyMs)
            : Number.POSITIVE_INFINITY;
    } else if (at >= end) {
      const past = at - end;
      cost =
        past < holdMs
          ? 0
          : rampDown
            ? rampDown.step * (1 + Math.floor((past - holdMs) / rampDown.everyMs))
            : Number.POSITIVE_INFINITY;
    }
    return Math.max(best, value - cost);
  }, 0);
}

describe("the target", () => {
  it("is what its definition says", () => {
    fc.assert(
      fc.property(smooth, ({ schedule, options, at }) => {
        const compiled = compileSchedule(schedule, { smoothing: options });
        const now = target(compiled, at);
        expect(now.hot).toBe(byDefinition(compiled, options, "hot", at));
        expect(now.stopped).toBe(byDefinition(compiled, options, "stopped", at));
        const nominal = evaluate(compiled, at);
        expect(now.reason === "nominal").toBe(
          now.hot === nominal.hot && now.stopped === nominal.stopped,
        );
      }),
      { numRuns: 300 },
    );
  });

  it("does not depend on where pages begin, in the middle of a ramp or not", () => {
    fc.assert(
      fc.property(smooth, ({ schedule, options: smoothing, atMs }) => {
        const long = compileWith(schedule, { smoothing }, 2 ** 31);
        const short = compileWith(schedule, { smoothing }, 2 ** 26);
        for (let at = atMs - 36 * HOUR; at < atMs + 36 * HOUR; at += 1_234_567) {
          expect(target(short, at)).toEqual(target(long, at));
        }
      }),
    );
  });

  it("never undercuts the schedule, is constant until untilMs, and different there", () => {
    fc.assert(
      fc.property(
        smooth,
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ schedule, options, at }, part) => {
          const compiled = compileSchedule(schedule, { smoothing: options });
          const now = target(compiled, at);
          expect(now.hot).toBeGreaterThanOrEqual(evaluate(compiled, at).hot);
          expect(now.stopped).toBeGreaterThanOrEqual(evaluate(compiled, at).stopped);
          if (now.untilMs === undefined) return;
          expect(now.untilMs).toBeGreaterThan(at);
          const inside = Math.min(now.untilMs - 1, at + Math.floor((now.untilMs - at) * part));
          for (const then of [inside, now.untilMs - 1]) {
            expect(target(compiled, then)).toMatchObject({
              hot: now.hot,
              stopped: now.stopped,
              untilMs: now.untilMs,
            });
          }
          const after = target(compiled, now.untilMs);
          expect(after.hot === now.hot && after.stopped === now.stopped).toBe(false);
        },
      ),
    );
  });

  it("is at the new level a lead before every rise", () => {
    fc.assert(
      fc.property(smooth, ({ schedule, options, atMs }) => {
        const compiled = compileSchedule(schedule, { smoothing: options });
        const { leadMs = 0 } = options;
        const lead = typeof leadMs === "number" ? leadMs : leadMs.hot;
        for (const { atMs: at, before, after } of transitions(compiled, atMs - DAY, atMs + DAY)) {
          if (after.hot <= before.hot) continue;
          expect(target(compiled, at - lead).hot).toBeGreaterThanOrEqual(after.hot);
        }
      }),
    );
  });

  it("climbs and falls no faster than the ramps allow", () => {
    fc.assert(
      fc.property(smooth, ({ schedule, options, atMs }) => {
        const { rampUp, rampDown } = options;
        const compiled = compileSchedule(schedule, { smoothing: options });
        let now = target(compiled, atMs - DAY);
        while (now.untilMs !== undefined && now.untilMs < atMs + DAY) {
          const next = target(compiled, now.untilMs);
          const rise = next.hot - now.hot;
          // Steps of several levels may fall on one moment, but within one step's time no more than one step is gained.
          if (rampUp && rise > 0) {
            const before = target(compiled, now.untilMs - rampUp.everyMs).hot;
            expect(next.hot - before).toBeLessThanOrEqual(2 * rampUp.step);
            expect(rise).toBeLessThanOrEqual(rampUp.step);
          }
          if (rampDown && rise < 0) expect(-rise).toBeLessThanOrEqual(rampDown.step);
          now = next;
        }
      }),
    );
  });

  it("falls when nextDrain says, by what it says", () => {
    fc.assert(
      fc.property(smooth, ({ schedule, options, at }) => {
        const compiled = compileSchedule(schedule, {
          smoothing: { ...options, drainDeadlineMs: 5, cordonBeforeMs: 7 },
        });
        const drain = nextDrain(compiled, at);
        if (drain === null) return;
        expect(target(compiled, drain.atMs - 1).hot - target(compiled, drain.atMs).hot).toBe(
          drain.surplus,
        );
        expect(drain.surplus).toBeGreaterThan(0);
        expect([drain.cordonAtMs, drain.deadlineMs]).toEqual([drain.atMs - 7, drain.atMs + 5]);
      }),
      { numRuns: 50 },
    );
  });
});

describe("a forecast", () => {
  const rates = { hotUsdPerHour: 0.25, stoppedUsdPerHour: 0.02, perStartUsd: 0.005 };

  it("is the sum of its parts, of its days and of its entries", () => {
    fc.assert(
      fc.property(
        smooth,
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 100 }),
        ({ schedule, options, at }, x, y) => {
          const compiled = compileSchedule(schedule, { smoothing: options });
          const [b, c] = [at + x * 1_234_567, at + (x + y) * 1_234_567];
          const whole = forecast(compiled, at, c, rates);
          const [first, second] = [
            forecast(compiled, at, b, rates),
            forecast(compiled, b, c, rates),
          ];
          expect(whole.totalUsd).toBeCloseTo(first.totalUsd + second.totalUsd, 9);
          expect(whole.starts).toBe(first.starts + second.starts);
          expect(whole.hours).toBeCloseTo((c - at) / HOUR, 9);
          const sum = (list: readonly { usd: number }[]): number =>
            list.reduce((total, { usd }) => total + usd, 0);
          expect(sum(whole.byDay)).toBeCloseTo(whole.totalUsd, 9);
          expect(sum(whole.byEntry)).toBeCloseTo(whole.totalUsd, 9);
          expect(whole.byDay.reduce((total, { hours }) => total + hours, 0)).toBeCloseTo(
            whole.hours,
            9,
          );
        },
      ),
    );
  });

  it("agrees with a sum over minutes", () => {
    fc.assert(
      fc.property(smooth, ({ schedule, options, atMs }) => {
        const whole = Object.fromEntries(
          Object.entries(options).filter(
            ([key]) => key === "leadMs" && typeof options.leadMs === "number",
          ),
        );
        const minutes = { leadMs: Math.round(Number(whole["leadMs"] ?? 0) / 60_000) * 60_000 };
        const compiled = compileSchedule(schedule, { smoothing: minutes });
        const from = atMs - 12 * HOUR;
        let usd = 0;
        for (let at = from; at < from + DAY; at += 60_000) {
          const { hot, stopped } = target(compiled, at);
          usd += (hot * rates.hotUsdPerHour + stopped * rates.stoppedUsdPerHour) / 60;
          usd += Math.max(0, hot - target(compiled, at - 1).hot) * rates.perStartUsd;
        }
        expect(forecast(compiled, from, from + DAY, rates).totalUsd).toBeCloseTo(usd, 6);
      }),
      { numRuns: 30 },
    );
  });

  it("knows that local weeks have 167, 168 or 169 hours, or half an hour more or less", () => {
    const hours = (zone: string, from: string, to: string): number[] => {
      const compiled = compileSchedule({
        timeZone: zone,
        default: { hot: 1, stopped: 0 },
        entries: [],
      });
      return forecast(compiled, Date.parse(from), Date.parse(to), rates).byDay.map(
        (day) => day.hours,
      );
    };
    const total = (list: number[]): number => list.reduce((a, b) => a + b, 0);
    const spring = hours("Europe/Berlin", "2026-03-22T23:00Z", "2026-03-29T22:00Z");
    expect([total(spring), spring]).toEqual([167, [24, 24, 24, 24, 24, 24, 23]]);
    expect(total(hours("Europe/Berlin", "2026-10-18T22:00Z", "2026-10-25T23:00Z"))).toBe(169);
    expect(total(hours("Australia/Lord_Howe", "2026-03-29T13:00Z", "2026-04-05T13:30Z"))).toBe(
      168.5,
    );
    expect(hours("Pacific/Apia", "2011-12-29T10:00Z", "2011-12-31T10:00Z")).toEqual([24, 24]);
  });
});

describe("a fleet", () => {
  it("always holds the targets of its schedules, however the clock moves", () => {
    const moves = fc.array(fc.integer({ min: -3 * HOUR, max: 9 * HOUR }), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.array(smooth, { minLength: 1, maxLength: 4 }), moves, (pools, steps) => {
        const compiled = pools.map(({ schedule, options }) =>
          compileSchedule(schedule, { smoothing: options }),
        );
        const fleet = createFleet(compiled);
        let now = pools[0]?.at ?? 0;
        let last = compiled.map(() => "none");
        for (const step of steps) {
          now += step;
          const changed = fleet.tick(now);
          const is = compiled.map(
            (pool) => `${target(pool, now).hot}/${target(pool, now).stopped}`,
          );
          expect(compiled.map((_, index) => `${fleet.hot[index]}/${fleet.stopped[index]}`)).toEqual(
            is,
          );
          expect(changed).toEqual(
            is.flatMap((text, index) => (text === last[index] ? [] : [index])),
          );
          last = is;
        }
      }),
      { numRuns: 50 },
    );
  });
});
