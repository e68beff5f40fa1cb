import { MAX_LANES } from "../calendar/lanes.ts";
import type { Diagnostic, Result } from "../types/answers.ts";
import { type Entry, type Exception, MAX_ENTRIES, type Schedule } from "../types/schedule.ts";
import { createDateCheck } from "./dates.ts";
import { checkWeekday, type EntryChecks, parseEntry } from "./parse-entry.ts";
import { createReport, ENOUGH, nearest, type Path, type Report, show } from "./report.ts";
import { checkCapacity, checkName, isRecord, readList, readRecord } from "./shape.ts";
import { createZoneCheck } from "./zone-names.ts";

/** Most exceptions; each has at least one date, so dates bound them too. */
const MAX_EXCEPTIONS = 10_000;

function tooMany(report: Report, list: readonly unknown[], limit: number, path: Path): boolean {
  if (list.length <= limit) return false;
  report.error("too-many", path, `At most ${limit} are allowed, found ${list.length}`);
  return true;
}

function parseEntries(checks: EntryChecks, value: unknown): Entry[] {
  const { report } = checks;
  const list = readList(report, value, ["entries"], "entries");
  if (tooMany(report, list, MAX_ENTRIES, ["entries"])) return [];
  const entries: Entry[] = [];
  const names = new Set<string>();
  for (const [index, item] of list.entries()) {
    const entry = parseEntry(checks, item, ["entries", index]);
    if (entry === undefined) continue;
    if (names.has(entry.name)) {
      const message = `Two entries are called ${show(entry.name)}`;
      report.error("duplicate-name", ["entries", index, "name"], message);
    }
    names.add(entry.name);
    entries.push(entry);
  }
  return entries;
}

/** Reports names no entry has, and weekday exceptions for entries without weekdays. */
function checkTargets(
  report: Report,
  value: unknown,
  path: Path,
  kinds: ReadonlyMap<unknown, Entry["kind"]>,
  as: boolean,
): void {
  if (value === undefined || value === "*") return;
  for (const [index, name] of readList(report, value, path, "entry names")
    .slice(0, MAX_ENTRIES)
    .entries()) {
    const kind = kinds.get(name);
    if (kind === undefined) {
      const near = nearest(String(name), [...kinds.keys()].map(String));
      const suggestion = near === undefined ? undefined : `Did you mean "${near}"?`;
      report.error(
        "unknown-entry",
        [...path, index],
        `No entry is called ${show(name)}`,
        suggestion,
      );
    } else if (as && kind !== "weekly") {
      const message = `"as" borrows another weekday's hours; ${show(name)} is a ${kind} entry and has none`;
      report.error("as-needs-weekly", [...path, index], message);
    }
  }
}

function checkAction(report: Report, value: unknown, path: Path): void {
  if (value === undefined || value === "skip") return;
  const advice = 'Write "skip", { as: "sun" } or { capacity: { hot: 5 } }';
  if (!isRecord(value) || "as" in value === "capacity" in value) {
    report.error("bad-action", path, `Expected an action, found ${show(value)}`, advice);
    return;
  }
  readRecord(report, value, path, ["as", "capacity"], "an action");
  if ("as" in value) checkWeekday(report, value["as"], [...path, "as"]);
  else checkCapacity(report, value["capacity"], [...path, "capacity"], false);
}

function parseExceptions(checks: EntryChecks, value: unknown, entries: readonly Entry[]): void {
  const { report } = checks;
  if (value === undefined) return;
  const list = readList(report, value, ["exceptions"], "exceptions");
  if (tooMany(report, list, MAX_EXCEPTIONS, ["exceptions"])) return;
  const kinds = new Map(entries.map(({ name, kind }) => [name as unknown, kind]));
  let capacities = 0;
  for (const [index, item] of list.entries()) {
    const path: Path = ["exceptions", index];
    const fields = readRecord(
      report,
      item,
      path,
      ["name", "dates", "entries", "action"],
      "an exception",
    );
    if (fields === undefined) continue;
    checkName(report, fields["name"], [...path, "name"], "An exception");
    checks.dates(fields["dates"], [...path, "dates"]);
    const action = fields["action"];
    checkAction(report, action, [...path, "action"]);
    checkTargets(
      report,
      fields["entries"],
      [...path, "entries"],
      kinds,
      isRecord(action) && "as" in action,
    );
    if (isRecord(action) && "capacity" in action) {
      const named = fields["entries"];
      capacities += Array.isArray(named) ? named.length : entries.length;
    }
  }
  if (capacities + entries.length > MAX_LANES) {
    const message = `Exceptions give ${capacities} entries a capacity, more than ${MAX_LANES - MAX_ENTRIES}`;
    report.error("too-many", ["exceptions"], message, "Write dated entries instead");
  }
}

/** Reports bounds that leave no value between them. */
function checkBounds(report: Report, min: unknown, max: unknown): void {
  if (min !== undefined) checkCapacity(report, min, ["min"], false);
  if (max !== undefined) checkCapacity(report, max, ["max"], false);
  if (!isRecord(min) || !isRecord(max)) return;
  for (const key of ["hot", "stopped"]) {
    const [low, high] = [min[key], max[key]];
    if (typeof low === "number" && typeof high === "number" && low > high) {
      report.error(
        "min-above-max",
        ["min", key],
        `The minimum ${low} is above the maximum ${high}`,
      );
    }
  }
}

function parse(report: Report, input: unknown): Schedule | undefined {
  const keys = ["timeZone", "default", "entries", "exceptions", "min", "max"];
  const fields = readRecord(report, input, [], keys, "a schedule");
  if (fields === undefined) return undefined;
  const checks: EntryChecks = {
    report,
    zone: createZoneCheck(report),
    dates: createDateCheck(report),
  };
  if (fields["timeZone"] !== undefined) checks.zone(fields["timeZone"], ["timeZone"]);
  if (fields["default"] === undefined) {
    report.error(
      "missing",
      ["default"],
      "A schedule needs a default capacity",
      "default: { hot: 0, stopped: 0 }",
    );
  } else checkCapacity(report, fields["default"], ["default"], true);
  const entries = parseEntries(checks, fields["entries"] ?? []);
  parseExceptions(checks, fields["exceptions"], entries);
  checkBounds(report, fields["min"], fields["max"]);
  if (report.issues.length > 0) return undefined;
  // A copy that shares nothing with the input; all that is left is plain data.
  return structuredClone({ ...fields, entries }) as object as Schedule & {
    exceptions?: Exception[];
  };
}

/**
 * Reads a schedule that a person wrote, and reports everything that is wrong with it at once.
 *
 * A missing `kind` is inferred from the other keys. The result shares nothing with the input.
 *
 * @param input - Anything; never throws.
 * @returns The schedule, or issues with a path, a code and words each.
 * @example
 * const result = parseSchedule(JSON.parse(text));
 * if (!result.ok) for (const { path, message } of result.issues) console.error(path.join("."), message);
 */
export function parseSchedule(input: unknown): Result<Schedule, Diagnostic[]> {
  const report = createReport();
  try {
    const value = parse(report, input);
    if (value !== undefined) return { ok: true, value };
  } catch (cause) {
    // Besides that only a hostile object gets here: a getter or a proxy that throws.
    if (cause !== ENOUGH) {
      report.issues.length = 0;
      report.error("unreadable", [], `The input cannot be read: ${show(describe(cause))}`);
    }
  }
  return { ok: false, issues: report.issues };
}

/** A thrown value as text, even when it resists. */
function describe(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message : String(cause);
  } catch {
    return "an error without words";
  }
}
