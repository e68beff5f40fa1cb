import { type Catalog, parseCatalog } from "@runs-fleet/core";
import { type Diagnostic, lintSchedule } from "@runs-fleet/scheduling";
import * as v from "valibot";
import { suggest } from "./cli/suggest.ts";
import { includedPath, readFiles } from "./file/read-files.ts";
import { fileForm } from "./form/file-form.ts";
import { keysAt } from "./form/keys-at.ts";
import { nearestForm } from "./form/nearest-form.ts";
import type { ConfigIssue, FieldIssue } from "./issues/issue.ts";
import { lintCatalog, rulesOfTheWhole } from "./lint/lint-catalog.ts";
import { isBelow, repair, unshared, valueAt } from "./resolve/repair.ts";
import { toCatalog } from "./resolve/to-catalog.ts";

/** A configuration with its units resolved. */
export interface FleetConfig {
  /** Version of the file's form. */
  readonly version: 1;
  /** What routing and the controller take. */
  readonly catalog: Catalog;
}

/** What {@link parseConfig} may be told. */
export interface ParseConfigOptions {
  /** Name of the file, as issues repeat it. @defaultValue `runs-fleet.yml` */
  readonly file?: string;
  /** Names this state of the configuration: the blob's sha, say. @defaultValue `local` */
  readonly version?: string;
  /** The day from which schedules are looked at, epoch milliseconds. Absent: what depends on the day is not told. */
  readonly atMs?: number;
  /** The texts of the files that it includes, by the names under which it does ({@link includedFiles}), each at most 1 MiB. */
  readonly include?: Readonly<Record<string, string>>;
}

/** A configuration that can be used, with what looks wrong; or what is wrong with it. */
export type ParsedConfig =
  | { readonly ok: true; readonly value: FleetConfig; readonly issues: readonly ConfigIssue[] }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

/** Most issues of one file: a file that is wrong all over says little more with the next one. */
const mostIssues = 500;

/**
 * Reads a configuration file, `.github/runs-fleet.yml`, and tells all that is wrong with it at once, each with its place.
 *
 * Errors keep it from being used, warnings and notes do not. Never throws.
 *
 * @param text - The file's text, at most 1 MiB.
 */
export function parseConfig(text: string, options: ParseConfigOptions = {}): ParsedConfig {
  const { file = "runs-fleet.yml", version = "local", atMs, include = {} } = options;
  const yaml = readFiles(text, file, include);
  const found = new Map<string, ConfigIssue>();
  const tell = (issue: ConfigIssue): void => {
    // What an alias repeats is wrong in one place.
    const key = `${issue.file} ${issue.rule} ${issue.start.offset} ${issue.message}`;
    if (found.size < mostIssues && !found.has(key)) found.set(key, issue);
  };
  const files = [file, ...Object.keys(include).map((name) => includedPath(file, name))];
  const told = (): readonly ConfigIssue[] =>
    [...found.values()].sort(
      (left, right) =>
        files.indexOf(left.file) - files.indexOf(right.file) ||
        left.start.offset - right.start.offset,
    );
  yaml.issues.forEach(tell);
  if (yaml.value === undefined) return { ok: false, issues: told() };

  if (typeof yaml.value !== "object" || yaml.value === null || Array.isArray(yaml.value)) {
    const message = "A configuration is a mapping: version, environments, pools, policies";
    tell(yaml.place({ rule: "wrong-type", severity: "error", message, path: [] }));
    return { ok: false, issues: told() };
  }

  const document = withoutExtensions(yaml.value);
  const first = look(document, version, atMs);
  // What is missing with a file that could not be read is not missing anywhere else.
  const tellField = (issue: FieldIssue): void => {
    const isOfTheWhole = lookupRules.has(issue.rule) || rulesOfTheWhole.has(issue.rule);
    if (!yaml.isIncomplete || !isOfTheWhole) tell(yaml.place(issue));
  };
  for (const issue of first.issues.slice(0, mostIssues)) tellField(issue);
  if (first.config === undefined && found.size < mostIssues)
    lookBehind(document, first.hiding, tellField);
  const issues = told();
  const isUsable =
    first.config !== undefined && !issues.some(({ severity }) => severity === "error");
  return isUsable ? { ok: true, value: first.config, issues } : { ok: false, issues };
}

/** What one look at a document shows. */
interface Look {
  readonly issues: readonly FieldIssue[];
  /** Those of them that hide what comes after them. */
  readonly hiding: readonly FieldIssue[];
  readonly config?: FleetConfig;
}

function look(
  document: unknown,
  version: string,
  atMs: number | undefined,
  touched: readonly FieldIssue["path"][] = [],
): Look {
  const form = v.safeParse(fileForm, document, { abortPipeEarly: true });
  if (!form.success) {
    const issues = form.issues.flatMap((issue) => nearestForm(fileForm, issue)).map(fieldIssue);
    return { issues, hiding: issues };
  }
  const { catalog, origins, issues: loose } = toCatalog(form.output, version);
  const judged = parseCatalog(catalog);
  if (!judged.ok || loose.length > 0) {
    const found = (judged.ok ? [] : judged.issues).map((issue) => ({
      issue: fromCatalog(issue, origins.find(issue.path)),
      hides: forms.has(issue.code) || issue.path[2] === "schedule",
    }));
    const hiding = found.filter(({ hides }) => hides).map(({ issue }) => issue);
    const issues = [...loose, ...found.map(({ issue }) => issue)];
    if (hiding.length > 0) return { issues, hiding };
    // What does not hang on a name that is not there can be looked at all the same.
    const wrong = [...touched, ...issues.map(({ path }) => path)];
    const lints = lintCatalog(form.output, catalog, { atMs, touched: wrong });
    return { issues: [...issues, ...lints], hiding };
  }
  const lints = atMs === undefined ? [] : lintPools(judged.value, atMs);
  return {
    issues: [
      ...lints.map((issue) => fromLint(issue, origins.find(issue.path))),
      ...lintCatalog(form.output, judged.value, { atMs, touched }),
    ],
    hiding: [],
    config: { version: 1, catalog: judged.value },
  };
}

