import { daysSinceEpoch } from "../../demand/parse-instant.ts";

const dayMs = 86_400_000;

/** The instant in UTC, to the second below, as GitHub's searches take it: `2026-11-24T21:05:00Z`. From the year 0 on. */
export function isoInstant(atMs: number): string {
  const days = Math.floor(atMs / dayMs);
  // A guess that is never too late, by two years at most.
  let year = 1969 + Math.floor(days / 365.25);
  while (daysSinceEpoch(year + 1, 1, 1) <= days) year += 1;
  let month = 12;
  while (daysSinceEpoch(year, month, 1) > days) month -= 1;
  const seconds = Math.floor(atMs / 1_000) - days * 86_400;
  const [years = "", ...others] = [
    ...[year, month, days - daysSinceEpoch(year, month, 1) + 1],
    ...[Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60],
  ].map((part) => String(part).padStart(2, "0"));
  const [months, day, ...time] = others;
  return `${years.padStart(4, "0")}-${months}-${day}T${time.join(":")}Z`;
}
