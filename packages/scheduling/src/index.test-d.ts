import { describe, expectTypeOf, it } from "vitest";
import {
  type Capacity,
  type Compiled,
  checkZones,
  compileSchedule,
  createFleet,
  type Diagnostic,
  decideIdle,
  type Entry,
  type Evaluation,
  type Explanation,
  evaluate,
  explain,
  type Forecast,
  forecast,
  type IdleDecision,
  type Instant,
  type Level,
  levels,
  lintSchedule,
  nextTransition,
  type PeakMoment,
  parseSchedule,
  peakMoment,
  type Result,
  type Schedule,
  type Target,
  type Transition,
  target,
  transitions,
  type ZoneSource,
} from "./index.ts";
import { renderTimeline } from "./render/index.ts";

describe("the public types", () => {
  const compiled = {} as Compiled;

  it("take plain numbers and anything with epochMilliseconds", () => {
    expectTypeOf<number>().toExtend<Instant>();
    expectTypeOf<{ epochMilliseconds: number; toString(): string }>().toExtend<Instant>();
    expectTypeOf<string>().not.toExtend<Instant>();
    expectTypeOf<Date>().not.toExtend<Instant>();
  });

  it("answer as the API page says", () => {
    expectTypeOf(parseSchedule({})).toEqualTypeOf<Result<Schedule, Diagnostic[]>>();
    expectTypeOf(compileSchedule).parameter(0).toEqualTypeOf<Schedule>();
    expectTypeOf(evaluate(compiled, 0)).toEqualTypeOf<Evaluation>();
    expectTypeOf(nextTransition(compiled, 0, { on: "entry" })).toEqualTypeOf<Transition | null>();
    expectTypeOf(transitions(compiled, 0, 1)).toEqualTypeOf<IterableIterator<Transition>>();
    expectTypeOf(target(compiled, 0)).toEqualTypeOf<Target>();
    expectTypeOf(decideIdle(compiled, 0, { machines: [], stopped: 0 })).toEqualTypeOf<
      IdleDecision[]
    >();
    expectTypeOf(
      forecast(compiled, 0, 1, { hotUsdPerHour: 1, stoppedUsdPerHour: 0 }),
    ).toEqualTypeOf<Forecast>();
    expectTypeOf(explain(compiled, 0)).toEqualTypeOf<Explanation>();
    expectTypeOf(lintSchedule({} as Schedule, 0)).toEqualTypeOf<Diagnostic[]>();
    expectTypeOf(levels({} as Schedule, 0, 1)).toEqualTypeOf<readonly Level[]>();
    expectTypeOf(peakMoment([], 0, 1)).toEqualTypeOf<PeakMoment>();
    expectTypeOf(checkZones({} as ZoneSource, 0)).toEqualTypeOf<readonly Diagnostic[]>();
    expectTypeOf(createFleet([compiled]).tick(0)).toEqualTypeOf<readonly number[]>();
    expectTypeOf(renderTimeline(compiled, 0, 1, { format: "svg" })).toEqualTypeOf<string>();
  });

  it("tell entries apart by kind, and keep everything readonly", () => {
    expectTypeOf<Extract<Entry, { kind: "cron" }>["forMinutes"]>().toEqualTypeOf<number>();
    expectTypeOf<Entry["kind"]>().toEqualTypeOf<
      "weekly" | "dated" | "cron" | "cronPair" | "cronMask"
    >();
    expectTypeOf<Capacity>().toEqualTypeOf<{ readonly hot: number; readonly stopped: number }>();
    // @ts-expect-error answers are shared, so they cannot be written to
    evaluate(compiled, 0).hot = 1;
  });
});
