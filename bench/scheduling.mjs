// Speed of `@runs-fleet/scheduling` on the bench schedule of SCHEDULES.md 3, beside what people use otherwise, in one process.
import { Cron } from "croner";
import { Temporal } from "temporal-polyfill";
import { Bench } from "tinybench";

const dist = new URL("../packages/scheduling/dist/", import.meta.url);
const scheduling = await import(new URL("index.js", dist).href);
const {
  compileSchedule,
  createFleet,
  evaluate,
  forecast,
  intlZones,
  nextTransition,
  target,
  transitions,
} = scheduling;

const timeZone = "Europe/Berlin";
const workdays = ["mon", "tue", "wed", "thu", "fri"];
const entries = [
  {
    kind: "weekly",
    name: "work",
    days: workdays,
    start: "08:00",
    end: "18:00",
    capacity: { hot: 10, stopped: 20 },
  },
  {
    kind: "weekly",
    name: "peak",
    days: workdays,
    start: "10:00",
    end: "15:30",
    mode: "atLeast",
    capacity: { hot: 25 },
  },
  {
    kind: "weekly",
    name: "nightly",
    days: workdays,
    start: "22:00",
    end: "06:00",
    capacity: { hot: 3, stopped: 5 },
  },
  {
    kind: "weekly",
    name: "weekend",
    days: ["sat", "sun"],
    start: "09:00",
    end: "17:00",
    capacity: { hot: 2 },
  },
  {
    kind: "weekly",
    name: "maintenance",
    days: ["sun"],
    start: "02:30",
    end: "04:00",
    priority: 10,
    capacity: { hot: 0, stopped: 0 },
  },
];
const schedule = { timeZone, default: { hot: 0, stopped: 2 }, entries };
const smoothing = {
  leadMs: 120_000,
  holdMs: 600_000,
  rampUp: { step: 5, everyMs: 300_000 },
  rampDown: { step: 5, everyMs: 300_000 },
};
const from = Date.UTC(2026, 0, 1);
const to = Date.UTC(2027, 0, 1);

/** Deterministic instants of 2026. */
function instants(count) {
  let seed = 42;
  return Float64Array.from({ length: count }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return from + Math.floor((seed / 2 ** 32) * (to - from));
  });
}
const probes = instants(4_096);
const few = probes.slice(0, 64);
let sink = 0;

/** Median nanoseconds of one operation. */
async function measure(name, operations, run) {
  const bench = new Bench({ time: 250, warmupTime: 80, warmupIterations: 3, iterations: 5 });
  bench.add(name, run);
  const [task] = await bench.run();
  if (task.result.error) throw task.result.error;
  return (task.result.latency.p50 * 1e6) / operations;
}

const each = (values, run) => () => {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += run(values[index]);
  sink += sum;
};

/** The same five entries with Temporal: every bound of the next days, the first at which the capacity differs. */
const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const windows = entries.map((entry, position) => ({
  position,
  priority: entry.priority ?? 0,
  mode: entry.mode ?? "set",
  capacity: entry.capacity,
  days: entry.days.map((day) => ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].indexOf(day) + 1),
  start: minutes(entry.start),
  end: minutes(entry.end) + (minutes(entry.end) <= minutes(entry.start) ? 1_440 : 0),
}));
windows.sort((a, b) => a.priority - b.priority || a.position - b.position);

function fold(isActive) {
  let { hot, stopped } = schedule.default;
  for (const window of windows) {
    if (!isActive(window)) continue;
    const { capacity, mode } = window;
    if (capacity.hot !== undefined)
      hot = mode === "atLeast" ? Math.max(hot, capacity.hot) : capacity.hot;
    if (capacity.stopped !== undefined) stopped = capacity.stopped;
  }
  return hot * 1_000 + stopped;
}

function capacityAt(weekday, minute) {
  const yesterday = ((weekday + 5) % 7) + 1;
  return fold(
    ({ days, start, end }) =>
      (days.includes(weekday) && start <= minute && minute < end) ||
      (days.includes(yesterday) && minute + 1_440 < end),
  );
}

