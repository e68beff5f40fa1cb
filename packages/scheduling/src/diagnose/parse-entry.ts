import { DAY_MINUTES, parseDate, parseTime, WEEKDAY_NAMES, WEEKDAYS } from "../calendar/civil.ts";
import { everFires, parseCron } from "../calendar/cron.ts";
import { kindOf } from "../calendar/rule.ts";
import type { Entry } from "../types/schedule.ts";
import { describeCronProblem } from "./cron-problem.ts";
import type { DateCheck } from "./dates.ts";
import { nearest, type Path, type Report, show } from "./report.ts";
import {
  checkCapacity,
  checkInteger,
  checkName,
  checkWord,
  type Fields,
  isRecord,
  readList,
  readRecord,
} from "./shape.ts";

const COMMON = [
  "kind",
  "name",
  "capacity",
  "mode",
  "priority",
  "timeZone",
  "validFrom",
  "validUntil",
  "enabled",
  "idleTimeoutMs",
];

/** Keys by kind, beside the common ones. */
const KEYS: Readonly<Record<Entry["kind"], readonly string[]>> = {
  weekly: ["days", "start", "end", "spanDays"],
  dated: ["dates", "start", "end", "spanDays"],
  cron: ["cron", "forMinutes"],
  cronPair: ["cron", "until"],
  cronMask: ["during"],
};

const KINDS = /* @__PURE__ */ Object.keys(KEYS);

/** Largest integer that is exact. */
const HIGHEST = 9_007_199_254_740_991;

/** Longest cron expression: every value of every field, and then some. */
const MAX_CRON_LENGTH = 1_000;

/** Longest cron window, minutes. */
const MAX_FOR_MINUTES = 7 * DAY_MINUTES;

/** What the check of one entry shares with the others of its schedule. */
export interface EntryChecks {
  readonly report: Report;
  readonly zone: (value: unknown, path: Path) => void;
  readonly dates: DateCheck;
}

function readTime(report: Report, value: unknown, path: Path, max: number): number | undefined {
  const minutes = typeof value === "string" ? parseTime(value) : undefined;
  if (minutes !== undefined && minutes <= max) return minutes;
  const [last, code] = [
    max === DAY_MINUTES ? "24:00" : "23:59",
    value === undefined ? "missing" : "bad-time",
  ];
  report.error(
    code,
    path,
    `Expected a time from 00:00 to ${last}, found ${show(value)}`,
    "Write HH:MM, for example 08:30",
  );
  return undefined;
}

function checkHours(report: Report, fields: Fields, path: Path, dated: boolean): void {
  const at = (key: string, absent: string): unknown =>
    fields[key] === undefined && dated ? absent : fields[key];
  const start = readTime(report, at("start", "00:00"), [...path, "start"], DAY_MINUTES - 1);
  const end = readTime(report, at("end", "24:00"), [...path, "end"], DAY_MINUTES);
  const span = fields["spanDays"];
  checkInteger(report, span, [...path, "spanDays"], 0, 7);
  if (start === undefined || end === undefined) return;
  if (span === undefined && start === end) {
    report.error(
      "empty-window",
      [...path, "end"],
      `start and end are both ${show(fields["end"])}: no time or a whole day?`,
      "For whole days say 00:00 to 24:00, or set spanDays",
    );
  } else if (typeof span === "number" && span >= 0 && end + span * DAY_MINUTES <= start) {
    const message = `With spanDays ${span} the window ends before it starts`;
    report.error("empty-window", [...path, "spanDays"], message, "Leave spanDays out, or raise it");
  }
}

function checkCron(report: Report, value: unknown, path: Path): void {
  if (typeof value !== "string") {
    const code = value === undefined ? "missing" : "bad-type";
    report.error(code, path, `Expected a cron expression, found ${show(value)}`);
    return;
  }
  if (value.length > MAX_CRON_LENGTH) {
    const message = `A cron expression has at most ${MAX_CRON_LENGTH} characters, found ${value.length}`;
    report.error("bad-cron", path, message);
    return;
  }
  const cron = parseCron(value);
  if ("problem" in cron) {
    report.error(
      "bad-cron",
      path,
      describeCronProblem(cron),
      "Five fields: minute hour day-of-month month weekday",
    );
  } else if (!everFires(cron)) {
    report.error("never-fires", path, `${show(value)} never fires: no month has such a day`);
  }
}

