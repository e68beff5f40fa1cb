import type { Narrowing } from "@runs-fleet/core";
import * as v from "valibot";
import { readYaml } from "../file/read-yaml.ts";
import { fieldIssue } from "../form/field-issue.ts";
import { fileForm } from "../form/file-form.ts";
import { nearestForm } from "../form/nearest-form.ts";
import { repositoryForm } from "../form/repository-form.ts";
import type { ConfigIssue, FieldIssue } from "../issues/issue.ts";
import { withoutExtensions } from "../look/without-extensions.ts";
import type { FleetConfig } from "../parse-config.ts";
import { isBelow, repair, unshared } from "../resolve/repair.ts";
import { unmatchedNames } from "./unmatched-names.ts";

/** What {@link parseRepositoryFile} may be told. */
export interface ParseRepositoryFileOptions {
  /** Name of the file, as issues repeat it. @defaultValue `runs-fleet.yml` */
  readonly file?: string;
  /** Names this state of it: the blob's sha, say. @defaultValue `local` */
  readonly version?: string;
  /** What the organisation says. Absent: whether the names there are known is not told. */
  readonly config?: FleetConfig;
}

/** What a repository allows its own jobs, with what looks wrong; or what is wrong with its file. */
export type ParsedRepositoryFile =
  | { readonly ok: true; readonly value: Narrowing; readonly issues: readonly ConfigIssue[] }
  | { readonly ok: false; readonly issues: readonly ConfigIssue[] };

/** Most issues of one file. */
const mostIssues = 100;

/** Whether a text is the file of one repository rather than that of the organisation: it has `narrow` at its top. */
export function isRepositoryFile(text: string): boolean {
  return /^(?:narrow|"narrow"|'narrow')[ \t]*:/m.test(text);
}

/**
 * Reads `.github/runs-fleet.yml` of one repository, which only takes away from what the organisation allows, and tells all that is
 * wrong with it at once, each with its place.
 *
 * Errors keep it from being used, warnings do not. Never throws.
 *
 * @param text - The file's text, at most 1 MiB.
 */
export function parseRepositoryFile(
  text: string,
  options: ParseRepositoryFileOptions = {},
): ParsedRepositoryFile {
  const { file = "runs-fleet.yml", version = "local", config } = options;
  const yaml = readYaml(text, file);
  const { narrow, found } =
    yaml.value === undefined ? { narrow: undefined, found: [] } : look(yaml.value, config);
  const issues = [...yaml.issues, ...found.slice(0, mostIssues).map(yaml.place)].sort(
    (left, right) => left.start.offset - right.start.offset,
  );
  if (narrow === undefined || issues.some(({ severity }) => severity === "error")) {
    return { ok: false, issues };
  }
  return { ok: true, value: { version, ...narrow }, issues };
}

/** Most looks at one file: one mistake may hide others, so it is taken out and what is left looked at. */
const mostLooks = 20;

function look(
  value: unknown,
  config: FleetConfig | undefined,
): { readonly narrow: Omit<Narrowing, "version"> | undefined; readonly found: FieldIssue[] } {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const message = "The file of a repository is a mapping: version, narrow";
    const issue = { rule: "wrong-type", severity: "error", message, path: [] } as const;
    return { narrow: undefined, found: [issue] };
  }
  const document = unshared(withoutExtensions(value));
  const touched: FieldIssue["path"][] = [];
  const found: FieldIssue[] = [];
  for (let looks = 0; looks < mostLooks; looks += 1) {
    const form = v.safeParse(repositoryForm, document);
    if (form.success) {
      const { narrow } = form.output;
      if (config !== undefined) found.push(...unmatchedNames(narrow, config));
      return { narrow, found };
    }
    const issues = form.issues
      .flatMap((issue) => nearestForm(repositoryForm, issue))
      .map((issue) => misplaced(fieldIssue(issue, repositoryForm)));
    // What is only missing because it was taken out was told of before.
    const isNews = ({ path, missing }: FieldIssue): boolean =>
      !isBelow(missing === undefined ? path : [...path, missing], touched);
    found.push(...issues.filter(isNews));
    touched.push(...repair(document, issues));
  }
  return { narrow: undefined, found };
}

/** What belongs in the organisation's file: a repository could otherwise give itself what it likes. */
function misplaced(issue: FieldIssue): FieldIssue {
  const [key = "", ...deeper] = issue.path;
  if (issue.rule !== "unknown-key" || deeper.length > 0 || !(key in fileForm.entries)) return issue;
  const { suggestion: _, ...rest } = issue;
  const message = `${JSON.stringify(key)} belongs in the organisation's file; that of a repository has version and narrow, and only takes away`;
  return { ...rest, rule: "misplaced-key", message };
}