function temporalCapacity(at) {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  return capacityAt(zoned.dayOfWeek, zoned.hour * 60 + zoned.minute);
}

function temporalNext(at) {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const before = capacityAt(zoned.dayOfWeek, zoned.hour * 60 + zoned.minute);
  let date = zoned.toPlainDate();
  for (let day = 0; day < 9; day++) {
    const weekday = date.dayOfWeek;
    const yesterday = ((weekday + 5) % 7) + 1;
    const bounds = new Set();
    for (const { days, start, end } of windows) {
      if (days.includes(weekday)) bounds.add(start).add(end < 1_440 ? end : start);
      if (days.includes(yesterday) && end >= 1_440) bounds.add(end - 1_440);
    }
    for (const bound of [...bounds].sort((a, b) => a - b)) {
      if (capacityAt(weekday, bound) === before) continue;
      const time = date.toPlainDateTime({ hour: Math.floor(bound / 60), minute: bound % 60 });
      const instant = time.toZonedDateTime(timeZone, {
        disambiguation: "earlier",
      }).epochMilliseconds;
      if (instant > at) return instant;
    }
    date = date.add({ days: 1 });
  }
  throw new Error("no transition found");
}

const number = { mon: 1, tue: 2, wed: 3, thu: 4, fri: 5, sat: 6, sun: 0 };
const crons = entries.flatMap(({ days, start, end }) => {
  const field = (time, shift) =>
    `${Number(time.slice(3))} ${Number(time.slice(0, 2))} * * ${days.map((day) => (number[day] + shift) % 7).join(",")}`;
  const over = minutes(end) <= minutes(start) ? 1 : 0;
  return [
    new Cron(field(start, 0), { timezone: timeZone }),
    new Cron(field(end, over), { timezone: timeZone }),
  ];
});

function cronerNext(at) {
  const before = temporalCapacity(at);
  let now = at;
  for (;;) {
    now = Math.min(...crons.map((cron) => cron.nextRun(new Date(now)).getTime()));
    if (temporalCapacity(now) !== before) return now;
  }
}

/** All contenders must give the same answers away from the nights of the clock changes. */
function checkContenders(compiled) {
  const quiet = (at) =>
    [Date.UTC(2026, 2, 29), Date.UTC(2026, 9, 25)].every(
      (night) => Math.abs(at - night) > 4 * 86_400_000,
    );
  for (const at of few.filter(quiet)) {
    const ours = nextTransition(compiled, at).atMs;
    const { hot, stopped } = evaluate(compiled, at);
    if (hot * 1_000 + stopped !== temporalCapacity(at))
      throw new Error(`Temporal evaluates differently at ${at}`);
    if (temporalNext(at) !== ours) throw new Error(`Temporal's next differs at ${at}`);
    if (cronerNext(at) !== ours) throw new Error(`croner's next differs at ${at}`);
  }
}

/** Bytes allocated per evaluation, over ten million; the collector may only lower the number. */
function bytesPerEvaluation(compiled) {
  // The stray word keeps these numbers as objects: otherwise the caller makes one for each call, and that is counted.
  const boxed = [...probes, "end"];
  const run = () => {
    let sum = 0;
    for (let index = 0; index < 10_000_000; index++)
      sum += evaluate(compiled, boxed[index & 4_095]).hot;
    sink += sum;
  };
  run();
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const before = process.memoryUsage().heapUsed;
    run();
    least = Math.min(least, Math.abs(process.memoryUsage().heapUsed - before) / 1e7);
  }
  return least;
}

