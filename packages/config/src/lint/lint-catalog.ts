import type { Catalog } from "@runs-fleet/core";
import { suggest } from "../cli/suggest.ts";
import { type FileForm, fileForm } from "../form/file-form.ts";
import type { FieldIssue } from "../issues/issue.ts";
import { lintAliases } from "./lint-aliases.ts";
import { lintCalendars } from "./lint-calendars.ts";
import { lintImages } from "./lint-images.ts";
import type { LintInput, Path } from "./lint-input.ts";
import { lintLimits } from "./lint-limits.ts";
import { lintPeaks } from "./lint-peaks.ts";
import { lintPolicies } from "./lint-policies.ts";
import { lintShapes } from "./lint-shapes.ts";
import { createIsWhole } from "./whole.ts";

/** What {@link lintCatalog} may be told. */
export interface LintOptions {
  /** From when on schedules are looked at, epoch milliseconds. Absent: only what they say at any time. */
  readonly atMs?: number | undefined;
  /** What was taken out of the file as wrong or filled in: of that, and of what depends on it, nothing is told. */
  readonly touched?: readonly Path[];
}

const lints: readonly ((input: LintInput) => readonly FieldIssue[])[] = [
  lintImages,
  lintShapes,
  lintPeaks,
  lintLimits,
  lintPolicies,
  lintAliases,
  lintCalendars,
];

/** What may be right as soon as a file that is missing is there. */
export const rulesOfTheWhole: ReadonlySet<string> = new Set([
  "peak-over-environment-limit",
  "unmatched-glob",
  "unreachable-pool",
  "unused-definition",
]);

/**
 * What does not work out in a file whose form and references are right: machines that do not exist, limits below what
 * schedules want, rules and aliases that never have their turn.
 *
 * @param form - The file.
 * @param catalog - The catalog it describes, of the right form. What refers to something that is not there is `touched`.
 */
export function lintCatalog(
  form: FileForm,
  catalog: Catalog,
  { atMs, touched = [] }: LintOptions = {},
): readonly FieldIssue[] {
  const isWhole = createIsWhole(touched.map(meant));
  return lints.flatMap((lint) => lint({ form, catalog, atMs, isWhole }));
}

/** With a misspelt key of the file everything below the right one is missing. */
function meant(path: Path): Path {
  const [key] = path;
  const known = Object.keys(fileForm.entries);
  return path.length === 1 ? [suggest(String(key), known) ?? String(key)] : path;
}
