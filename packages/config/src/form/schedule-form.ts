import * as v from "valibot";
import * as hours from "./hours.ts";
import { mapping } from "./mapping.ts";
import { noted, optional, required } from "./notes.ts";
import * as text from "./texts.ts";
import * as unit from "./units.ts";

/** `hot` and `stopped`, and what they mean where they stand. */
export const capacity = (hot: string, stopped: string) => ({
  hot: optional(unit.machines, hot, { examples: [5] }),
  stopped: optional(unit.machines, stopped, { examples: [20] }),
});

/** What the two words count. */
export const hotText =
  "Machines that run, are ready, and are nobody's yet, in total over the pool's regions. Machines with jobs come on top.";
/** What the two words count. */
export const stoppedText =
  "Machines that are prepared and switched off, in total over the pool's regions: they cost their disk alone and start within seconds. Spot machines are never stopped.";

const cronText = "Five fields: minute, hour, day of month, month, weekday; or @daily and its like.";

/** One line of a schedule. Its kind follows from its keys: days and time, dates, or cron. */
export const entryForm = noted(
  mapping({
    name: required(
      text.text,
      "Name of the entry, unique in its schedule: explanations and exceptions refer to it.",
      { examples: ["office"] },
    ),
    ...capacity(hotText, stoppedText),
    days: optional(
      hours.days,
      "Days on which the hours begin; a window over midnight belongs to the day on which it starts.",
      { otherwise: "every day" },
    ),
    time: optional(
      hours.time,
      "Local hours, the end not included. An end at or before its start is on the next day. Put them in quotes: without, YAML 1.1 reads 22:00 as a number.",
      { otherwise: "the whole day" },
    ),
    match: optional(
      mapping({
        day: optional(hours.days, "As `days`.", { otherwise: "every day" }),
        time: optional(hours.time, "As `time`.", {
          otherwise: "the whole day",
          examples: [["08:00", "18:00"]],
        }),
      }),
      "RunsOn's way to say `days` and `time`.",
      { examples: [{ day: ["monday", "tuesday"], time: ["08:00", "18:00"] }] },
    ),
    dates: optional(
      text.oneOrMore(text.text),
      "Dates on which the hours begin, in place of days: dates, ranges, or the names of calendars.",
      {
        type: "a date, a range, the name of a calendar, or a list of such",
        examples: ["release", ["2026-12-24..2026-12-26", "2027-01-01"]],
      },
    ),
    cron: optional(text.text, `From each of these moments on the entry holds. ${cronText}`, {
      type: "a cron expression",
      examples: ["0 2 * * *"],
    }),
    for: optional(
      unit.duration,
      "How long the entry holds from each moment of `cron`: 1 minute to 7 days.",
      { examples: ["90m"] },
    ),
    until: optional(
      text.text,
      `The entry holds from each moment of \`cron\` to the first of these after it, 31 days at most. ${cronText}`,
      { type: "a cron expression", examples: ["0 18 * * 5"] },
    ),
    during: optional(
      text.text,
      `The entry holds in each minute that this matches, as in \`idle_config\` of Terraform's module. ${cronText}`,
      { type: "a cron expression", examples: ["* 8-17 * * 1-5"] },
    ),
    spanDays: optional(
      unit.wholeNumber("A number of midnights", 0, 7),
      "Midnights between the start of the hours and their end.",
      { otherwise: "1 if the end is at or before the start, else 0", examples: [2] },
    ),
    mode: optional(
      v.picklist(["set", "atLeast", "atMost"], "A mode is set, atLeast or atMost"),
      "How the numbers meet those of the entries below: set replaces them, atLeast raises them, atMost lowers them.",
      { default: "set" },
    ),
    priority: optional(
      unit.wholeNumber("A priority", -1_000_000, 1_000_000),
      "Of two entries that hold, the one of higher priority wins; at equal priority the later one.",
      { default: 0, examples: [10] },
    ),
    timezone: optional(text.text, "Time zone of this entry, by its IANA name.", {
      type: "a time zone",
      otherwise: "the pool's",
      examples: ["America/New_York"],
    }),
    validFrom: optional(hours.date, "First date on which the hours may begin.", {
      otherwise: "always",
    }),
    validUntil: optional(hours.date, "Last date on which the hours may begin.", {
      otherwise: "for ever",
    }),
    enabled: optional(
      text.truth("enabled"),
      "With false the entry stays in the file and does not count.",
      { default: true, examples: [false] },
    ),
    idleTimeout: optional(
      unit.duration,
      "How long a machine too many waits for a job before it goes, while this entry holds.",
      { otherwise: "the pool's", examples: ["30m"] },
    ),
  }),
  { type: "an entry" },
);

/** Days on which some entries do not happen, or differ. */
export const exceptionForm = noted(
  mapping({
    name: optional(text.text, "Name of the exception, as explanations repeat it.", {
      otherwise: "its first date",
      examples: ["Christmas"],
    }),
    dates: required(
      text.oneOrMore(text.text),
      "Dates, ranges, or the names of calendars: windows that begin on them are touched.",
      {
        type: "a date, a range, the name of a calendar, or a list of such",
        examples: ["de", ["2026-12-24..2026-12-26"]],
      },
    ),
    entries: optional(text.oneOrMore(text.text), "Names of the entries that are touched.", {
      type: "a name, or a list of them",
      otherwise: "all",
      examples: [["office"]],
    }),
    action: optional(
      v.literal("skip", 'The one action is skip; write "as: sun" or "hot: 40" for others'),
      "The windows do not happen. For another action write as, hot or stopped instead.",
      { otherwise: "`skip`, if neither as, hot nor stopped is there" },
    ),
    as: optional(hours.day, "The windows happen as on this weekday. Weekly entries only.", {
      examples: ["sun"],
    }),
    ...capacity(
      "Hot machines in these windows, in place of the entry's.",
      "Stopped machines in these windows, in place of the entry's.",
    ),
  }),
  { type: "an exception" },
);

/** A line of a schedule. */
export type EntryForm = v.InferOutput<typeof entryForm>;
/** An exception of a schedule. */
export type ExceptionForm = v.InferOutput<typeof exceptionForm>;
