import { DAY_MS } from "../calendar/civil.ts";
import { formatLocal, formatMoment, formatOffset } from "../calendar/format.ts";
import type { Lane } from "../calendar/lanes.ts";
import type { Compiled, EntryExplanation, Evaluation, Explanation } from "../types/answers.ts";
import type { Instant } from "../types/schedule.ts";
import type { ZoneSpans } from "../types/zones.ts";
import { CLOCK_HISTORY_MS, clockAt, offsetAt } from "../zones/civil-clock.ts";
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
  "in-gap": "a bound lies in time that the clock change skips",
  "in-overlap": "a bound lies in time that is shown twice; the first time counts",
  skipped: "today's window is dropped by an exception",
} as const;

function sentenceFor(entry: EntryExplanation, moment: (at: number) => string): string {
  const { name, active, startMs, endMs, note, lostTo } = entry;
  const when =
    startMs === undefined || endMs === undefined
      ? "has no window within a year"
      : `${active ? "is open since" : "opens"} ${moment(startMs)}, closes ${moment(endMs)}`;
  const loss = lostTo === undefined ? "" : `; overridden by ${lostTo}`;
  return `- ${name} ${when}${loss}${note ? ` (${NOTES[note]})` : ""}`;
}

/** What to say when the clock has shown this local time before. */
function repetition(spans: ZoneSpans, at: number): string[] {
  const ahead = clockAt(spans, at) - (at + offsetAt(spans, at));
  if (ahead <= 0) return [];
  const reached = formatMoment(clockAt(spans, at) + 1, 0).slice(-5);
  return [
    `The clock has been set back and shows this time for the second time: for schedules it stays at ${reached} until then.`,
  ];
}

function describe(evaluation: Evaluation, moment: (at: number) => string): string {
  const { hot, stopped, entry, sinceMs, untilMs } = evaluation;
  const by = entry === undefined ? "the default" : entry;
  const since = sinceMs === undefined ? "" : ` since ${moment(sinceMs)}`;
  const until = untilMs === undefined ? ", with no change in sight" : ` until ${moment(untilMs)}`;
  return `${hot} hot, ${stopped} stopped by ${by}${since}${until}.`;
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
  const moment = (instant: number): string => formatMoment(instant, offsetAt(own, instant));
  const entries = engine.schedule.entries
    .filter(({ enabled }) => enabled !== false)
    .map(({ name }) => explainEntry(engine, name, state, spans, atMs));
  const timeZone = engine.calendar.zones[0] ?? "UTC";
  const offset = offsetAt(own, atMs);
  const text = [
    `${formatMoment(atMs, offset)} ${formatOffset(offset)} ${timeZone}: ${describe(evaluation, moment)}`,
    ...repetition(own, atMs),
    ...entries.map((entry) => sentenceFor(entry, moment)),
  ].join("\n");
  return { atMs, local: formatLocal(atMs, offset), timeZone, evaluation, text, entries };
}
