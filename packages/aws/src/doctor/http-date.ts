import { parseInstant } from "@runs-fleet/core/embedded/rules";

const form =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/u;
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** Epoch milliseconds of a `Date` header, such as `Sat, 28 Nov 2026 07:38:06 GMT`; `undefined` when it is none. Source: RFC 9110, 5.6.7. */
export function parseHttpDate(value: unknown): number | undefined {
  const groups = typeof value === "string" ? form.exec(value)?.groups : undefined;
  const { day, month = "", year, time } = groups ?? {};
  const number = months.indexOf(month) + 1;
  if (number === 0) return undefined;
  return parseInstant(`${year}-${String(number).padStart(2, "0")}-${day}T${time}Z`);
}

const utc = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "UTC",
  dateStyle: "short",
  timeStyle: "medium",
});

/** An instant for people, to the second: `2026-11-28 07:38:06 UTC`. */
export function utcText(atMs: number): string {
  return `${utc.format(atMs)} UTC`;
}
