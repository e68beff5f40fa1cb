import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aimed } from "../../test/arbitraries.ts";
import { compileSchedule, evaluate, parseSchedule } from "../index.ts";

const none = { hot: 0, stopped: 0 };
const base = { default: none, entries: [] as unknown[] };
const office = { name: "office", start: "08:00", end: "18:00", capacity: { hot: 5 } };

/** Issues as `path code`, in order. */
const issuesOf = (input: unknown): string[] => {
  const result = parseSchedule(input);
  return result.ok ? [] : result.issues.map(({ path, code }) => `${path.join(".")} ${code}`);
};
const withEntry = (entry: object) => ({ ...base, entries: [{ ...office, ...entry }] });

describe("parseSchedule", () => {
  it("infers the kind of an entry from its keys", () => {
    const c = { name: "c", capacity: {} };
    const result = parseSchedule({
      ...base,
      entries: [
        { ...c, name: "1", start: "08:00", end: "18:00" },
        { ...c, name: "2", dates: ["2026-12-24"] },
        { ...c, name: "3", cron: "0 8 * * *", forMinutes: 60 },
        { ...c, name: "4", cron: "0 8 * * *", until: "0 9 * * *" },
        { ...c, name: "5", during: "* 8 * * *" },
      ],
    });
    expect(result.ok && result.value.entries.map(({ kind }) => kind)).toEqual([
      "weekly",
      "dated",
      "cron",
      "cronPair",
      "cronMask",
    ]);
  });

  it.each([
    ["no schedule at all", 7, " bad-type"],
    ["no default", { entries: [] }, "default missing"],
    ["half a default", { ...base, default: { hot: 1 } }, "default.stopped missing"],
    ["an unknown key", { ...base, entires: [] }, "entires unknown-key"],
    ["a zone that does not exist", { ...base, timeZone: "Mars/Olympus" }, "timeZone bad-time-zone"],
    ["an offset as zone", { ...base, timeZone: "+05:30" }, "timeZone offset-time-zone"],
    ["UTC with an offset", { ...base, timeZone: "UTC+2" }, "timeZone offset-time-zone"],
    [
      "a zone with a letter that only looks like one of a zone seen before",
      {
        ...base,
        timeZone: "Asia/Hong_Kong",
        entries: [{ ...office, timeZone: "Asia/Hong_\u212aong" }],
      },
      "entries.0.timeZone bad-time-zone",
    ],
    ["the host's zone", { ...base, timeZone: "Local" }, "timeZone bad-time-zone"],
    ["an empty zone", { ...base, timeZone: "" }, "timeZone bad-time-zone"],
    ["no such weekday", withEntry({ days: ["funday"] }), "entries.0.days.0 bad-day"],
    ["a day twice", withEntry({ days: ["mon", "mon"] }), "entries.0.days.1 duplicate"],
    ["no day", withEntry({ days: [] }), "entries.0.days missing"],
    ["no such time", withEntry({ start: "25:99" }), "entries.0.start bad-time"],
    ["24:00 as a start", withEntry({ start: "24:00" }), "entries.0.start bad-time"],
    ["the same start and end", withEntry({ end: "08:00" }), "entries.0.end empty-window"],
    [
      "an end before the start",
      withEntry({ end: "07:00", spanDays: 0 }),
      "entries.0.spanDays empty-window",
    ],
    ["too long a span", withEntry({ spanDays: 8 }), "entries.0.spanDays out-of-range"],
    [
      "a negative capacity",
      withEntry({ capacity: { hot: -1 } }),
      "entries.0.capacity.hot out-of-range",
    ],
    [
      "half a machine",
      withEntry({ capacity: { hot: 1.5 } }),
      "entries.0.capacity.hot out-of-range",
    ],
    ["no capacity", withEntry({ capacity: undefined }), "entries.0.capacity missing"],
    ["no name", withEntry({ name: "" }), "entries.0.name bad-name"],
    ["an unknown mode", withEntry({ mode: "max" }), "entries.0.mode bad-mode"],
    [
      "a date that does not exist",
      withEntry({ validFrom: "2026-02-29" }),
      "entries.0.validFrom bad-date",
    ],
    [
      "validity backwards",
      withEntry({ validFrom: "2026-03-01", validUntil: "2026-02-01" }),
      "entries.0.validUntil empty-validity",
    ],
    [
      "a cron of four fields",
      { ...base, entries: [{ name: "c", cron: "0 8 * *", forMinutes: 1, capacity: {} }] },
      "entries.0.cron bad-cron",
    ],
    [
      "a cron with seconds",
      { ...base, entries: [{ name: "c", cron: "0 0 8 * * *", forMinutes: 1, capacity: {} }] },
      "entries.0.cron bad-cron",
    ],
    [
      "a cron that never fires",
      { ...base, entries: [{ name: "c", cron: "0 0 30 2 *", forMinutes: 1, capacity: {} }] },
      "entries.0.cron never-fires",
    ],
    [
      "a cron without a length",
      { ...base, entries: [{ name: "c", cron: "0 0 * * *", capacity: {} }] },
      "entries.0.forMinutes missing",
    ],
    ["an unknown kind", withEntry({ kind: "monthly" }), "entries.0.kind bad-kind"],
    ["bounds that cross", { ...base, min: { hot: 3 }, max: { hot: 2 } }, "min.hot min-above-max"],
    ["a name twice", { ...base, entries: [office, office] }, "entries.1.name duplicate-name"],
    [
      "an exception for nobody",
      {
        ...base,
        entries: [office],
        exceptions: [{ name: "x", dates: ["2026-12-24"], entries: ["ofice"] }],
      },
      "exceptions.0.entries.0 unknown-entry",
    ],
    [
      "weekday hours for a dated entry",
      {
        ...base,
        entries: [{ name: "d", dates: ["2026-12-24"], capacity: {} }],
        exceptions: [{ name: "x", dates: ["2026-12-24"], entries: ["d"], action: { as: "sun" } }],
      },
      "exceptions.0.entries.0 as-needs-weekly",
    ],
    [
      "an unknown action",
      { ...base, exceptions: [{ name: "x", dates: ["2026-12-24"], action: "drop" }] },
      "exceptions.0.action bad-action",
    ],
    ["a million entries", { ...base, entries: Array(1_000_000).fill(office) }, "entries too-many"],
    [
      "a thousand years of dates",
      { ...base, entries: [{ name: "d", dates: ["1000-01-01..2000-01-01"], capacity: {} }] },
      "entries.0.dates too-many",
    ],
    [
      "10,001 dates",
      { ...base, exceptions: [{ name: "x", dates: Array(10_001).fill("2026-12-24") }] },
      "exceptions.0.dates too-many",
    ],
    [
      "a getter that throws",
      Object.defineProperty({ ...base }, "timeZone", {
        enumerable: true,
        get: () => {
          throw new Error("no");
        },
      }),
      " unreadable",
    ],
  ])("refuses %s", (_, input, expected) => {
    expect(issuesOf(input)).toEqual([expected]);
  });

  it("reads a cron expression to its end, or not at all", () => {
    const cron = (text: string) => ({
      ...base,
      entries: [{ name: "c", cron: text, forMinutes: 1, capacity: {} }],
    });
    expect(issuesOf(cron(`0 8 * * 1${" ".repeat(1_000)}nonsense`))).toEqual([
      "entries.0.cron bad-cron",
    ]);
    expect(issuesOf(cron(`0 8 * * 1${" ".repeat(900)}`))).toEqual([]);
  });

  it("names a hundred problems and leaves the rest, however many there are", () => {
    const million = Array(1_000_000).fill("x");
    const keys = Object.fromEntries(Array.from({ length: 300_000 }, (_, at) => [`key${at}`, 1]));
    const names = Array.from({ length: 1_000 }, (_, at) => `${"name".repeat(40)}${at}`);
    const entries = names.map((name) => ({ ...office, name }));
    const strangers = names.map((name) => `${name}?`);
    const exception = { name: "x", dates: ["2026-12-24"], entries: strangers };
    for (const input of [
      { ...base, ...keys },
      { ...base, entries: [{ name: "d", dates: million, capacity: {} }] },
      { ...base, entries: entries.map((entry) => ({ ...entry, timeZone: entry.name })) },
      { ...base, entries, exceptions: Array(10_000).fill(exception) },
    ]) {
      const issues = issuesOf(input);
      expect(issues).toHaveLength(101);
      expect(issues.at(-1)).toBe(" too-many-issues");
    }
  });

  it("believes nothing that a prototype says", () => {
    expect(issuesOf(Object.create({ ...base, entries: [office] }))).toEqual(["default missing"]);
    expect(issuesOf({ ...base, entries: [Object.create(office)] })).toContain(
      "entries.0.name missing",
    );
    const polluted = JSON.parse('{"__proto__":{"hot":9},"constructor":{"prototype":{}}}');
    expect(
      issuesOf({ ...base, ...{ default: none }, entries: [{ ...office, capacity: polluted }] }),
    ).toEqual([
      "entries.0.capacity.__proto__ unknown-key",
      "entries.0.capacity.constructor unknown-key",
    ]);
    expect(({} as { hot?: number }).hot).toBeUndefined();
  });

  it("accepts what lies at its limits", () => {
    const many = Array.from({ length: 1_000 }, (_, index) => ({ ...office, name: `e${index}` }));
    expect(issuesOf({ ...base, entries: many })).toEqual([]);
    expect(
      issuesOf({ ...base, exceptions: [{ name: "x", dates: ["2000-01-01..2027-05-18"] }] }),
    ).toEqual([]);
    expect(issuesOf(withEntry({ end: "08:00", spanDays: 1 }))).toEqual([]);
    for (const timeZone of ["Asia/Kolkata", "GMT+0", "Etc/GMT+5", "europe/berlin"]) {
      expect(issuesOf({ ...base, timeZone }), timeZone).toEqual([]);
    }
  });

  it("suggests what was probably meant", () => {
    const suggestion = (input: unknown): string | undefined => {
      const result = parseSchedule(input);
      return result.ok ? undefined : result.issues[0]?.suggestion;
    };
    expect(suggestion(withEntry({ days: ["funday"] }))).toBe('Did you mean "sun"?');
    expect(suggestion(withEntry({ days: ["Monday"] }))).toBe('Did you mean "mon"?');
    expect(suggestion({ ...base, timeZone: "Europe/Berln" })).toBe('Did you mean "Europe/Berlin"?');
    expect(suggestion(withEntry({ capactiy: {} }))).toBe('Did you mean "capacity"?');
    expect(suggestion(withEntry({ end: "08:00" }))).toContain("00:00 to 24:00");
  });

  it("reports every problem at once", () => {
    expect(
      issuesOf({
        timeZone: "Nowhere",
        entries: [{ name: "a", start: "9", end: "24:30", capacity: 3 }, null],
      }),
    ).toEqual([
      "timeZone bad-time-zone",
      "default missing",
      "entries.0.capacity bad-type",
      "entries.0.start bad-time",
      "entries.0.end bad-time",
      "entries.1 bad-type",
    ]);
  });

  it("never throws, and what it accepts compiles and answers", () => {
    const wild = aimed().chain(({ schedule }) => {
      const paths: fc.Arbitrary<unknown> = fc.oneof(
        fc.anything(),
        fc.jsonValue(),
        fc.constantFrom("", "x", -1, 1e9, null, [], {}, "25:99", "2026-02-30"),
      );
      return fc
        .tuple(
          fc.nat(6),
          fc.constantFrom(
            "days",
            "start",
            "end",
            "cron",
            "until",
            "dates",
            "capacity",
            "name",
            "kind",
            "spanDays",
            "timeZone",
            "validFrom",
          ),
          paths,
        )
        .map(([index, key, value]) => ({
          ...schedule,
          entries: schedule.entries.map((entry, at) =>
            at === index ? { ...entry, [key]: value } : entry,
          ),
        }));
    });
    fc.assert(
      fc.property(fc.oneof(wild as fc.Arbitrary<unknown>, fc.anything()), (input) => {
        const result = parseSchedule(input);
        if (!result.ok) {
          expect(result.issues.length).toBeGreaterThan(0);
          return;
        }
        expect(
          evaluate(compileSchedule(result.value), 1_774_746_000_000).hot,
        ).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  it("shares nothing with its input", () => {
    const input = withEntry({});
    const result = parseSchedule(input);
    (input.entries[0] as { capacity: { hot: number } }).capacity.hot = 99;
    expect(result.ok && result.value.entries[0]?.capacity.hot).toBe(5);
  });
});
