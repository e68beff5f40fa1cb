import fc from "fast-check";
import type { Capacity, Entry, Exception, Schedule, Smoothing, Weekday } from "../src/index.ts";

/** Zones with remarkable clocks, and the moments at which they change. */
export const CHANGES: readonly { readonly zone: string; readonly atMs: number }[] = [
  ["Europe/Berlin", "2026-03-29T01:00Z"],
  ["Europe/Berlin", "2026-10-25T01:00Z"],
  ["America/New_York", "2026-03-08T07:00Z"],
  ["America/New_York", "2026-11-01T06:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T15:30Z"],
  ["America/Sao_Paulo", "2018-11-04T03:00Z"],
  ["America/Sao_Paulo", "2019-02-17T02:00Z"],
  ["Africa/Casablanca", "2025-02-23T02:00Z"],
  ["Africa/Casablanca", "2025-04-06T02:00Z"],
  ["Antarctica/Troll", "2026-03-29T01:00Z"],
  ["Antarctica/Troll", "2026-10-25T01:00Z"],
  ["Pacific/Chatham", "2026-09-26T14:00Z"],
  ["Africa/Cairo", "2026-10-29T21:00Z"],
  ["Pacific/Apia", "2011-12-30T10:00Z"],
  ["Pacific/Kwajalein", "1993-08-21T12:00Z"],
  ["Asia/Kathmandu", "1985-12-31T18:30Z"],
].map(([zone = "", iso = ""]) => ({ zone, atMs: Date.parse(iso) }));

const DAYS: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const isoDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

/** Minutes of the day near a change, and everywhere else now and then. */
const minuteNear = (around: number): fc.Arbitrary<number> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .integer({ min: -240, max: 240 })
        .map((d) => (((around + d) % 1_440) + 1_440) % 1_440),
    },
    {
      weight: 2,
      arbitrary: fc
        .constantFrom(-60, -30, 0, 15, 30, 60, 90, 120)
        .map((d) => (((around + d) % 1_440) + 1_440) % 1_440),
    },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 1_439 }) },
  );

const partial: fc.Arbitrary<Partial<Capacity>> = fc.oneof(
  fc.record({ hot: fc.nat(20), stopped: fc.nat(9) }),
  fc.record({ hot: fc.nat(20) }),
  fc.record({ stopped: fc.nat(9) }),
);

const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as T;

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });

/** Local time of a change, by the clock before it, minutes since the epoch. */
function localMinute(zone: string, atMs: number): number {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  return Date.parse(`${format.format(atMs - 1_000).replace(" ", "T")}Z`) / 60_000 + 1 / 60;
}

function entryNear(zone: string, atMs: number, zones: readonly string[]): fc.Arbitrary<Entry> {
  const local = Math.round(localMinute(zone, atMs));
  const around = ((local % 1_440) + 1_440) % 1_440;
  const day = (shift: number): string => isoDate((Math.floor(local / 1_440) + shift) * 86_400_000);
  const date = fc.integer({ min: -2, max: 2 }).map(day);
  const common = fc.record({
    name: fc.constant("?"),
    capacity: partial,
    mode: maybe(fc.constantFrom("set" as const, "atLeast" as const, "atMost" as const)),
    priority: maybe(fc.integer({ min: -1, max: 2 })),
    timeZone: maybe(fc.constantFrom(...zones)),
    validFrom: maybe(fc.integer({ min: -3, max: 1 }).map(day)),
    validUntil: maybe(fc.integer({ min: 1, max: 3 }).map(day)),
    enabled: maybe(fc.constantFrom(true, true, false)),
  });
  const hours = fc
    .record({
      start: minuteNear(around),
      end: minuteNear(around),
      span: maybe(fc.integer({ min: 0, max: 3 })),
    })
    .map(({ start, end, span }) => {
      const spanDays =
        span === undefined && start === end ? 1 : span === 0 && end <= start ? 1 : span;
      return {
        start: clock(start),
        end: end === 0 && start !== 0 && span === undefined ? "24:00" : clock(end),
        spanDays,
      };
    });
  const weekly = fc.record({ days: maybe(fc.subarray([...DAYS], { minLength: 1 })), hours });
  const dated = fc.record({ dates: fc.uniqueArray(date, { minLength: 1, maxLength: 3 }), hours });
  const minute = fc.oneof(
    minuteNear(around).map((m) => m % 60),
    fc.constantFrom("*/15", "*/30", "0", "10-20", "*/7"),
  );
  const hour = fc.oneof(
    minuteNear(around).map((m) => Math.floor(m / 60)),
    fc.constantFrom("*", "*/2", "0-6", "1,2,3"),
  );
  const expression = fc
    .tuple(
      minute,
      hour,
      fc.constantFrom("*", "*", "*", "*/2", "1-15", "29"),
      fc.constantFrom("*", "*", "mar,oct,nov", "*/2"),
      fc.constantFrom("*", "*", "sun", "1-5", "sat-sun", "0,3"),
    )
    .map((fields) => fields.join(" "));
  const kinds: fc.Arbitrary<object> = fc.oneof(
    { weight: 4, arbitrary: weekly.map(({ days, hours: h }) => ({ kind: "weekly", days, ...h })) },
    { weight: 3, arbitrary: dated.map(({ dates, hours: h }) => ({ kind: "dated", dates, ...h })) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("cron"),
        cron: expression,
        forMinutes: fc.oneof(fc.integer({ min: 1, max: 240 }), fc.integer({ min: 1, max: 10_080 })),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("cronPair"), cron: expression, until: expression }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("cronMask"), during: expression }) },
  );
  return fc
    .tuple(common, kinds)
    .map(([base, kind]) => compact({ ...base, ...kind }) as object as Entry);
}

