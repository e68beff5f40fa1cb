import { DAY_MS, formatDate } from "../calendar/civil.ts";
import type { Lane } from "../calendar/lanes.ts";
import { compileWith, defaultZones, type Engine } from "../engine/compile.ts";
import { epochMs } from "../engine/instant.ts";
import { occurrenceNear } from "../engine/occurrence.ts";
import type { State } from "../engine/state.ts";
import { loadPage } from "../engine/track.ts";
import type { Diagnostic } from "../types/answers.ts";
import type { Entry, Instant, Schedule } from "../types/schedule.ts";
import type { ZoneSource, ZoneSpans } from "../types/zones.ts";
import { checkZones } from "../zones/check-zones.ts";
import { lintGaps } from "./lint-gaps.ts";
import { tellingSpans } from "./telling-spans.ts";
import { isAbbreviation } from "./zone-names.ts";

/** Most overlaps to report: after a hundred the schedule needs another look anyway. */
const MAX_FINDINGS = 100;

/** Longest page that is looked at, about six days. */
const PAGE_MS = 536_870_912;

/** How far ahead a schedule is looked at, days. */
const YEAR_DAYS = 366;

type Add = (
  code: string,
  severity: Diagnostic["severity"],
  entry: string | undefined,
  message: string,
  suggestion?: string,
) => void;

/** Most work on states, in lanes looked at: a schedule of a thousand entries has more states in a year than anyone waits for. */
const MAX_STATE_WORK = 20_000_000;

interface Year {
  readonly states: ReadonlySet<State>;
  /** Until when states were looked at, when not for a whole year. */
  readonly cutMs: number | undefined;
}

/** Pages of the coming year that are worth a look, in order: most weeks are like any other. */
function pagesOf({ nominal, calendar, zones }: Engine, fromMs: number): readonly number[] {
  const { pageMs } = nominal;
  const toMs = fromMs + YEAR_DAYS * DAY_MS;
  const spans = tellingSpans(calendar, zones, fromMs, toMs) ?? [{ fromMs, toMs }];
  const pages = new Set<number>();
  for (const span of spans) {
    const last = Math.floor(span.toMs / pageMs);
    for (let index = Math.floor(span.fromMs / pageMs); index <= last; index++) pages.add(index);
  }
  return [...pages].sort((left, right) => left - right);
}

/** Every different state of the coming year. */
function statesOf(engine: Engine, fromMs: number): Year {
  const { nominal, calendar } = engine;
  const states = new Set<State>();
  const pages = pagesOf(engine, fromMs);
  for (const [place, index] of pages.entries()) {
    for (const state of loadPage(nominal, index).values) states.add(state);
    if (states.size * calendar.lanes.length > MAX_STATE_WORK && place < pages.length - 1) {
      return { states, cutMs: (index + 1) * nominal.pageMs };
    }
  }
  return { states, cutMs: undefined };
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
function lintUse(engine: Engine, { states, cutMs }: Year, fromMs: number, add: Add): void {
  const { calendar, schedule, zones } = engine;
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
  const whole = compileWith(schedule, { zones });
  // Shorter pages have less in them that is not worth a look.
  const engine = whole.nominal.pageMs > PAGE_MS ? compileWith(schedule, { zones }, PAGE_MS) : whole;
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
  const year = statesOf(engine, fromMs);
  lintOverlaps(engine.calendar.lanes, year.states, add);
  lintUse(engine, year, fromMs, add);
  lintGaps(engine, fromMs, YEAR_DAYS, (entry, message) =>
    add("in-dst-gap", "note", entry, message, "Move the bound out of the night of the change"),
  );
  for (const entry of engine.schedule.entries) lintCron(entry, add);
  for (const id of engine.calendar.zones) {
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
  for (const { name, action } of engine.schedule.exceptions ?? []) {
    const borrows = typeof action === "object" && "as" in action;
    if (borrows && !engine.schedule.entries.some(({ kind }) => kind === "weekly")) {
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
