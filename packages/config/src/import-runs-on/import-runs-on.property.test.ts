import process from "node:process";
import { compileSchedule, evaluate } from "@runs-fleet/scheduling";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { parse, stringify } from "yaml";
import { commentOf, commentsOf } from "../../test/comments-of.ts";
import { parseConfig } from "../parse-config.ts";
import { importRunsOn } from "./import-runs-on.ts";
import type { RunsOnEntry } from "./runs-on-form.ts";

const isFull = process.env["RUNS_FLEET_FULL"] === "1";
const runs = isFull ? 20_000 : 200;
// At full size each takes minutes.
if (isFull) vi.setConfig({ testTimeout: 1_800_000 });

const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const zones = ["UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"];

/** What people write, and what nobody would. */
// A key "<<" is a merge, which the writer of the text leaves without quotes.
const word = fc
  .oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(
      "c7",
      "m7i.*",
      "on",
      "1e3",
      "0x1",
      "~",
      "22:00",
      "2026-01-01",
      "é😀\u202e",
      "#",
      "a: b",
    ),
  )
  .filter((text) => text !== "<<");
const truth = fc.constantFrom(true, false, "true", "false");
const oneOrMore = <T>(item: fc.Arbitrary<T>) => fc.oneof(item, fc.array(item, { maxLength: 3 }));
const number = fc.oneof(
  fc.integer({ min: -1, max: 1_000 }),
  // YAML has .nan; a schema of JSON has none.
  fc.double({ noNaN: true }),
  fc.constantFrom("4", "4+16", "lots", ""),
);
const script = fc.constantFrom("echo 1", "#!/bin/sh\nset -e\n");

const runner = fc.record(
  {
    id: word,
    cpu: oneOrMore(number),
    ram: oneOrMore(number),
    disk: fc.constantFrom<string | number>("large", "80gb", 80),
    volume: fc.oneof(word, fc.constantFrom("80gb", "gp3:10gb:125mibps", "2tb")),
    sticky: fc.constantFrom<string | boolean>("a:10gb", false),
    retry: oneOrMore(fc.constantFrom("when-interrupted", "false", "always")),
    extras: oneOrMore(fc.constantFrom("s3-cache", "efs+tmpfs", "other")),
    ssh: truth,
    "nested-virt": truth,
    private: truth,
    spot: fc.oneof(truth, word, fc.constantFrom("pco", "lp", "never")),
    family: oneOrMore(fc.oneof(word, fc.constantFrom("c7a+m7a", "g4dn.xlarge", "m7", "c7g*"))),
    image: fc.oneof(word, fc.constantFrom("ubuntu24-full-x64", "windows25-full-x64", "mine")),
    preinstall: script,
    prerun: script,
    tags: oneOrMore(fc.constantFrom("a:b", "c:d")),
    debug: truth,
  },
  { requiredKeys: [] },
);

const image = fc.record(
  {
    id: word,
    platform: fc.constantFrom("linux", "windows", "macos", ""),
    arch: fc.constantFrom("x64", "arm64", "amd64", "i386"),
    name: word,
    owner: word,
    preinstall: script,
    prerun: script,
    ami: word,
    main_disk_size: fc.nat(200),
    root_device_name: word,
    tags: fc.dictionary(word, word, { maxKeys: 2 }),
  },
  { requiredKeys: [] },
);

const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 1, 30, 59))
  .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
