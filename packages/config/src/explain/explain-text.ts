import type { Capacity, Smoothing, TargetReason, Transition } from "@runs-fleet/scheduling";
import { type Paint, printable } from "../cli/problem.ts";
import { capacityWords, exceptionWords } from "../preview/exceptions-on.ts";
import { count, duration } from "../report/format.ts";
import type { ExplainedEntry, PoolExplanation } from "./explain-pool.ts";
import { momentWords } from "./moment.ts";

type Moment = (atMs: number) => string;

/** Why a pool wants what it wants, for people. */
export function explainText(explanation: PoolExplanation, paint: Paint): string {
  const moment = momentWords(explanation.timeZone);
  const { pool, entries, next } = explanation;
  const head = `${paint("bold", printable(pool))} on ${moment(explanation.atMs)}, ${printable(explanation.timeZone)} (${explanation.local.slice(19)} from UTC)`;
  const sections = [
    [head, ...notes(explanation)],
    nominalLines(explanation, moment, paint),
    entries.length === 0
      ? ["It has no schedule: the default holds all the time"]
      : [
          paint("bold", "Entries"),
          ...[...entries].flatMap((entry) => entryLines(entry, moment, paint)),
        ],
    [paint("bold", "Target"), ...targetLines(explanation, moment)],
    [
      paint("bold", "Next changes"),
      ...(next.length === 0
        ? ["  none within 400 days"]
        : next.map((one) => changeLine(one, moment))),
    ],
    [paint("bold", "Limits"), `  ${limitWords(explanation)}`],
  ];
  return `${sections.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

/** One line for each pool. */
export function explainLines(explanations: readonly PoolExplanation[], paint: Paint): string {
  const rows = explanations.map((explanation) => {
    const { pool, nominal, entry = "default", untilMs, timeZone } = explanation;
    const moment = momentWords(timeZone);
    return [
      printable(pool),
      `${nominal.hot} hot`,
      `${nominal.stopped} stopped`,
      printable(entry),
      untilMs === undefined ? "with no change in sight" : `until ${moment(untilMs)}`,
      printable(timeZone),
    ];
  });
  const widths = [0, 1, 2, 3, 4].map((column) =>
    Math.max(0, ...rows.map((row) => [...(row[column] ?? "")].length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const room = " ".repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length));
        if (column === 0) return `${paint("bold", cell)}${room}`;
        return column === 1 || column === 2 ? `${room}${cell}` : `${cell}${room}`;
      })
      .join("  ")
      .trimEnd(),
  );
  return lines.length === 0 ? "There is no pool.\n" : `${lines.join("\n")}\n`;
}

function notes({ note, timeZone }: PoolExplanation): readonly string[] {
  if (note === "skipped")
    return [`In ${timeZone} the clock skips the time asked for: this is the first moment after it`];
  if (note === "repeated")
    return [
      `In ${timeZone} the clock shows the time asked for twice: this is the first time, by which schedules go. Say +hh:mm for the other one`,
    ];
  return [];
}

function nominalLines(
  { nominal, entry, sinceMs, untilMs, min, max, ...rest }: PoolExplanation,
  moment: Moment,
  paint: Paint,
): readonly string[] {
  const since = sinceMs === undefined ? "" : ` since ${moment(sinceMs)}`;
  const until = untilMs === undefined ? ", no change in sight" : ` until ${moment(untilMs)}`;
  const by = entry === undefined ? "by default" : `by ${printable(entry)}`;
  const bounds = [
    ...(min ? [`at least ${capacityWords(min)}`] : []),
    ...(max ? [`at most ${capacityWords(max)}`] : []),
  ];
  return [
    `The schedule wants ${paint("bold", capacityWords(nominal))} ${by}${since}${until}`,
    `Outside of every entry: ${capacityWords(rest.default)}${bounds.length === 0 ? "" : `; always ${bounds.join(", ")}`}`,
  ];
}

const modes = { set: "", atLeast: "at least ", atMost: "at most " } as const;

const clockNotes = {
  "in-gap": "a bound of it lies in time that the clock skips",
  "in-overlap": "a bound of it lies in time that the clock shows twice; the first time counts",
} as const;

function entryLines(entry: ExplainedEntry, moment: Moment, paint: Paint): readonly string[] {
  const { name, active, startMs, endMs, lostTo, mode, capacity, priority, timeZone, note } = entry;
  const about = [
    `${modes[mode]}${capacityWords(capacity)}`,
    ...(priority === 0 ? [] : [`priority ${priority}`]),
    ...(timeZone === undefined ? [] : [timeZone]),
  ].join(", ");
  const when =
    startMs === undefined || endMs === undefined
      ? "has no window within a year"
      : active
        ? `open since ${moment(startMs)}, until ${moment(endMs)}`
        : `closed; opens ${moment(startMs)}, until ${moment(endMs)}`;
  const remarks = [
    ...(lostTo === undefined ? [] : [`overridden by ${printable(lostTo)}`]),
    ...entry.exceptions.map(({ name: exception, date, action }) => {
      const words = exceptionWords({ name, dates: [], entries: [name], action });
      const now = exception === entry.closedBy ? ", or it would be open now" : "";
      return printable(`${date}: ${exception} ${words}${now}`);
    }),
    ...(note === undefined || note === "skipped" ? [] : [clockNotes[note]]),
  ];
  const mark = active ? paint("green", "●") : "○";
  return [
    `  ${mark} ${printable(name)} (${printable(about)}): ${when}`,
    ...remarks.map((remark) => `      ${remark}`),
  ];
}

const reasons: Readonly<Record<TargetReason, string>> = {
  nominal: "as the schedule says",
  lead: "ahead of a rise, by the lead",
  ramp: "on a ramp",
  hold: "held after a fall",
};

function targetLines({ target, smoothing }: PoolExplanation, moment: Moment): readonly string[] {
  const { leadMs, holdMs, rampUp, rampDown, drainDeadlineMs } = smoothing;
  const until = target.untilMs === undefined ? "" : ` until ${moment(target.untilMs)}`;
  const lead =
    leadMs === "auto"
      ? "lead: auto, so long before a rise as the pool's machines take to boot; only a running fleet has learnt it, and it is left out here"
      : leadMs === undefined
        ? "lead: none, machines begin to boot when the schedule rises"
        : `lead: ${duration(leadMs)}`;
  const ramps = [
    ...(rampUp ? [`up by ${ramp(rampUp)}`] : []),
    ...(rampDown ? [`down by ${ramp(rampDown)}`] : []),
  ];
  return [
    `  ${capacityWords(target)}, ${reasons[target.reason]}${until}`,
    `  ${lead}`,
    ...(ramps.length === 0 ? [] : [`  ramp: ${ramps.join(", ")}`]),
    ...(holdMs === undefined ? [] : [`  hold: ${duration(holdMs)}`]),
    ...(drainDeadlineMs === undefined ? [] : [`  drain deadline: ${duration(drainDeadlineMs)}`]),
  ];
}

const ramp = ({ step, everyMs }: NonNullable<Smoothing["rampUp"]>): string =>
  `${step} every ${duration(everyMs)}`;

function changeLine({ atMs, before, after, causes }: Transition, moment: Moment): string {
  const field = (name: keyof Capacity): string =>
    before[name] === after[name]
      ? `${after[name]} ${name}`
      : `${before[name]} → ${after[name]} ${name}`;
  const why = causes.length === 0 ? "" : ` (${printable(causes.join(", "))})`;
  return `  ${moment(atMs)}  ${field("hot")}, ${field("stopped")}${why}`;
}

function limitWords({ limits }: PoolExplanation): string {
  const { machines, createPerPass, maxSurge, maxUnavailable } = limits;
  return [
    `at most ${count(machines)} machines in any state`,
    ...(createPerPass === undefined ? [] : [`${createPerPass} bought per pass`]),
    ...(maxSurge === undefined ? [] : [`${maxSurge} above the target while others are replaced`]),
    ...(maxUnavailable === undefined
      ? []
      : [`${maxUnavailable} below the target while others are replaced`]),
  ].join(", ");
}
