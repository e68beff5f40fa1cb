import { compileSchedule, evaluate, type Schedule, transitions } from "@runs-fleet/scheduling";
import fc from "fast-check";
import { expect, it } from "vitest";
import { parseConfig } from "../parse-config.ts";
import { createInstantText } from "./instant-text.ts";

/** The gate tries some, the full run many. */
const runsOf = (many: number): number =>
  process.env["RUNS_FLEET_FULL"] === "1" ? many : Math.ceil(many / 4);

/** Some days before clocks change, and before a year without any such nearby. */
const days = [
  "2026-03-20T13:30Z",
  "2026-10-24T22:05Z",
  "2026-11-28T00:00Z",
  "2027-04-02T11:00Z",
  "2026-06-01T08:00Z",
].map((iso) => Date.parse(iso));
const yearMs = 366 * 86_400_000;

const zone = fc.constantFrom(
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "Africa/Casablanca",
  "UTC",
);
const number = fc.integer({ min: 0, max: 30 });
const p2 = (value: number): string => String(value).padStart(2, "0");
const clock = (minutes: number): string =>
  `${p2(Math.floor(minutes / 60) % 24)}:${p2(minutes % 60)}`;
const date = fc
  .integer({ min: 0, max: 400 })
  .map((day) => new Date(Date.UTC(2026, 8, 1) + day * 86_400_000).toISOString().slice(0, 10));

const hours = fc
  .record({
    start: fc.constantFrom(0, 60, 120, 150, 180, 480, 630, 1_320),
    length: fc.integer({ min: 1, max: 23 }),
  })
  .map(({ start, length }) => `${clock(start)}-${clock(start + length * 60)}`);
