const dayMs = 86_400_000;
const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2}))?(?:Z|([+-])(\d{2}):(\d{2})))?$/;
const agoForm = /^(\d{1,4})([hdw])$/;
const hoursOf = { h: 1, d: 24, w: 168 } as const;

/** Days from 1970-01-01; months count from 1. Years begin in March, so that the leap day comes last. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

/** The instant in UTC to the second below, such as `2026-11-24T21:05:00Z`. */
export function instantText(atMs: number): string {
  const days = Math.floor(atMs / dayMs);
  // From a first guess that is never too late, by at most one year.
  let year = 1970 + Math.floor(days / 366.25) - 1;
  while (daysOf(year + 1, 1, 1) <= days) year += 1;
  let month = 12;
  while (daysOf(year, month, 1) > days) month -= 1;
  const day = days - daysOf(year, month, 1) + 1;
  const seconds = Math.floor((atMs - days * dayMs) / 1_000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const time = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${time.map(two).join(":")}Z`;
}

/**
 * The instant that a person means by a date (its first moment in UTC), a date and time with an offset, or a time ago such as
 * `12h`, `7d` or `4w`; `undefined` for anything else.
 */
export function instantOf(text: string, nowMs: number): number | undefined {
  const ago = agoForm.exec(text);
  if (ago !== null) {
    return nowMs - Number(ago[1]) * hoursOf[ago[2] as keyof typeof hoursOf] * 3_600_000;
  }
  const parts = form.exec(text);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const offset = (Number(parts[8] ?? 0) * 60 + Number(parts[9] ?? 0)) * (parts[7] === "-" ? -1 : 1);
  const seconds = daysOf(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
  const atMs = (seconds - offset * 60) * 1_000;
  // What does not exist, such as February 30 or 25:00, comes out as something else.
  const written = `${text.slice(0, 10)}T${[hour, minute, second].map((part) => String(part).padStart(2, "0")).join(":")}Z`;
  return instantText(seconds * 1_000) === written ? atMs : undefined;
}
