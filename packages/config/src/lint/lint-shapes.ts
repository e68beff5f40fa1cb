import { namesFamily, type Shape } from "@runs-fleet/core";
import type { ShapeForm } from "../form/file-form.ts";
import type { FieldIssue } from "../issues/issue.ts";
import { type FamilyName, familyNames } from "../resolve/family-names.ts";
import { familiesNamed, isMetal } from "./fit-families.ts";
import type { LintInput, Path } from "./lint-input.ts";
import { anyCpu, familyMisfit, findShapeProblem, type ShapeProblem } from "./shape-problem.ts";
import { unknownFamily } from "./unknown-family.ts";

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
  const texts = written.family ?? [];
  const names = familyNames(texts);
  // One need not be in a list.
  const placeOf = (index: number): Path =>
    texts.length === 1 ? [...at, "family"] : [...at, "family", index];
  const problem = findShapeProblem(shape, written.cpu !== undefined || shape.cpu === anyCpu);
  const issues: FieldIssue[] = [];
  if (problem) issues.push(impossible(problem, keyIn(written, problem, at)));
  const seen = new Set<string>();
  const several = names.filter(({ name }) => name.includes("*"));
  for (const { name, index } of names) {
    const path = placeOf(index);
    // A type beside its family says vCPUs, unless the shape does.
    const adds = ({ name: other }: FamilyName): boolean =>
      written.cpu === undefined && other.includes(".") !== name.includes(".");
    const wider = several.find(
      (other) => other.name !== name && namesFamily(other.name, name) && !adds(other),
    );
    if (seen.has(name)) {
      issues.push(warning("duplicate-family", `${name} is named twice`, path));
    } else if (!isMetal(name) && familiesNamed(name).length === 0) {
      issues.push({ ...unknownFamily(name), path });
    } else if (wider !== undefined) {
      issues.push(warning("duplicate-family", `${name} is among ${wider.name}`, path));
    } else if (!problem) {
      const misfit = familyMisfit(name, shape);
      if (misfit) {
        const message = `Never chosen: ${misfit.message}`;
        issues.push({ rule: "unused-family", severity: misfit.severity, message, path });
      }
    }
    seen.add(name);
  }
  return issues;
}

/** The key at fault; where the shape does not have it, what it has instead of it. */
function keyIn(written: ShapeForm, { key }: ShapeProblem, at: Path): Path {
  const keys = [key, "ram", "family", "generation"] as const;
  const said = keys.find((one) => written[one] !== undefined);
  return said === undefined ? at : [...at, said];
}

/** What no family can be is an error. What a family or a size to come may be is not: the table grows old. */
function impossible({ message, isCertain }: ShapeProblem, path: Path): FieldIssue {
  const severity = isCertain ? "error" : "warning";
  return { rule: "impossible-shape", severity, message, path };
}

function warning(rule: string, message: string, path: Path): FieldIssue {
  return { rule, severity: "warning", message, path };
}
