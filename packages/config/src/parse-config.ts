import type { Catalog } from "@runs-fleet/core";
import { includedPath, readFiles } from "./file/read-files.ts";
import type { ConfigIssue, FieldIssue } from "./issues/issue.ts";
import { rulesOfTheWhole } from "./lint/lint-catalog.ts";
import { look } from "./look/look.ts";
import { lookBehind, lookupRules } from "./look/look-behind.ts";
import { withoutExtensions } from "./look/without-extensions.ts";

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
    // Places take a while to find.
    if (found.size >= mostIssues) return;
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
