import { DAY_MS, formatDate } from "../calendar/civil.ts";
import type { Calendar, Lane } from "../calendar/lanes.ts";
import { calendarOf, withKinds } from "../engine/compile.ts";
import { epochMs } from "../engine/instant.ts";
import { occurrenceNear } from "../engine/occurrence.ts";
import { createFold, type State } from "../engine/state.ts";
import type { Diagnostic } from "../types/answers.ts";
import type { Entry, Instant, Schedule } from "../types/schedule.ts";
import type { ZoneSource, ZoneSpans } from "../types/zones.ts";
import { checkZones } from "../zones/check-zones.ts";
import { defaultZones } from "../zones/default-zones.ts";
import { lintGaps } from "./lint-gaps.ts";
import { statesOfYear, YEAR_DAYS, type Year } from "./year-states.ts";
import { isAbbreviation } from "./zone-names.ts";

/** Most overlaps to report: after a hundred the schedule needs another look anyway. */
const MAX_FINDINGS = 100;

type Add = (
  code: string,
  severity: Diagnostic["severity"],
  entry: string | undefined,
  message: string,
  suggestion?: string,
) => void;

/** A schedule with what is needed to look at it. */
interface Looked {
  readonly schedule: Schedule;
  readonly calendar: Calendar;
  readonly zones: ZoneSource;
}

/** Pairs that say different things at the same priority, where only the order of the list decides. */
function lintOverlaps(lanes: readonly Lane[], states: ReadonlySet<State>, add: Add): void {
  const reported = new Set<string>();
  for (const state of states) {
    for (const field of ["hot", "stopped"] as const) {
      let below: Lane | undefined;
      for (const [index, lane] of lanes.entries()) {
        if (state.flags[index] === 0) continue;
        if ((lane.entry.mode ?? "set") !== "set" || lane.capacity[field] === undefined) continue;
        const clash =
          below !== undefined &&
          below.name !== lane.name &&
          below.priority === lane.priority &&
          below.capacity[field] !== lane.capacity[field];
        const pair = clash ? `${below?.name} and ${lane.name}` : "";
        if (clash && reported.size < MAX_FINDINGS && !reported.has(pair)) {
          reported.add(pair);
          add(
            "ambiguous-overlap",
            "warning",
            lane.name,
            `${pair} overlap at the same priority with different ${field}; the later one, ${lane.name}, wins`,
            "Give one of them a higher priority",
          );
        }
        below = lane;
      }
    }
  }
}

/** Entries that never open a window, and entries that open windows for nothing. */
function lintUse(
  { schedule, calendar, zones }: Looked,
  { states, cutMs }: Year,
  fromMs: number,
  add: Add,
): void {
  const toMs = fromMs + (YEAR_DAYS + 1) * DAY_MS;
  const spans = calendar.zones.map((id) => zones.spans(id, fromMs - 40 * DAY_MS, toMs));
  const occurs = new Set<string>();
  for (const lane of calendar.lanes) {
    const clock = spans[lane.zone] as ZoneSpans;
    const next = occurrenceNear(calendar, lane, clock, fromMs, YEAR_DAYS);
    if (next !== undefined && next.startMs < toMs) occurs.add(lane.name);
  }
  const decides = new Set<string>();
  for (const state of states) {
    for (const index of [state.hotBy, state.stoppedBy])
      decides.add(calendar.lanes[index]?.name ?? "");
  }
  for (const entry of schedule.entries) {
    if (entry.enabled === false) continue;
    if (!occurs.has(entry.name)) {
      add(
        "never-occurs-this-year",
        "warning",
        entry.name,
        `${entry.name} has no window within ${YEAR_DAYS} days`,
      );
    } else if (
      cutMs === undefined &&
      !decides.has(entry.name) &&
      entry.idleTimeoutMs === undefined
    ) {
      const message = `${entry.name} never has the last word: other entries override all its windows`;
      add("unreachable", "warning", entry.name, message, "Raise its priority, or remove it");
    }
  }
  if (cutMs !== undefined) {
    const date = formatDate(Math.floor(cutMs / DAY_MS));
    add(
      "lint-incomplete",
      "note",
      undefined,
      `Too many changes for a whole year: overlaps were looked for until ${date}`,
    );
  }
}

const cronTexts = (entry: Entry): readonly string[] => {
  if (entry.kind === "cron") return [entry.cron];
  if (entry.kind === "cronPair") return [entry.cron, entry.until];
  return entry.kind === "cronMask" ? [entry.during] : [];
};

/** Day fields on which cron implementations disagree: a `*` with a step, beside a restricted one. */
function lintCron(entry: Entry, add: Add): void {
  for (const text of cronTexts(entry)) {
    const [, , days = "*", , weekdays = "*"] = text.trim().split(/\s+/);
    const isRestricted = (field: string): boolean => field !== "*" && field !== "?";
    const isStarred = (field: string): boolean => /^[*?]./.test(field);
    if (isRestricted(days) && isRestricted(weekdays) && (isStarred(days) || isStarred(weekdays))) {
      const message = `In "${text}" a day counts when either field matches; Vixie cron wants both, because one begins with *`;
      add("cron-day-rule", "note", entry.name, message, "Restrict only one of the two day fields");
    }
  }
}

/**
 * Remarks on a schedule that is valid but perhaps not meant: looks one year ahead.
 *
 * Codes: `ambiguous-overlap`, `never-occurs-this-year`, `unreachable`, `in-dst-gap`, `cron-day-rule`,
 * `abbreviated-time-zone`, `as-without-effect`, `lint-incomplete`, `stale-tz`.
 *
 * @param zones - Zone data to look with. @defaultValue that of the runtime
 * @throws A `RangeError` when a zone is unknown.
 */
export function lintSchedule(
  schedule: Schedule,
  at: Instant,
  { zones = defaultZones() }: { readonly zones?: ZoneSource } = {},
): Diagnostic[] {
  const fromMs = epochMs(at);
  const whole = withKinds(schedule);
  const calendar = calendarOf(whole, zones);
  const found: Diagnostic[] = [];
  const positions = new Map(schedule.entries.map(({ name }, index) => [name, index]));
  const add: Add = (code, severity, entry, message, suggestion) => {
    const index = entry === undefined ? undefined : positions.get(entry);
    found.push({
      code,
      severity,
      path: index === undefined ? [] : ["entries", index],
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
  };
  const year = statesOfYear(calendar, zones, createFold(whole, calendar.lanes), fromMs);
  lintOverlaps(calendar.lanes, year.states, add);
  lintUse({ schedule: whole, calendar, zones }, year, fromMs, add);
  lintGaps(calendar, zones, fromMs, YEAR_DAYS, (entry, message) =>
    add("in-dst-gap", "note", entry, message, "Move the bound out of the night of the change"),
  );
  for (const entry of whole.entries) lintCron(entry, add);
  for (const id of calendar.zones) {
    if (isAbbreviation(id)) {
      add(
        "abbreviated-time-zone",
        "warning",
        undefined,
        `${id} is an abbreviation, not a place`,
        "Write an IANA name such as Europe/Berlin",
      );
    }
  }
  for (const { name, action } of schedule.exceptions ?? []) {
    const borrows = typeof action === "object" && "as" in action;
    if (borrows && !whole.entries.some(({ kind }) => kind === "weekly")) {
      add(
        "as-without-effect",
        "warning",
        undefined,
        `Exception ${name} borrows weekday hours, but no entry is weekly`,
      );
    }
  }
  return [...found, ...checkZones(zones, fromMs)];
}