/** A schedule whose bounds crowd around a change, and the change. */
export interface Aimed {
  readonly zone: string;
  readonly atMs: number;
  readonly schedule: Schedule;
}

export function aimed(changes = CHANGES, ownZones = true): fc.Arbitrary<Aimed> {
  return fc.constantFrom(...changes).chain(({ zone, atMs }) => {
    const zones = ownZones ? [zone, "UTC", "Asia/Kolkata"] : [zone];
    const local = Math.round(localMinute(zone, atMs));
    const day = (shift: number): string =>
      isoDate((Math.floor(local / 1_440) + shift) * 86_400_000);
    return fc.array(entryNear(zone, atMs, zones), { minLength: 0, maxLength: 5 }).chain((list) => {
      const entries = list.map((entry, index) => ({ ...entry, name: `e${index}` }));
      const names = entries.map(({ name }) => name);
      const weekly = entries.filter(({ kind }) => kind === "weekly").map(({ name }) => name);
      const dates = fc.uniqueArray(fc.integer({ min: -2, max: 2 }).map(day), {
        minLength: 1,
        maxLength: 2,
      });
      const who =
        names.length === 0
          ? fc.constant("*" as const)
          : fc.oneof(fc.constant("*" as const), fc.subarray(names, { minLength: 1 }));
      const skip = fc.record({ name: fc.constant("x"), dates, entries: who });
      const as = fc.record({
        name: fc.constant("x"),
        dates,
        entries:
          weekly.length === 0 ? fc.constant("*" as const) : fc.subarray(weekly, { minLength: 1 }),
        action: fc.record({ as: fc.constantFrom(...DAYS) }),
      });
      const capacity = fc.record({
        name: fc.constant("x"),
        dates,
        entries: who,
        action: fc.record({ capacity: partial }),
      });
      const bounds = fc.record({ hot: fc.nat(5) });
      return fc
        .record({
          default: fc.record({ hot: fc.nat(5), stopped: fc.nat(5) }),
          exceptions: maybe(
            fc.array(fc.oneof(skip, as, capacity) as fc.Arbitrary<Exception>, { maxLength: 3 }),
          ),
          min: maybe(bounds),
          max: maybe(bounds.map(({ hot }) => ({ hot: hot + 5 }))),
        })
        .map((rest) => ({
          zone,
          atMs,
          schedule: compact({ timeZone: zone, ...rest, entries }) as Schedule,
        }));
    });
  });
}

/** An instant within some hours of a change, often on a minute. */
export const near = (atMs: number, hours = 36): fc.Arbitrary<number> =>
  fc.oneof(
    fc.integer({ min: -hours * 60, max: hours * 60 }).map((minutes) => atMs + minutes * 60_000),
    fc.integer({ min: -hours * 3_600_000, max: hours * 3_600_000 }).map((ms) => atMs + ms),
  );

export const smoothing: fc.Arbitrary<Smoothing> = fc
  .record({
    leadMs: maybe(
      fc.oneof(
        fc.nat(3_600_000),
        fc.record({ hot: fc.nat(1_800_000), stopped: fc.nat(3_600_000) }),
      ),
    ),
    holdMs: maybe(fc.nat(3_600_000)),
    rampUp: maybe(
      fc.record({
        step: fc.integer({ min: 1, max: 8 }),
        everyMs: fc.integer({ min: 1_000, max: 1_200_000 }),
      }),
    ),
    rampDown: maybe(
      fc.record({
        step: fc.integer({ min: 1, max: 8 }),
        everyMs: fc.integer({ min: 1_000, max: 1_200_000 }),
      }),
    ),
  })
  .map((value) => compact(value) as Smoothing);

/** Clocks that change, and one that does not, where dates lie alone. */
const quietChanges = [...CHANGES, ...CHANGES.map(({ atMs }) => ({ zone: "UTC", atMs }))];

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

/** Schedules with an instant, some time before or about a change, from which one looks a year ahead. */
export const lookedAhead: fc.Arbitrary<{ readonly schedule: Schedule; readonly fromMs: number }> =
  fc
    .record({
      aim: aimed(quietChanges),
      days: fc.option(skips, { freq: 2 }),
      names: fc.constantFrom<"*" | readonly string[]>("*", ["e0"], ["e0", "e1"]),
    })
    .chain(({ aim: { schedule, atMs }, days, names }) => {
      const from = fc.oneof(
        near(atMs),
        fc.integer({ min: 1, max: 366 }).map((day) => atMs - day * 86_400_000),
      );
      return from.map((fromMs) => {
        if (days === null) return { schedule, fromMs };

        const dates = days.map((day) => isoDate(fromMs + day * 86_400_000));
        const exceptions = [
          ...(schedule.exceptions ?? []),
          { name: "days", dates, entries: names },
        ];
        return { schedule: { ...schedule, exceptions }, fromMs };
      });
    });