/** A catalog of the wrong form is not looked at any further; of the right one everything is told at once. */
const forms: ReadonlySet<string> = new Set([
  "unknown-key",
  "missing",
  "too-many",
  "invalid-value",
  "out-of-range",
]);

/** Most further looks: a mistake behind a mistake behind a mistake is told with the next check. */
const mostLooks = 6;

/** Looks again at what is left when the mistakes are taken out, so that people hear of all of them at once. */
function lookBehind(
  original: unknown,
  hiding: readonly FieldIssue[],
  tell: (issue: FieldIssue) => void,
): void {
  const document = unshared(original);
  const touched: FieldIssue["path"][] = [];
  let latest = hiding;
  for (let looks = 0; looks < mostLooks && latest.length > 0; looks += 1) {
    touched.push(...repair(document, latest));
    const next = look(document, "repaired", undefined, touched);
    for (const issue of next.issues) if (!follows(issue, touched, original)) tell(issue);
    latest = next.hiding;
  }
}

/** What is told of names that are not there, by the key under which they would be. */
const lookups: Readonly<Record<string, readonly string[]>> = {
  environments: ["unknown-environment"],
  pools: ["unknown-pool"],
  images: ["unknown-image"],
  runners: ["unknown-runner"],
  calendars: ["unknown-calendar"],
};

const lookupRules: ReadonlySet<string> = new Set(Object.values(lookups).flat());

/** Whether an issue may only be there because something was taken out: below that, right around it, or by its name. */
function follows(
  issue: FieldIssue,
  touched: readonly FieldIssue["path"][],
  original: unknown,
): boolean {
  const path = issue.missing === undefined ? issue.path : [...issue.path, issue.missing];
  // A single name need not be in a list, and is told of the list where it is.
  const named = [valueAt(original, issue.path)].flat();
  return (
    isBelow(path, touched) ||
    // A contradiction is between two things that are there: what was taken out has no part in it.
    (issue.rule !== "contradiction" &&
      touched.some((taken) => taken.length === path.length + 1 && isBelow(taken, [path]))) ||
    touched.some(
      (taken) =>
        lookups[String(taken[0])]?.includes(issue.rule) === true &&
        (taken.length === 1 || (taken.length === 2 && named.includes(taken[1]))),
    )
  );
}

function lintPools({ pools }: Catalog, atMs: number): readonly Diagnostic[] {
  // Pools that share an anchor have the same schedule, and a year of it is looked through.
  const known = new Map<string, readonly Diagnostic[]>();
  return pools.flatMap(({ schedule }, index) => {
    const key = JSON.stringify(schedule);
    // What is wrong with the host's time zones is not wrong with the file: the doctor tells it.
    const found =
      known.get(key) ?? lintSchedule(schedule, atMs).filter(({ code }) => code !== "stale-tz");
    known.set(key, found);
    return found.map((issue) => ({
      ...issue,
      path: ["pools", index, "schedule", ...issue.path],
    }));
  });
}

/** Keys that begin with `x-` hold anchors for other places and mean nothing by themselves. */
function withoutExtensions(value: object): unknown {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith("x-")));
}

function fromCatalog(
  { code, severity, message, suggestion }: Diagnostic,
  path: FieldIssue["path"],
): FieldIssue {
  return {
    rule: code,
    severity,
    message,
    path,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** The engine's lints say what to do, which is no other spelling of something. */
function fromLint(issue: Diagnostic, path: FieldIssue["path"]): FieldIssue {
  const { suggestion, ...rest } = issue;
  const { message } = issue;
  return fromCatalog(
    suggestion === undefined ? rest : { ...rest, message: `${message}. ${suggestion}` },
    path,
  );
}

const longestMessage = 300;

/** What the validator found, in our words. A value that fits none of several forms is told once, or by the form that it nearly has. */
function fieldIssue(issue: v.BaseIssue<unknown>): FieldIssue {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
  const key = String(path.at(-1) ?? "");
  if (issue.type === "strict_object" && issue.expected === "never") {
    const known = keysAt(fileForm, path.slice(0, -1));
    const suggestion = suggest(key, known);
    const message = `There is no key ${JSON.stringify(key)} here; there are ${known.join(", ")}`;
    return {
      rule: "unknown-key",
      severity: "error",
      message,
      path,
      isAboutKey: true,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }
  if (issue.type === "strict_object" && issue.received === "undefined") {
    const message = `${JSON.stringify(key)} is missing`;
    return {
      rule: "missing-key",
      severity: "error",
      message,
      path: path.slice(0, -1),
      isAboutKey: true,
      missing: key,
    };
  }
  const isType = /^(?:strict_object|object|record|array|string|number|boolean)$/.test(issue.type);
  const message = /^Invalid type: Expected/.test(issue.message)
    ? `This has to be ${words[issue.type] ?? "of another type"}, and is ${issue.received}`
    : issue.message;
  return {
    rule: isType ? "wrong-type" : "invalid-value",
    severity: "error",
    message: message.slice(0, longestMessage),
    path,
    ...(issue.path?.at(-1)?.origin === "key" ? { isAboutKey: true } : {}),
  };
}

const words: Readonly<Record<string, string>> = {
  strict_object: "a mapping",
  record: "a mapping of names",
  array: "a list",
  string: "a text",
  number: "a number",
  boolean: "true or false",
};
