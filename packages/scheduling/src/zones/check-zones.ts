import { DAY_MS, dayNumber } from "../calendar/civil.ts";
import { epochMs } from "../engine/instant.ts";
import type { Diagnostic } from "../types/answers.ts";
import type { Instant } from "../types/schedule.ts";
import type { ZoneSource } from "../types/zones.ts";
import { offsetAt } from "./civil-clock.ts";

/** A fact about a zone that older releases do not know. */
interface Probe {
  readonly zone: string;
  readonly atMs: number;
  /** Minutes east of UTC. */
  readonly offset: number;
  /** First release that has it right. */
  readonly since: string;
}

/** Noon UTC of 15 December 2026. */
const WINTER_MS = 1_797_336_000_000;

/** Noon UTC of 15 October 2026. */
const AUTUMN_MS = 1_792_065_600_000;

/** Source: IANA tz 2026f as packaged by Debian, compared with the 2025c of Node 20; read 2026-11-24. */
const PROBES: readonly Probe[] = [
  { zone: "America/Vancouver", atMs: WINTER_MS, offset: -420, since: "2026b" },
  { zone: "Africa/Casablanca", atMs: AUTUMN_MS, offset: 0, since: "2026c" },
  { zone: "America/Edmonton", atMs: WINTER_MS, offset: -360, since: "2026c" },
  { zone: "America/Inuvik", atMs: WINTER_MS, offset: -360, since: "2026d" },
];

/** Year of the first release named in a version, such as `2026f` or `2026f+2025c`: the one that is asked first. */
const yearOf = (version: string): number | undefined => {
  const year = /\d{4}(?=[a-z])/.exec(version)?.[0];
  return year === undefined ? undefined : Number(year);
};

/**
 * Whether zone data is too old to be trusted: for a doctor command, or a line at start-up.
 *
 * A release counts as old a year after the end of its year; a known fact that is wrong counts at once.
 *
 * @returns Warnings with the code `stale-tz`; empty when nothing is known to be wrong.
 */
export function checkZones(zones: ZoneSource, at: Instant): readonly Diagnostic[] {
  const warn = (message: string): Diagnostic => ({
    code: "stale-tz",
    severity: "warning",
    path: [],
    message,
    suggestion: "Use layered(tableZones(tzdata), intlZones()), or a newer runtime",
  });
  const found: Diagnostic[] = [];
  const year = yearOf(zones.version);
  if (year !== undefined && epochMs(at) >= dayNumber(year + 2, 1, 1) * DAY_MS) {
    found.push(warn(`The tz data ${zones.version} is more than 12 months old`));
  }
  for (const { zone, atMs, offset, since } of PROBES) {
    if (!answers(zones, zone, atMs)) continue;
    const actual = offsetAt(zones.spans(zone, atMs, atMs + 1), atMs) / 60_000;
    if (actual !== offset) {
      found.push(
        warn(
          `The tz data ${zones.version} is wrong for ${zone}: ${actual / 60} h from UTC at the end of 2026 instead of ${offset / 60} h (right since ${since})`,
        ),
      );
    }
  }
  return found;
}

/** Whether a source has anything to say about a zone at an instant; silence is no error. */
function answers(zones: ZoneSource, zone: string, atMs: number): boolean {
  if (zones.range === undefined) return true;
  const range = zones.range(zone);
  return range !== undefined && range.fromMs <= atMs && atMs < range.toMs;
}
