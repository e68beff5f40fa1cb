import { DAY_MS } from "../calendar/civil.ts";
import { formatLocal, formatMoment, formatOffset } from "../calendar/format.ts";
import type { Lane } from "../calendar/lanes.ts";
import type { Compiled, EntryExplanation, Evaluation, Explanation } from "../types/answers.ts";
import type { Capacity, Instant } from "../types/schedule.ts";
import type { ZoneSpans } from "../types/zones.ts";
import { CLOCK_HISTORY_MS, clockAt, fateOf, offsetAt } from "../zones/civil-clock.ts";
import type { Engine } from "./compile.ts";
import { evaluate } from "./evaluate.ts";
import { epochMs } from "./instant.ts";
import { missedToday, type Occurrence, occurrenceNear } from "./occurrence.ts";
import { segmentAt } from "./page.ts";
import type { State } from "./state.ts";
import { pageAt } from "./track.ts";

/** How far ahead the next window of an inactive entry is looked for, days. */
const LOOK_AHEAD_DAYS = 366;

/** Longest window, days: how far back an open one may have begun. */
const LOOK_BACK_DAYS = 40;

/** The entry that has the last word where this lane wanted it; `undefined` when the lane has it on some field. */
function winnerOver(
  lanes: readonly Lane[],
  { hotBy, stoppedBy }: State,
  own: Lane,
): string | undefined {
  const holders: number[] = [];
  if (own.capacity.hot !== undefined) holders.push(hotBy);
  if (own.capacity.stopped !== undefined) holders.push(stoppedBy);
  const names = holders.map((holder) => lanes[holder]?.name ?? "default");
  return names.includes(own.name) ? undefined : (lanes[Math.max(...holders)]?.name ?? names[0]);
}

/** The better of two finds: an open window before a later one, an earlier one before a later. */
const sooner = (a: Occurrence | undefined, b: Occurrence | undefined): Occurrence | undefined =>
  a === undefined || (b !== undefined && b.startMs < a.startMs) ? b : a;

function explainEntry(
  { calendar }: Engine,
  name: string,
  state: State,
  spans: readonly ZoneSpans[],
  at: number,
): EntryExplanation {
  const lanes = calendar.lanes.filter((lane) => lane.name === name);
  const on = calendar.lanes.filter((lane, index) => lane.name === name && state.flags[index] === 1);
  const spansOf = (lane: Lane): ZoneSpans => spans[lane.zone] as ZoneSpans;
  let found: Occurrence | undefined;
  for (const lane of on.length > 0 ? on : lanes) {
    found = sooner(found, occurrenceNear(calendar, lane, spansOf(lane), at, LOOK_AHEAD_DAYS));
  }
  const active = on.length > 0;
  const missed = active
    ? undefined
    : lanes.map((lane) => missedToday(calendar, lane, spansOf(lane), at)).find(Boolean);
  const note = missed ?? found?.note;
  const last = on.at(-1);
  const lostTo = last && winnerOver(calendar.lanes, state, last);
  return {
    name,
    active,
    ...(found ? { startMs: found.startMs, endMs: found.endMs } : {}),
    ...(note ? { note } : {}),
    ...(lostTo === undefined ? {} : { lostTo }),
  };
}

const NOTES = {
  "in-gap": "a bound lies in time that the clock skips",
  "in-overlap": "a bound lies in time that the clock shows twice; the first time counts",
  skipped: "an exception drops today's window",
} as const;

const MODES = { set: "", atLeast: "at least ", atMost: "at most " } as const;

/** What an entry asks for, such as ` (at least 5 hot)`. */
function wishOf({ capacity, entry, override }: Lane): string {
  const fields = Object.entries(capacity).map(([field, value]) => `${value} ${field}`);
  const source = override ? ", by an exception" : "";
  return fields.length === 0 ? "" : ` (${MODES[entry.mode ?? "set"]}${fields.join(", ")}${source})`;
}

