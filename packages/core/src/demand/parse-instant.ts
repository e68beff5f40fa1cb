const isoShape =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):?(\d{2}))$/;

/** Days from 1970-01-01 to a date of the Gregorian calendar; months count from 1. */
export function daysSinceEpoch(year: number, month: number, day: number): number {
  // Years start in March here, so that the leap day comes last.
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysOfMonth(year: number, month: number): number {
  return month === 12 ? 31 : daysSinceEpoch(year, month + 1, 1) - daysSinceEpoch(year, month, 1);
}

/**
 * Epoch milliseconds of a moment as GitHub writes it: an ISO 8601 string with an offset or, in pushes, epoch seconds.
 * `undefined` when it is neither.
 */
export function parseInstant(value: unknown): number | undefined {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && value >= 0 && value < 100_000_000_000
      ? value * 1000
      : undefined;
  }
  if (typeof value !== "string") return undefined;
  const match = isoShape.exec(value);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const fractionMs = Math.floor(Number(`0.${match[7] ?? "0"}`) * 1000);
  const offsetMinutes = Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0);
  const sign = match[8] === "-" ? -1 : 1;
  const seconds = daysSinceEpoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  return (seconds - sign * offsetMinutes * 60) * 1000 + fractionMs;
}
