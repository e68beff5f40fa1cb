import * as v from "valibot";
import { noted } from "./notes.ts";

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
export const duration = noted(
  v.pipe(
    v.string('A duration has a unit, such as "90s", "5m", "1h30m" or "25d"'),
    v.regex(durationPattern, 'A duration is written like "90s", "5m", "1h30m" or "25d"'),
    v.transform(millisecondsOf),
  ),
  { type: "a duration: `90s`, `5m`, `1h30m`, `25d`", examples: ["5m", "1h30m"] },
);

/** `10/1m`: so many machines every so often. */
export const ramp = noted(
  v.pipe(
    v.string('A ramp is written like "10/1m": machines, and how often'),
    v.regex(
      /^[1-9]\d{0,5}\/(?=\d)(?:\d{1,4}d)?(?:\d{1,5}h)?(?:\d{1,6}m)?(?:\d{1,7}s)?$/,
      'A ramp is written like "10/1m": machines, and how often',
    ),
    v.transform((text) => {
      const [step = "", every = ""] = text.split("/");
      return { step: Number(step), everyMs: millisecondsOf(every) };
    }),
  ),
  { type: "machines per time: `10/1m`", examples: ["10/1m"] },
);

/** A whole number in these bounds. */
export const wholeNumber = (what: string, least: number, most: number) =>
  noted(
    v.pipe(
      v.number(`${what} is a whole number`),
      v.integer(`${what} is a whole number`),
      v.minValue(least, `${what} is at least ${inWords(least)}`),
      v.maxValue(most, `${what} is at most ${inWords(most)}`),
    ),
    { type: `a whole number, ${inWords(least)} to ${inWords(most)}` },
  );

/** A number with its thousands apart. */
const inWords = (value: number): string => String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");

/** A number of machines. */
export const machines = wholeNumber("A number of machines", 0, 1_000_000);

/** vCPUs of the largest machine there is: what labels may ask for. */
const mostCpus = 896;

/** The most vCPUs of a job. */
export const maxCpu = wholeNumber("A number of vCPUs", 1, mostCpus);

const sizePattern = /^(\d{1,5}(?:\.\d{1,3})?) ?(GiB|TiB)$/;

function gibOf(text: string): number {
  const [, size = "0", unit] = sizePattern.exec(text) ?? [];
  return Number(size) * (unit === "TiB" ? 1_024 : 1);
}

/** `80 GiB`, `1 TiB`: GiB. */
export const size = noted(
  v.pipe(
    v.string('A size has a unit, such as "80 GiB" or "1 TiB"'),
    v.regex(sizePattern, 'A size is written like "80 GiB" or "1 TiB"'),
    v.transform(gibOf),
  ),
  { type: "a size: `80 GiB`, `1 TiB`", examples: ["80 GiB", "1 TiB"] },
);

const cpuMessage = 'vCPUs are a whole number, or the ends of a range like "4+16"';

/** vCPUs as labels say them: 4, or `4+16`. */
export const cpu = noted(
  v.union(
    [
      v.pipe(
        v.number(cpuMessage),
        v.integer(cpuMessage),
        v.minValue(1, cpuMessage),
        v.maxValue(mostCpus, `A machine has at most ${mostCpus} vCPUs`),
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
  ),
  { type: "a number `4`, or a range `4+16`", examples: [4, "4+16"] },
);

const ramMessage = 'Memory is GiB: 16, "16 GiB", or the ends of a range like "16+32"';
/** What five digits and three decimals can say. */
const mostGib = 99_999.999;

/** Memory as labels say it, GiB: 16 (or more), `16+32`; or with its unit. */
export const ram = noted(
  v.union(
    [
      v.pipe(
        v.number(ramMessage),
        v.gtValue(0, ramMessage),
        v.maxValue(mostGib, ramMessage),
        v.transform((value): { min: number; max?: number } => ({ min: value })),
      ),
      v.pipe(
        v.string(ramMessage),
        v.regex(sizePattern, ramMessage),
        v.transform((text) => ({ min: gibOf(text) })),
      ),
      v.pipe(
        v.string(ramMessage),
        v.regex(/^\d{1,5}(?:\.\d{1,3})?(?:\+\d{1,5}(?:\.\d{1,3})?)?$/, ramMessage),
        v.transform((text) => {
          const [min = "", max] = text.split("+");
          return { min: Number(min), ...(max === undefined ? {} : { max: Number(max) }) };
        }),
      ),
    ],
    ramMessage,
  ),
  { type: "GiB: `16`, `16 GiB`, or a range `16+32`", examples: [16, "16 GiB", "16+32"] },
);
