import type { Weekday } from "@runs-fleet/scheduling";
import * as v from "valibot";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const durationPattern = /^(?=\d)(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?$/;

function millisecondsOf(text: string): number {
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = durationPattern.exec(text) ?? [];
  return (
    Number(days) * dayMs +
    Number(hours) * hourMs +
    Number(minutes) * minuteMs +
    Number(seconds) * secondMs
  );
}

/** `90s`, `5m`, `1h30m`, `25d`: milliseconds. */
export const duration = v.pipe(
  v.string('A duration has a unit, such as "90s", "5m", "1h30m" or "25d"'),
  v.regex(durationPattern, 'A duration is written like "90s", "5m", "1h30m" or "25d"'),
  v.transform(millisecondsOf),
);

/** `10/1m`: so many machines every so often. */
export const ramp = v.pipe(
  v.string('A ramp is written like "10/1m": machines, and how often'),
  v.regex(
    /^[1-9]\d{0,5}\/(?=\d)(?:\d{1,4}d)?(?:\d{1,5}h)?(?:\d{1,6}m)?(?:\d{1,7}s)?$/,
    'A ramp is written like "10/1m": machines, and how often',
  ),
  v.transform((text) => {
    const [step = "", every = ""] = text.split("/");
    return { step: Number(step), everyMs: millisecondsOf(every) };
  }),
);

const count = (what: string) =>
  v.pipe(
    v.number(`${what} is a whole number`),
    v.integer(`${what} is a whole number`),
    v.minValue(0, `${what} is at least 0`),
    v.maxValue(1_000_000, `${what} is at most 1,000,000`),
  );

/** A number of machines. */
export const machines = count("A number of machines");
/** A priority or another small number of either sign. */
export const integer = v.pipe(
  v.number("This is a whole number"),
  v.safeInteger("This is a whole number"),
);

const sizePattern = /^(\d{1,5}(?:\.\d{1,3})?) ?(GiB|TiB)$/;

function gibOf(text: string): number {
  const [, size = "0", unit] = sizePattern.exec(text) ?? [];
  return Number(size) * (unit === "TiB" ? 1_024 : 1);
}

/** `80 GiB`, `1 TiB`: GiB. */
export const size = v.pipe(
  v.string('A size has a unit, such as "80 GiB" or "1 TiB"'),
  v.regex(sizePattern, 'A size is written like "80 GiB" or "1 TiB"'),
  v.transform(gibOf),
);

const cpuMessage = 'vCPUs are a whole number, or the ends of a range like "4+16"';
const cpuNumber = v.pipe(v.number(cpuMessage), v.integer(cpuMessage), v.minValue(1, cpuMessage));

/** vCPUs as labels say them: 4, or `4+16`. */
export const cpu = v.union(
  [
    v.pipe(
      cpuNumber,
      v.transform((value) => ({ min: value, max: value })),
    ),
    v.pipe(
      v.string(cpuMessage),
      v.regex(/^[1-9]\d{0,3}(?:\+[1-9]\d{0,3})?$/, cpuMessage),
      v.transform((text) => {
        const [min = "", max = min] = text.split("+");
        return { min: Number(min), max: Number(max) };
      }),
    ),
  ],
  cpuMessage,
);

const ramMessage = 'Memory is GiB: 16, "16 GiB", or the ends of a range like "16+32"';

/** Memory as labels say it, GiB: 16, `16+32`; or with its unit. */
export const ram = v.union(
  [
    v.pipe(
      v.number(ramMessage),
      v.gtValue(0, ramMessage),
      v.transform((value): { min: number; max?: number } => ({ min: value, max: value })),
    ),
    v.pipe(
      v.string(ramMessage),
      v.regex(sizePattern, ramMessage),
      v.transform((text) => ({ min: gibOf(text), max: gibOf(text) })),
    ),
    v.pipe(
      v.string(ramMessage),
      v.regex(/^\d{1,5}(?:\.\d{1,3})?(?:\+\d{1,5}(?:\.\d{1,3})?)?$/, ramMessage),
      v.transform((text) => {
        const [min = "", max = min] = text.split("+");
        return { min: Number(min), max: Number(max) };
      }),
    ),
  ],
  ramMessage,
);

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

/** The days of `mon-fri`, `mon,wed`, `sat-mon`; `undefined` where one is none. */
function daysOf(text: string): readonly Weekday[] | undefined {
  const found = new Set<Weekday>();
  for (const part of text.toLowerCase().split(/\s*,\s*/)) {
    const ends = part.split(/\s*-\s*/);
    const [from = -1, to = from] = ends.map(dayIndex);
    if (from < 0 || to < 0 || ends.length > 2) return undefined;
    for (let index = from; ; index = (index + 1) % 7) {
      const day = weekdays[index];
      if (day !== undefined) found.add(day);
      if (index === to) break;
    }
  }
  return weekdays.filter((day) => found.has(day));
}

const dayText = v.pipe(
  v.string(dayMessage),
  v.check((text) => daysOf(text) !== undefined, dayMessage),
  v.transform((text) => [...(daysOf(text) ?? [])]),
);

/** `mon-fri`, `"mon, wed"`, or a list of such. */
export const days = v.union(
  [
    dayText,
    v.pipe(
      v.array(dayText),
      v.minLength(1, dayMessage),
      v.transform((lists) => weekdays.filter((day) => lists.flat().includes(day))),
    ),
  ],
  dayMessage,
);
/** One day. */
export const day = v.picklist(weekdays, "A day is mon, tue, wed, thu, fri, sat or sun");

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
export const time = v.union(
  [
    hours,
    v.pipe(
      v.strictTuple([clockText, clockText]),
      v.transform(([start, end]) => ({ start, end })),
    ),
  ],
  timeMessage,
);

const texts = (what: string, most: number) =>
  v.pipe(
    v.string(`${what} is a text`),
    v.minLength(1, `${what} is not empty`),
    v.maxLength(most, `${what} has at most ${most} characters`),
  );

/** Name of a pool, environment, image, runner or calendar. */
export const nameText = texts("A name", 63);
/** Any short text. */
export const text = texts("This", 256);
const fileMessage = "A file is a name in the same directory, ending in .yml or .yaml";

/** Further files of the same directory. */
export const includes = v.pipe(
  v.array(
    v.pipe(
      v.string(fileMessage),
      v.maxLength(128, "The name of a file has at most 128 characters"),
      v.regex(/^[\w.-]+\.ya?ml$/, fileMessage),
    ),
    "include is a list of file names",
  ),
  v.maxLength(20, "At most 20 files are included"),
);

/** `owner/name` with `*` and `?`. */
export const glob = texts("A glob of repositories", 256);
/** One text, or several. */
export const oneOrMore = <const T extends v.GenericSchema<unknown, string>>(item: T) =>
  v.union([
    v.pipe(
      item,
      v.transform((value) => [value]),
    ),
    v.array(item),
  ]);