const when = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      days: fc.constantFrom("mon-fri", "sat,sun", "wed", "mon-sun"),
      time: hours,
    }),
  },
  { weight: 1, arbitrary: fc.record({ dates: fc.array(date, { minLength: 1, maxLength: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      cron: fc.constantFrom(
        "0 2 * * *",
        "30 1 * * sun",
        "15 3 1 * *",
        "0 */6 * * 1-5",
        "0 9 * 4 *",
      ),
      for: fc.constantFrom("30m", "90m", "26h"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      cron: fc.constantFrom("0 8 * * mon-fri", "45 2 * * *"),
      until: fc.constantFrom("0 19 * * *", "0 3 15 * *"),
    }),
  },
);
const capacity = fc.oneof(
  fc.record({ hot: number, stopped: number }),
  fc.record({ hot: number }),
  fc.record({ stopped: number }),
);
const entry = fc
  .tuple(
    when,
    capacity,
    fc.record(
      {
        mode: fc.constantFrom("set", "atLeast", "atMost"),
        priority: fc.integer({ min: -1, max: 1 }),
        timezone: zone,
        validFrom: date,
      },
      { requiredKeys: [] },
    ),
  )
  .map(([times, numbers, rest]) => ({ ...times, ...numbers, ...rest }));
const pool = fc.record({
  entries: fc.array(entry, { minLength: 1, maxLength: 4 }),
  exceptions: fc.array(
    fc.tuple(
      fc.array(date, { minLength: 1, maxLength: 3 }),
      fc.oneof(fc.constant({ action: "skip" }), fc.constant({ action: "skip" }), capacity),
      fc.boolean(),
    ),
    { maxLength: 3 },
  ),
  usual: capacity,
  bounds: fc.record(
    {
      min: fc.record({ hot: fc.nat(5) }),
      max: fc.record({ hot: fc.integer({ min: 5, max: 25 }) }),
    },
    { requiredKeys: [] },
  ),
  zone,
  machines: fc.integer({ min: 0, max: 60 }),
});
type Pool = typeof pool extends fc.Arbitrary<infer T> ? T : never;

function fileOf(pools: readonly Pool[], machines: number): string {
  const written = pools.map(({ entries, exceptions, usual, bounds, zone: own, ...one }, index) => ({
    [`p${index}`]: {
      timezone: own,
      default: usual,
      ...bounds,
      limits: { machines: one.machines },
      ramp: { up: "10/1m", down: "5/5m" },
      lead: "5m",
      schedule: entries.map((each, at) => ({ name: `e${at}`, ...each })),
      exceptions: exceptions.map(([dates, action, isOfOne]) => ({
        dates,
        ...action,
        ...(isOfOne ? { entries: ["e0"] } : {}),
      })),
    },
  }));
  return JSON.stringify({
    version: 1,
    environments: { ci: { regions: ["us-east-1"], limits: { machines } } },
    pools: Object.assign({}, ...written),
    policies: [{ name: "all", repositories: ["*"], allow: {} }],
  });
}

type Numbers = Readonly<Partial<Record<"hot" | "stopped", number>>>;

/** Who is told to want so much: the entry, or the first exception of it that wants more than the entry does. */
function nameOf(schedule: Schedule, entryName: string | undefined, peak: Numbers): string {
  const one = schedule.entries.find(({ name }) => name === entryName);
  if (one === undefined) return "The default";
  const by = schedule.exceptions?.find(({ entries = "*", action }) => {
    if (typeof action !== "object" || !("capacity" in action)) return false;
    if (entries !== "*" && !entries.includes(one.name)) return false;
    const { hot = 0, stopped = 0 } = action.capacity;
    return (
      (hot === peak.hot && hot > (one.capacity.hot ?? 0)) ||
      (stopped === peak.stopped && stopped > (one.capacity.stopped ?? 0))
    );
  });
  return by ? `Exception ${by.name}` : `Entry ${one.name}`;
}

/** The plain way: every change of a year, one after the other. */
function plainFindings(schedule: Schedule, limit: number, atMs: number): readonly string[] {
  const compiled = compileSchedule(schedule);
  const text = createInstantText();
  const most = new Map<string, { readonly total: number; readonly message: string }>();
  const note = (momentMs: number): void => {
    const { hot, stopped, entry: by } = evaluate(compiled, momentMs);
    if (hot + stopped <= limit) return;
    const who = nameOf(schedule, by, { hot, stopped });
    if ((most.get(who)?.total ?? 0) >= hot + stopped) return;
    const from = momentMs === atMs ? "" : ` from ${text(momentMs, schedule.timeZone)} on`;
    const message = `${who} wants ${hot} hot and ${stopped} stopped machines${from}, and the pool may have ${limit}, those of jobs included`;
    most.set(who, { total: hot + stopped, message });
  };
  note(atMs);
  for (const { atMs: momentMs } of transitions(compiled, atMs, atMs + yearMs)) note(momentMs);
  return [...most.values()].map(({ message }) => message);
}

/** The plain way: what all pools want, at every moment at which one of them changes. */
function plainTogether(
  pools: readonly { readonly name: string; readonly schedule: Schedule; readonly most: number }[],
  machines: number,
  atMs: number,
): readonly string[] {
  const all = pools.map((one) => ({ ...one, compiled: compileSchedule(one.schedule) }));
  const moments = all.flatMap(({ compiled }) =>
    [...transitions(compiled, atMs, atMs + yearMs)].map((change) => change.atMs),
  );
  let best = { atMs, total: 0, parts: [] as { readonly name: string; readonly count: number }[] };
  for (const momentMs of [...new Set([atMs, ...moments])].sort((left, right) => left - right)) {
    const parts = all.map(({ name, compiled, most }) => {
      const { hot, stopped } = evaluate(compiled, momentMs);
      return { name, count: Math.min(hot + stopped, most) };
    });
    const total = parts.reduce((sum, { count }) => sum + count, 0);
    if (total > best.total) best = { atMs: momentMs, total, parts };
  }
  if (best.total <= machines) return [];
  const parts = best.parts.sort((left, right) => right.count - left.count);
  const largest = parts.slice(0, 3).map(({ name, count }) => `${name} ${count}`);
  const rest = parts.length > 3 ? " and more" : "";
  return [
    `From ${createInstantText()(best.atMs)} on its pools want ${best.total} machines together (${largest.join(", ")}${rest}); it may have ${machines}`,
  ];
}

it("finds what going through every change of the year finds, with the same moments in the same words", () => {
  let [ofPools, ofEnvironments, late] = [0, 0, 0];
  fc.assert(
    fc.property(
      fc.array(pool, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 10, max: 120 }),
      fc.constantFrom(...days),
      (drawn, machines, atMs) => {
        const parsed = parseConfig(fileOf(drawn, machines), { atMs });
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
        const { pools } = parsed.value.catalog;
        const messages = (rule: string): readonly string[] =>
          parsed.issues.filter((issue) => issue.rule === rule).map(({ message }) => message);
        const found = messages("peak-over-limit");
        const together = messages("peak-over-environment-limit");
        // One place tells a sentence once: pools may share it.
        expect([...found].sort()).toEqual(
          pools
            .flatMap(({ schedule, limits }) => plainFindings(schedule, limits.machines, atMs))
            .sort(),
        );
        const demands = pools.map(({ name, schedule, limits }) => ({
          name,
          schedule,
          most: limits.machines,
        }));
        expect(together).toEqual(plainTogether(demands, machines, atMs));
        ofPools += found.length;
        ofEnvironments += together.length;
        late += found.filter((message) => / from /.test(message)).length;
      },
    ),
    { numRuns: runsOf(300) },
  );
  expect(Math.min(ofPools, ofEnvironments, late)).toBeGreaterThan(runsOf(50));
}, 120_000);
