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
  const found: FieldIssue[] = [];
  let narrowing: Narrowing | undefined;
  if (yaml.value !== undefined) {
    const isMapping =
      typeof yaml.value === "object" && yaml.value !== null && !Array.isArray(yaml.value);
    if (!isMapping) {
      const message = "The file of a repository is a mapping: version, narrow";
      found.push({ rule: "wrong-type", severity: "error", message, path: [] });
    } else {
      const form = v.safeParse(repositoryForm, withoutExtensions(yaml.value));
      if (form.success) {
        narrowing = { version, ...form.output.narrow };
        if (config !== undefined) found.push(...unmatchedNames(narrowing, config));
      } else {
        const issues = form.issues.flatMap((issue) => nearestForm(repositoryForm, issue));
        found.push(...issues.map((issue) => misplaced(fieldIssue(issue, repositoryForm))));
      }
    }
  }
  const issues = [...yaml.issues, ...found.slice(0, mostIssues).map(yaml.place)].sort(
    (left, right) => left.start.offset - right.start.offset,
  );
  const isUsable = narrowing !== undefined && !issues.some(({ severity }) => severity === "error");
  return isUsable && narrowing !== undefined
    ? { ok: true, value: narrowing, issues }
    : { ok: false, issues };
}

/** What belongs in the organisation's file: a repository could otherwise give itself what it likes. */
function misplaced(issue: FieldIssue): FieldIssue {
  const [key = "", ...deeper] = issue.path;
  if (issue.rule !== "unknown-key" || deeper.length > 0 || !(key in fileForm.entries)) return issue;
  const { suggestion: _, ...rest } = issue;
  const message = `${JSON.stringify(key)} belongs in the organisation's file; that of a repository has version and narrow, and only takes away`;
  return { ...rest, rule: "misplaced-key", message };
}