function sentenceFor(
  { calendar }: Engine,
  { flags }: State,
  entry: EntryExplanation,
  moment: (at: number) => string,
): string {
  const { name, active, startMs, endMs, note, lostTo } = entry;
  const lanes = calendar.lanes.filter((lane) => lane.name === name);
  // Of the lanes that are on, the last has the word; of those that are off, the ordinary one speaks for the entry.
  const lane =
    calendar.lanes.findLast((one, index) => one.name === name && flags[index] === 1) ?? lanes[0];
  const when =
    startMs === undefined || endMs === undefined
      ? "has no window within a year"
      : `${active ? "is open since" : "opens"} ${moment(startMs)}, closes ${moment(endMs)}`;
  const loss = lostTo === undefined ? "" : `; overridden by ${lostTo}`;
  return `- ${name}${lane ? wishOf(lane) : ""} ${when}${loss}${note ? ` (${NOTES[note]})` : ""}`;
}

/** What to say while the clock shows a local time that it shows twice. */
function repetition(spans: ZoneSpans, at: number): string[] {
  const local = at + offsetAt(spans, at);
  if (fateOf(spans, local) !== "repeated") return [];
  const time = formatMoment(local, 0).slice(-5);
  const reached = formatMoment(clockAt(spans, at) + 1, 0).slice(-5);
  return [
    clockAt(spans, at) > local
      ? `The clock was set back and shows ${time} for the second time. Schedules went by the first time: for them it is ${reached} until the clock gets there again.`
      : `The clock will be set back and show ${time} again. Schedules go by this first time.`,
  ];
}

/** Who has the last word on a field, and what the bounds of the schedule made of it. */
function holderOf({ calendar, schedule }: Engine, state: State, field: keyof Capacity): string {
  const lane = calendar.lanes[field === "hot" ? state.hotBy : state.stoppedBy];
  const asked = lane?.capacity[field] ?? schedule.default[field];
  const value = state.capacity[field];
  const name = lane?.name ?? "the default";
  if (value === asked) return name;
  return `${name} (${asked}, ${value > asked ? "raised to the minimum" : "cut to the maximum"})`;
}

function describe(
  engine: Engine,
  state: State,
  { sinceMs, untilMs }: Evaluation,
  moment: (at: number) => string,
): string {
  const [hotBy, stoppedBy] = [holderOf(engine, state, "hot"), holderOf(engine, state, "stopped")];
  const between = hotBy === stoppedBy ? "" : ` by ${hotBy}`;
  const { hot, stopped } = state.capacity;
  const since = sinceMs === undefined ? "" : ` since ${moment(sinceMs)}`;
  const until = untilMs === undefined ? ", with no change in sight" : ` until ${moment(untilMs)}`;
  return `${hot} hot${between}, ${stopped} stopped by ${stoppedBy}${since}${until}.`;
}

/**
 * Why the schedule says what it says at an instant: every entry, its window, and who overrode it.
 *
 * @returns Data and, as `text`, the same in sentences, in the schedule's own zone.
 */
export function explain(compiled: Compiled, at: Instant): Explanation {
  const engine = compiled as Engine;
  const atMs = epochMs(at);
  const evaluation = evaluate(compiled, atMs);
  const page = pageAt(engine.nominal, atMs);
  const state = page.values[segmentAt(page, atMs)] as State;
  const fromMs = atMs - LOOK_BACK_DAYS * DAY_MS - CLOCK_HISTORY_MS;
  const toMs = atMs + (LOOK_AHEAD_DAYS + LOOK_BACK_DAYS) * DAY_MS;
  const spans = engine.calendar.zones.map((id) => engine.zones.spans(id, fromMs, toMs));
  const own = spans[0] as ZoneSpans;
  const moment = (instant: number): string => {
    const offset = offsetAt(own, instant);
    const isTwice = fateOf(own, instant + offset) === "repeated";
    return `${formatMoment(instant, offset)}${isTwice ? ` ${formatOffset(offset)}` : ""}`;
  };
  const entries = engine.schedule.entries
    .filter(({ enabled }) => enabled !== false)
    .map(({ name }) => explainEntry(engine, name, state, spans, atMs));
  const timeZone = engine.calendar.zones[0] ?? "UTC";
  const offset = offsetAt(own, atMs);
  const text = [
    `${formatMoment(atMs, offset)} ${formatOffset(offset)} ${timeZone}: ${describe(engine, state, evaluation, moment)}`,
    ...repetition(own, atMs),
    ...entries.map((entry) => sentenceFor(engine, state, entry, moment)),
  ].join("\n");
  return { atMs, local: formatLocal(atMs, offset), timeZone, evaluation, text, entries };
}
