import { type Catalog, parseCatalog } from "@runs-fleet/core";
import { type Diagnostic, lintSchedule } from "@runs-fleet/scheduling";
import * as v from "valibot";
import { fieldIssue } from "../form/field-issue.ts";
import { fileForm } from "../form/file-form.ts";
import { nearestForm } from "../form/nearest-form.ts";
import type { FieldIssue } from "../issues/issue.ts";
import { lintCatalog } from "../lint/lint-catalog.ts";
import type { FleetConfig } from "../parse-config.ts";
import { toCatalog } from "../resolve/to-catalog.ts";

/** What one look at a document shows. */
export interface Look {
  readonly issues: readonly FieldIssue[];
  /** Those of them that hide what comes after them. */
  readonly hiding: readonly FieldIssue[];
  readonly config?: FleetConfig;
}

/**
 * Looks at a document: its form, then how its parts fit together, then what is there and probably not meant.
 *
 * @param version - Names its state.
 * @param atMs - The day from which schedules are looked at. Absent: they are not.
 * @param touched - What was taken out of it before.
 */
export function look(
  document: unknown,
  version: string,
  atMs: number | undefined,
  touched: readonly FieldIssue["path"][] = [],
): Look {
  const form = v.safeParse(fileForm, document, { abortPipeEarly: true });
  if (!form.success) {
    const issues = form.issues
      .flatMap((issue) => nearestForm(fileForm, issue))
      .map((issue) => fieldIssue(issue, fileForm));
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