const entry = fc.record(
  {
    name: fc.oneof(
      fc.constantFrom("default", "office", "nights"),
      fc.string({ minLength: 1, maxLength: 220 }),
    ),
    hot: fc.oneof(fc.nat(9), fc.nat(9), fc.nat(400_000)),
    stopped: fc.nat(9),
    match: fc.record(
      {
        day: fc.array(
          fc.oneof(
            { weight: 9, arbitrary: fc.constantFrom(...days, "Mon", "fri") },
            { weight: 1, arbitrary: word },
          ),
          { maxLength: 7 },
        ),
        time: fc.oneof(
          { weight: 9, arbitrary: fc.tuple(clock, fc.oneof(clock, fc.constant("24:00"))) },
          { weight: 1, arbitrary: fc.array(word, { maxLength: 3 }) },
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ["name", "hot", "stopped"] },
);
type Entry = Pick<RunsOnEntry, "hot" | "stopped"> & {
  readonly match?: { readonly day?: readonly string[]; readonly time?: readonly string[] };
};

const name = fc.oneof(word, fc.constantFrom("ci", "Build_1", "2cpu-linux-x64", "constructor"));
const poolName = fc.stringMatching(/^[a-z0-9_-]{1,70}$/);

const file = fc
  .dictionary(name, runner, { minKeys: 1, maxKeys: 4 })
  .chain((runners) =>
    fc.record(
      {
        runners: fc.constant(runners),
        images: fc.dictionary(name, image, { maxKeys: 3 }),
        pools: fc.dictionary(
          poolName,
          fc.record(
            {
              runner: fc.constantFrom(...Object.keys(runners), "8cpu-linux-arm64"),
              version: word,
              env: fc.string({ minLength: 1, maxLength: 70 }),
              environment: fc.constantFrom("dev", "Production"),
              timezone: fc.oneof(word, fc.constantFrom(...zones)),
              schedule: fc.array(entry, { maxLength: 5 }),
            },
            { requiredKeys: ["runner"] },
          ),
          { maxKeys: 3 },
        ),
        _extends: word,
        admins: fc.array(word, { maxLength: 2 }),
      },
      { requiredKeys: ["runners"] },
    ),
  )
  // A pool needs a runner whose name is not empty.
  .filter(({ runners }) => !Object.hasOwn(runners, ""));

describe("a file that RunsOn takes", () => {
  it("comes to a configuration without errors, and whatever is told has its place and is noted in it", () => {
    fc.assert(
      fc.property(file, (written) => {
        const text = stringify(written, { aliasDuplicateObjects: false });
        const result = importRunsOn(text);
        if (!result.ok) throw new Error(JSON.stringify(result.issues));
        const { yaml, losses } = result.value;
        const parsed = parseConfig(yaml);
        // A machine that nobody has is the original's own mistake.
        const errors = parsed.issues.filter(
          ({ rule, severity }) => severity === "error" && rule !== "impossible-shape",
        );
        if (errors.length > 0) throw new Error(`${JSON.stringify(errors)}\n${yaml}`);
        const { pools = {}, runners = {} } = parse(yaml);
        expect(Object.keys(pools)).toHaveLength(Object.keys(written.pools ?? {}).length);
        expect(Object.keys(runners)).toHaveLength(Object.keys(written.runners).length);
        const comments = commentsOf(yaml);
        for (const { start, end, message } of losses) {
          expect(comments).toContain(commentOf(message));
          expect(start.offset).toBeLessThanOrEqual(end.offset);
          expect(end.offset).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: runs },
    );
  });
});

it("never throws, whatever stands where, and every issue lies in the text", () => {
  const broken = file.chain((written) =>
    fc
      .tuple(fc.constant(written), fc.anything({ maxDepth: 2 }), fc.nat(9))
      .map(([one, odd, at]) => {
        const copy = structuredClone(one) as Record<string, unknown>;
        const key = ["runners", "images", "pools", "admins", "_extends"][at % 5] ?? "runners";
        const held = copy[key];
        if (at < 5 || typeof held !== "object" || held === null) copy[key] = odd;
        else for (const inner of Object.keys(held)) (held as Record<string, unknown>)[inner] = odd;
        return copy;
      }),
  );
  const textOf = (value: unknown): string => {
    try {
      return stringify(value, { aliasDuplicateObjects: false }) ?? "";
    } catch {
      return "runners: [";
    }
  };
  const texts = fc.oneof(broken.map(textOf), fc.string(), fc.anything().map(textOf));
  fc.assert(
    fc.property(texts, (text) => {
      const result = importRunsOn(text);
      if (result.ok) return;
      expect(result.issues.length).toBeGreaterThan(0);
      for (const { start, end } of result.issues) {
        expect(start.offset).toBeGreaterThanOrEqual(0);
        expect(end.offset).toBeLessThanOrEqual(text.length);
      }
    }),
    { numRuns: runs },
  );
});

/** Hours of an entry, read by themselves; `undefined` where they cannot be read. */
function hoursOf(time: readonly string[]): readonly [number, number] | undefined {
  const [start, end] = time.map((text) => {
    const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? [];
    const minutes = Number(hour) * 60 + Number(minute);
    return hour !== undefined && Number(minute) < 60 && minutes <= 1_440 ? minutes : undefined;
  });
  if (time.length !== 2 || start === undefined || end === undefined || start === 1_440) return;
  return [start, end];
}

/**
 * What RunsOn's schedule says of a minute of a local day, with the readings that are documented: the last entry that matches,
 * else the last without `match`; a night belongs to the day on which it begins.
 */
function directReading(schedule: readonly Entry[], day: number, minute: number) {
  let found = { hot: 0, stopped: 0 };
  let isMatched = false;
  for (const { match = {}, hot, stopped } of schedule) {
    const numbers = { hot: Math.min(hot, 250_000), stopped };
    const listed = match.day?.length ? match.day : undefined;
    const time = match.time?.length ? match.time : undefined;
    if (listed === undefined && time === undefined) {
      if (!isMatched) found = numbers;
      continue;
    }
    const isOn = (one: number): boolean => {
      const name = days[(one + 7) % 7] ?? "";
      return (
        listed === undefined ||
        listed.some((text) => [name, name.slice(0, 3)].includes(text.trim().toLowerCase()))
      );
    };
    const hours = time && hoursOf(time);
    if (time && hours === undefined) continue;
    const [start, end] = hours ?? [0, 1_440];
    const isNow =
      start < end
        ? isOn(day) && minute >= start && minute < end
        : (isOn(day) && minute >= start) || (isOn(day - 1) && minute < end);
    if (isNow) [found, isMatched] = [numbers, true];
  }
  return found;
}

describe("the schedule of a pool", () => {
  /** Two weeks without a change of the clocks in any of the zones. */
  const from = Date.UTC(2026, 5, 1);
  const quarters = Array.from({ length: 14 * 96 }, (_, index) => from + index * 900_000);
  const localOf = new Map(
    zones.map((zone) => {
      const format = new Intl.DateTimeFormat("en-GB", {
        timeZone: zone,
        weekday: "long",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      });
      const locals = quarters.flatMap((quarterMs) =>
        // The last minute of a quarter too, for hours that end at 23:59.
        [quarterMs, quarterMs + 840_000].map((atMs) => {
          const parts = new Map(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
          const day = days.indexOf((parts.get("weekday") ?? "").toLowerCase());
          return {
            atMs,
            day,
            minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")),
          };
        }),
      );
      return [zone, locals] as const;
    }),
  );

  it("has at every moment the machines that RunsOn's has", () => {
    const schedules = fc.tuple(
      fc.constantFrom(...zones),
      fc.array(entry, { minLength: 1, maxLength: 6 }),
    );
    fc.assert(
      fc.property(schedules, ([timezone, schedule]) => {
        const text = stringify(
          { runners: { a: {} }, pools: { p: { runner: "a", timezone, schedule } } },
          { aliasDuplicateObjects: false },
        );
        const result = importRunsOn(text);
        if (!result.ok) throw new Error(JSON.stringify(result.issues));
        const parsed = parseConfig(result.value.yaml);
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
        const [pool] = parsed.value.catalog.pools;
        if (pool === undefined) throw new Error("There is no pool");
        const compiled = compileSchedule(pool.schedule);
        for (const { atMs, day, minute } of localOf.get(timezone) ?? []) {
          const { hot, stopped } = evaluate(compiled, atMs);
          const wanted = directReading(schedule, day, minute);
          if (hot === wanted.hot && stopped === wanted.stopped) continue;
          expect({ hot, stopped, day, minute, yaml: result.value.yaml }).toEqual(wanted);
        }
        const peak = Math.max(
          ...schedule.map(({ hot, stopped }) => Math.min(hot, 250_000) + stopped),
        );
        expect(pool.limits.machines).toBeLessThanOrEqual(Math.max(10, 2 * peak));
      }),
      { numRuns: runs },
    );
  });
});
