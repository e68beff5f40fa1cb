import { WEEKDAY_NAMES } from "@runs-fleet/scheduling";

/** A day of the clock, milliseconds. */
const dayMs = 86_400_000;

const two = (value: number): string => String(value).padStart(2, "0");

/** Days since 1970-01-01 of an instant on a clock that is `offsetMs` ahead of UTC. */
export function civilDay(atMs: number, offsetMs = 0): number {
  return Math.floor((atMs + offsetMs) / dayMs);
}

/** Days since 1970-01-01 of `YYYY-MM-DD`, of a date that was validated before. */
export function civilDayOf(date: string): number {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
  );
}

/** Date of the Gregorian calendar: `2026-11-24`. */
export function formatCivilDay(day: number): string {
  // Years start in March here, so that the leap day comes last.
  const days = day + 719_468;
  const era = Math.floor(days / 146_097);
  const dayOfEra = days - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(dayOfMonth)}`;
}

/** `Monday` to `Sunday`. */
export function weekdayOf(day: number): string {
  // They begin on Sunday, and 1970-01-01 was a Thursday.
  return Object.values(WEEKDAY_NAMES)[(((day + 4) % 7) + 7) % 7] ?? "";
}

/** Time of day, `HH:MM`, of an instant on a clock that is `offsetMs` ahead of UTC. */
export function formatClock(atMs: number, offsetMs = 0): string {
  const minutes = Math.floor(((((atMs + offsetMs) % dayMs) + dayMs) % dayMs) / 60_000);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