export async function run() {
  const compiled = compileSchedule(schedule);
  const smooth = compileSchedule(schedule, { smoothing });
  checkContenders(compiled);
  const rows = [];
  const below = (name, value, unit, limit, target) =>
    rows.push({ name, value, unit, target, ok: value <= limit });
  const above = (name, value, limit, target) =>
    rows.push({ name, value, unit: "x", target, ok: value >= limit });

  const evaluateNs = await measure(
    "evaluate",
    probes.length,
    each(probes, (at) => evaluate(compiled, at).hot),
  );
  const nextNs = await measure(
    "next",
    probes.length,
    each(probes, (at) => nextTransition(compiled, at).atMs),
  );
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const intlNs = await measure(
    "Intl",
    512,
    each(probes.slice(0, 512), (at) => format.format(at).length),
  );
  const temporalNs = await measure("temporal", few.length, each(few, temporalNext));
  const cronerNs = await measure("croner", few.length, each(few, cronerNext));
  below("evaluate, random instants of a year", evaluateNs, "ns", 50, "<= 50");
  below("bytes allocated per evaluate", bytesPerEvaluation(compiled), "B", 0.1, "0");
  above("evaluate against one cached Intl.DateTimeFormat read", intlNs / evaluateNs, 20, ">= 20");
  below("nextTransition", nextNs, "ns", 50, "<= 50");
  above("nextTransition against temporal-polyfill", temporalNs / nextNs, 200, ">= 200");
  above("nextTransition against croner", cronerNs / nextNs, 1_000, ">= 1000");

  const year = () => {
    for (const { atMs } of transitions(compiled, from, to)) sink += atMs;
  };
  below("a year of transitions, warm", (await measure("year", 1, year)) / 1e3, "us", 30, "<= 30");
  const zones = intlZones();
  evaluate(compileSchedule(schedule, { zones }), from);
  let turn = 0;
  const coldYear = () => {
    // Another name each time: equal schedules may share what they computed.
    const fresh = compileSchedule({ ...schedule, default: { hot: 0, stopped: turn++ } }, { zones });
    for (const { atMs } of transitions(fresh, from, to)) sink += atMs;
  };
  below(
    "a year of transitions, compiled afresh",
    (await measure("cold year", 1, coldYear)) / 1e3,
    "us",
    2_000,
    "<= 2000",
  );
  const firstUse = () => {
    sink += evaluate(
      compileSchedule(
        { ...schedule, default: { hot: 0, stopped: turn++ } },
        { zones: intlZones() },
      ),
      from,
    ).hot;
  };
  below("first use of a zone", (await measure("zone", 1, firstUse)) / 1e6, "ms", 2, "<= 2");

  below(
    "target",
    await measure(
      "target",
      probes.length,
      each(probes, (at) => target(compiled, at).hot),
    ),
    "ns",
    100,
    "<= 100",
  );
  const rampNs = await measure(
    "ramps",
    probes.length,
    each(probes, (at) => target(smooth, at).untilMs),
  );
  below("target and its next change, with ramps", rampNs / 1e3, "us", 2, "<= 2");
  const rates = { hotUsdPerHour: 0.1, stoppedUsdPerHour: 0.01 };
  const week = 7 * 86_400_000;
  const weekly = each(
    probes.slice(0, 512),
    (at) => forecast(compiled, at, at + week, rates).totalUsd,
  );
  rows.push({
    name: "forecast of a week, with days and entries",
    value: await measure("forecast", 512, weekly),
    unit: "ns",
    target: "(wish: 500)",
  });

  const pools = Array.from({ length: 10_000 }, (_, index) =>
    compileSchedule({ ...schedule, default: { hot: 0, stopped: index % 80 } }, { smoothing: {} }),
  );
  const at = probes[0];
  const all = () => {
    let sum = 0;
    for (const pool of pools) sum += evaluate(pool, at).hot;
    sink += sum;
  };
  below("10,000 pools evaluated", (await measure("pools", 1, all)) / 1e6, "ms", 1, "<= 1");
  const fleet = createFleet(pools);
  fleet.tick(at);
  let now = at;
  const quiet = () => {
    // A clock that moves, but never as far as the next change.
    let sum = 0;
    for (let step = 0; step < 1_000; step++) {
      now += 0.001;
      sum += fleet.tick(now).length;
    }
    sink += sum;
  };
  below(
    "a tick of 10,000 pools without a change",
    (await measure("tick", 1_000, quiet)) / 1e3,
    "us",
    50,
    "<= 50",
  );
  if (sink === 0) throw new Error("nothing was measured");
  return rows;
}

if (import.meta.url === `file://${process.argv[1]}`) console.table(await run());
