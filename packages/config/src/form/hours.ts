import type { Weekday } from "@runs-fleet/scheduling";
import * as v from "valibot";
import { noted } from "./notes.ts";

/** The days of the week, from Monday. */
const weekdays = [
  "mon",
  "tue",
  "wed",
  "thu",
  "fri",
  "sat",
  "sun",
] as const satisfies readonly Weekday[];
const longNames = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const dayMessage = "Days are mon, tue, wed, thu, fri, sat, sun, and ranges like mon-fri";

const dayIndex = (name: string): number => {
  const short = (weekdays as readonly string[]).indexOf(name);
  return short >= 0 ? short : longNames.indexOf(name);
};

/** In either case, letter by letter: editors take the same expression, and it knows no flags there. */
const eitherCase = (word: string): string =>
  [...word].map((letter) => `[${letter}${letter.toUpperCase()}]`).join("");

const dayName = `(?:${longNames.map((name) => `${eitherCase(name.slice(0, 3))}(?:${eitherCase(name.slice(3))})?`).join("|")})`;
/** Days and ranges with commas between them: what follows a comma is not the end. */
const dayPattern = new RegExp(`^(?:${dayName}(?:\\s*-\\s*${dayName})?(?:\\s*,\\s*(?!$)|$))+$`);

/** The days of `mon-fri`, `mon,wed`, `sat-mon`, which has the form of one. */
function daysOf(text: string): Weekday[] {
  const found = new Set<Weekday>();
  for (const part of text.toLowerCase().split(/\s*,\s*/)) {
    const [from = 0, to = from] = part.split(/\s*-\s*/).map(dayIndex);
    for (let index = from; ; index = (index + 1) % 7) {
      const day = weekdays[index];
      if (day !== undefined) found.add(day);
      if (index === to) break;
    }
  }
  return weekdays.filter((day) => found.has(day));
}

const dayText = v.pipe(v.string(dayMessage), v.regex(dayPattern, dayMessage), v.transform(daysOf));

/** `mon-fri`, `"mon, wed"`, or a list of such. */
export const days = noted(
  v.union(
    [
      dayText,
      v.pipe(
        v.array(dayText),
        v.minLength(1, dayMessage),
        v.transform((lists) => weekdays.filter((day) => lists.flat().includes(day))),
      ),
    ],
    dayMessage,
  ),
  { type: "days: `mon-fri`, `mon, wed`, or a list", examples: ["mon-fri", ["sat", "sun"]] },
);

/** One day. */
export const day = noted(v.picklist(weekdays, "A day is mon, tue, wed, thu, fri, sat or sun"), {
  type: "a day: `mon` to `sun`",
});

const clock = "(?:[01]\\d|2[0-3]):[0-5]\\d|24:00";
const timeMessage = 'Hours are written like "08:00-19:00", from 00:00 to 24:00';
const hours = v.pipe(
  v.string(timeMessage),
  v.regex(new RegExp(`^(?:${clock})-(?:${clock})$`), timeMessage),
  v.transform((text) => {
    const [start = "", end = ""] = text.split("-");
    return { start, end };
  }),
);
const clockText = v.pipe(v.string(timeMessage), v.regex(new RegExp(`^(?:${clock})$`), timeMessage));

/** `"08:00-19:00"`, or RunsOn's `["08:00", "19:00"]`. */
export const time = noted(
  v.union(
    [
      hours,
      v.pipe(
        v.strictTuple([clockText, clockText], timeMessage),
        v.transform(([start, end]) => ({ start, end })),
      ),
    ],
    timeMessage,
  ),
  { type: 'hours: `"08:00-19:00"`', examples: ["08:00-19:00", "22:00-06:00"] },
);

const dateText = "\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])";

/** `2026-12-24`. */
export const date = noted(
  v.pipe(
    v.string('A date is written like "2026-12-24"'),
    v.regex(new RegExp(`^${dateText}$`), 'A date is written like "2026-12-24"'),
  ),
  { type: 'a date: `"2026-12-24"`', examples: ["2026-12-24"] },
);

const datesMessage = 'Dates are written like "2026-12-24", or "2026-12-24..2026-12-26" for a range';

/** `2026-12-24`, or `2026-12-24..2026-12-26`. */
export const dates = noted(
  v.pipe(
    v.string(datesMessage),
    v.regex(new RegExp(`^${dateText}(?:\\.\\.${dateText})?$`), datesMessage),
  ),
  { type: 'a date, or a range `"2026-12-24..2026-12-26"`' },
);
