import { DAY_MS, dayNumber } from "../calendar/civil.ts";

/** First instant whose year `Intl` prints without an era. */
const YEAR_ONE_MS = -62_135_596_800_000;

/** Offset of a zone at an instant, milliseconds. Clocks only ever change at whole seconds. */
export type OffsetReader = (instant: number) => number;

/**
 * Reads offsets off the wall clock that `Intl` prints.
 *
 * @throws A `RangeError` when the runtime does not know the zone.
 */
export function createOffsetReader(timeZone: string): OffsetReader {
  // The locale brings the Gregorian calendar and Latin digits.
  const part = "2-digit";
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: part,
    day: part,
    hour: part,
    minute: part,
    second: part,
  });
  return (instant) => {
    const at = Math.floor(Math.max(instant, YEAR_ONE_MS) / 1_000) * 1_000;
    const parts = (format.format(at).match(/\d+/g) as string[]).map(Number);
    const [month, day, year, hour, minute, second] = parts as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const time = (hour * 60 + minute) * 60 + second;
    return dayNumber(year, month, day) * DAY_MS + time * 1_000 - at;
  };
}
