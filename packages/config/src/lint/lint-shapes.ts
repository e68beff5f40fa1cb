import type { Shape } from "@runs-fleet/core";
import { suggest } from "../cli/suggest.ts";
import type { ShapeForm } from "../form/file-form.ts";
import type { FieldIssue } from "../issues/issue.ts";
import { instanceFamilies, knownUntil, partsOf } from "./instance-families.ts";
import type { LintInput, Path } from "./lint-input.ts";
import { anyCpu, familyMisfit, findShapeProblem, type ShapeProblem } from "./shape-problem.ts";

/** Machines that EC2 does not have: of the runners, of pools that say their own, and of pools whose runner leaves `cpu` open. */
export function lintShapes({ form, catalog, isWhole }: LintInput): readonly FieldIssue[] {
  const { runners = {}, pools = {} } = form;
  const issues: FieldIssue[] = [];
  const broken = new Set<string>();
  for (const [name, written] of Object.entries(runners)) {
    const at = ["runners", name];
    const shape = catalog.runners?.[name];
    if (shape === undefined || !isWhole(at, ["images"])) continue;
    // Jobs may complete a runner that says no cpu by their labels.
    const found = lintShape(written, written.cpu ? shape : { ...shape, cpu: anyCpu }, at);
    if (found.some(({ rule }) => rule === "impossible-shape")) broken.add(name);
    issues.push(...found);
  }
  for (const { name, shape } of catalog.pools) {
    const runner = pools[name]?.runner;
    const at = ["pools", name, "runner"];
    if (runner === undefined || !isWhole(at, ["images"], ["runners"])) continue;
    if (typeof runner === "object") issues.push(...lintShape(runner, shape, at));
    else if (!broken.has(runner) && runners[runner]?.cpu === undefined) {
      const problem = findShapeProblem(shape, false);
      if (problem) issues.push(impossible(problem, at));
    }
  }
  return issues;
}

function lintShape(written: ShapeForm, shape: Shape, at: Path): readonly FieldIssue[] {
  const families = written.family ?? [];
  // One need not be in a list.
  const placeOf = (index: number): Path =>
    families.length === 1 ? [...at, "family"] : [...at, "family", index];
  const problem = findShapeProblem(shape, written.cpu !== undefined || shape.cpu === anyCpu);
  const issues: FieldIssue[] = [];
  if (problem) issues.push(impossible(problem, keyIn(written, problem, at)));
  const seen = new Set<string>();
  for (const [index, word] of families.entries()) {
    const family = word.toLowerCase();
    const path = placeOf(index);
    if (seen.has(family)) {
      issues.push(warning("duplicate-family", `${family} is named twice`, path));
    } else if (!instanceFamilies.has(family)) issues.push(unknownFamily(family, path));
    else if (!problem) {
      const misfit = familyMisfit(family, shape);
      if (misfit) {
        const message = `Never chosen: ${misfit.message}`;
        issues.push({ rule: "unused-family", severity: misfit.severity, message, path });
      }
    }
    seen.add(family);
  }
  return issues;
}

/** The key at fault; where the shape does not have it, what it has instead of it. */
function keyIn(written: ShapeForm, { key }: ShapeProblem, at: Path): Path {
  const keys = [key, "ram", "family", "generation"] as const;
  const said = keys.find((one) => written[one] !== undefined);
  return said === undefined ? at : [...at, said];
}

/** What no family can be is an error. A size that none has is not: families get new sizes, and the table grows old. */
function impossible({ key, message }: ShapeProblem, path: Path): FieldIssue {
  const severity = key === "cpu" || key === "ram" ? "warning" : "error";
  return { rule: "impossible-shape", severity, message, path };
}

function warning(rule: string, message: string, path: Path): FieldIssue {
  return { rule, severity: "warning", message, path };
}

/** A family that is not in the table: a new one may be right, so that it does not keep the file from being used. */
function unknownFamily(family: string, path: Path): FieldIssue {
  const parts = partsOf(family);
  const rest = "whether it has such machines is not looked at";
  const newest = Math.max(
    ...[...instanceFamilies.keys()].flatMap((name) => {
      const known = partsOf(name);
      return known && known.series === parts?.series ? known.generation : [];
    }),
  );
  if (parts && Number.isFinite(newest) && parts.generation > newest) {
    const message = `${family} is newer than what was known in ${knownUntil}; ${rest}`;
    return { rule: "unknown-family", severity: "note", message, path };
  }
  const suggestion = suggest(family, [...instanceFamilies.keys()]);
  return {
    ...warning("unknown-family", `No family ${family} was known in ${knownUntil}; ${rest}`, path),
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
