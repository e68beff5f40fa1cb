import { nearest, type Path, type Report, show } from "./report.ts";

/** A record read from outside. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a plain record. */
export const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A copy of the value's own fields, or `undefined` after a report; unknown keys are reported. */
export function readRecord(
  report: Report,
  value: unknown,
  path: Path,
  allowed: readonly string[],
  what: string,
): Fields | undefined {
  if (!isRecord(value)) {
    report.error("bad-type", path, `Expected ${what}, found ${show(value)}`);
    return undefined;
  }
  for (const key of Object.keys(value)) {
    if (allowed.includes(key)) continue;
    const near = nearest(key, allowed);
    report.error(
      "unknown-key",
      [...path, key],
      `${show(key)} is not a key of ${what}`,
      near === undefined ? `Known keys: ${allowed.join(", ")}` : `Did you mean "${near}"?`,
    );
  }
  return { ...value };
}

/** Reports anything but an integer in a range; absent is fine. */
export function checkInteger(
  report: Report,
  value: unknown,
  path: Path,
  min: number,
  max: number,
): void {
  if (value === undefined) return;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return;
  const code = typeof value === "number" ? "out-of-range" : "bad-type";
  report.error(code, path, `Expected an integer from ${min} to ${max}, found ${show(value)}`);
}

/** Reports anything but a name. */
export function checkName(report: Report, value: unknown, path: Path, owner: string): void {
  if (typeof value === "string" && value !== "" && value.length <= 200) return;
  const code = value === undefined ? "missing" : "bad-name";
  report.error(code, path, `${owner} needs a name of 1 to 200 characters, found ${show(value)}`);
}

/** Reports anything but one of some words; absent is fine. */
export function checkWord(
  report: Report,
  value: unknown,
  path: Path,
  words: readonly string[],
  code: string,
): void {
  if (value === undefined || (typeof value === "string" && words.includes(value))) return;
  const near = typeof value === "string" ? nearest(value, words) : undefined;
  report.error(
    code,
    path,
    `Expected ${words.join(", ")}; found ${show(value)}`,
    near === undefined ? undefined : `Did you mean "${near}"?`,
  );
}

/** The value as a list, or nothing after a report. */
export function readList(
  report: Report,
  value: unknown,
  path: Path,
  what: string,
): readonly unknown[] {
  if (Array.isArray(value)) return value;
  report.error("bad-type", path, `Expected a list of ${what}, found ${show(value)}`);
  return [];
}

/** Largest number of machines a schedule may name. */
const MAX_CAPACITY = 1_000_000;

/** Checks a capacity; with `whole` both fields must be there. */
export function checkCapacity(report: Report, value: unknown, path: Path, whole: boolean): void {
  const fields = readRecord(report, value, path, ["hot", "stopped"], "a capacity");
  if (fields === undefined) return;
  for (const key of ["hot", "stopped"] as const) {
    if (whole && fields[key] === undefined) {
      report.error("missing", [...path, key], `A capacity needs ${key} here`);
    }
    checkInteger(report, fields[key], [...path, key], 0, MAX_CAPACITY);
  }
}