/** Reports anything but a weekday's short name; the long names are what people mean most often. */
export function checkWeekday(report: Report, value: unknown, path: Path): void {
  if (typeof value === "string" && (WEEKDAYS as readonly string[]).includes(value)) return;
  const long = Object.values(WEEKDAY_NAMES).map((name) => name.toLowerCase());
  const near = typeof value === "string" ? nearest(value, [...WEEKDAYS, ...long]) : undefined;
  report.error(
    "bad-day",
    path,
    `${show(value)} is no weekday: ${WEEKDAYS.join(", ")}`,
    near === undefined ? undefined : `Did you mean "${near.slice(0, 3)}"?`,
  );
}

function checkDays(report: Report, value: unknown, path: Path): void {
  if (value === undefined) return;
  const days = readList(report, value, path, "weekdays").slice(0, 100);
  if (Array.isArray(value) && days.length === 0) {
    report.error("missing", path, "No day is listed", "Leave days out for every day");
  }
  const seen = new Set<unknown>();
  for (const [index, day] of days.entries()) {
    checkWeekday(report, day, [...path, index]);
    if (seen.has(day)) report.error("duplicate", [...path, index], `${show(day)} is listed twice`);
    seen.add(day);
  }
}

function checkValidity(report: Report, fields: Fields, path: Path): void {
  const days = ["validFrom", "validUntil"].map((key) => {
    const value = fields[key];
    if (value === undefined) return undefined;
    const day = typeof value === "string" ? parseDate(value) : undefined;
    if (day === undefined) {
      report.error(
        "bad-date",
        [...path, key],
        `${show(value)} is no date of the calendar`,
        "Write YYYY-MM-DD",
      );
    }
    return day;
  });
  const [from, until] = days;
  if (from !== undefined && until !== undefined && until < from) {
    report.error("empty-validity", [...path, "validUntil"], "validUntil is before validFrom");
  }
}

function checkCommon({ report, zone }: EntryChecks, fields: Fields, path: Path): void {
  const { enabled } = fields;
  checkName(report, fields["name"], [...path, "name"], "An entry");
  if (fields["capacity"] === undefined) {
    report.error(
      "missing",
      [...path, "capacity"],
      "An entry needs a capacity",
      "capacity: { hot: 5 }",
    );
  } else checkCapacity(report, fields["capacity"], [...path, "capacity"], false);
  checkWord(report, fields["mode"], [...path, "mode"], ["set", "atLeast", "atMost"], "bad-mode");
  checkInteger(report, fields["priority"], [...path, "priority"], -HIGHEST, HIGHEST);
  checkInteger(report, fields["idleTimeoutMs"], [...path, "idleTimeoutMs"], 0, HIGHEST);
  if (fields["timeZone"] !== undefined) zone(fields["timeZone"], [...path, "timeZone"]);
  if (enabled !== undefined && typeof enabled !== "boolean") {
    report.error(
      "bad-type",
      [...path, "enabled"],
      `Expected true or false, found ${show(enabled)}`,
    );
  }
  checkValidity(report, fields, path);
}

/** Checks one entry; what comes back may be an entry only if nothing was reported. */
export function parseEntry(checks: EntryChecks, value: unknown, path: Path): Entry | undefined {
  const { report } = checks;
  if (!isRecord(value)) {
    report.error("bad-type", path, `Expected an entry, found ${show(value)}`);
    return undefined;
  }
  const { kind: written, ...others } = value;
  const kind = written ?? kindOf(others);
  if (typeof kind !== "string" || !KINDS.includes(kind)) {
    checkWord(report, kind, [...path, "kind"], KINDS, "bad-kind");
    return undefined;
  }
  const own = kind as Entry["kind"];
  const fields = readRecord(report, value, path, [...COMMON, ...KEYS[own]], `a ${own} entry`);
  if (fields === undefined) return undefined;
  checkCommon(checks, fields, path);
  switch (own) {
    case "weekly":
      checkDays(report, fields["days"], [...path, "days"]);
      checkHours(report, fields, path, false);
      break;
    case "dated":
      checks.dates(fields["dates"], [...path, "dates"]);
      checkHours(report, fields, path, true);
      break;
    case "cron":
      checkCron(report, fields["cron"], [...path, "cron"]);
      if (fields["forMinutes"] === undefined) {
        report.error("missing", [...path, "forMinutes"], "A cron entry needs forMinutes or until");
      }
      checkInteger(report, fields["forMinutes"], [...path, "forMinutes"], 1, MAX_FOR_MINUTES);
      break;
    case "cronPair":
      checkCron(report, fields["cron"], [...path, "cron"]);
      checkCron(report, fields["until"], [...path, "until"]);
      break;
    case "cronMask":
      checkCron(report, fields["during"], [...path, "during"]);
  }
  return { ...fields, kind: own } as object as Entry;
}
