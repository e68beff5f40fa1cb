import {
  compileSchedule,
  type Diagnostic,
  parseSchedule,
  type Result,
} from "@runs-fleet/scheduling";
import * as v from "valibot";
import type { Catalog, PoolConfig } from "./catalog.ts";
import { catalogSchema } from "./catalog-schema.ts";
import { checkCatalog, maxDiagnostics } from "./check-catalog.ts";
import { withImageSource } from "./image-source.ts";
import { poolSmoothing } from "./pool-smoothing.ts";

/** Longest message: the validator's own ones quote what was given. */
const longestMessage = 300;

function codeOf(issue: v.BaseIssue<unknown>): string {
  if (issue.type === "strict_object" && issue.expected === "never") return "unknown-key";
  if (issue.type === "strict_object" && issue.received === "undefined") return "missing";
  if (issue.type === "max_length" && Array.isArray(issue.input)) return "too-many";
  return "invalid-value";
}

function toDiagnostic(issue: v.BaseIssue<unknown>): Diagnostic {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === "number" ? key : String(key)));
  const { message } = issue;
  return {
    code: codeOf(issue),
    severity: "error",
    path,
    message: message.length > longestMessage ? `${message.slice(0, longestMessage - 1)}…` : message,
  };
}

/** What only shows when a schedule and its ramps are put together: a ramp of a million steps, say. */
function compileProblems(pool: PoolConfig, index: number): readonly Diagnostic[] {
  const leadMs = pool.leadMs === "auto" ? undefined : pool.leadMs;
  try {
    compileSchedule(pool.schedule, { smoothing: poolSmoothing(pool, leadMs) });
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ code: "out-of-range", severity: "error", path: ["pools", index], message }];
  }
}

/**
 * Validates a catalog that comes from outside as plain data: forms, sizes, names that refer to one another, patterns
 * and settings of aliases, schedules of pools. Unknown keys are errors, so that a misspelt limit is not a lost one.
 *
 * @returns A fresh copy, or all problems with their paths, at most 100. Never throws on plain data.
 */
export function parseCatalog(input: unknown): Result<Catalog> {
  const parsed = v.safeParse(catalogSchema, input, { abortPipeEarly: true });
  if (!parsed.success) {
    return { ok: false, issues: parsed.issues.slice(0, maxDiagnostics).map(toDiagnostic) };
  }
  const problems = [...checkCatalog(parsed.output)];
  const pools: PoolConfig[] = [];
  for (const [index, pool] of parsed.output.pools.entries()) {
    const schedule = parseSchedule(pool.schedule);
    if (schedule.ok) {
      const shape = withImageSource(pool.shape, parsed.output);
      const read = { ...pool, shape, schedule: schedule.value };
      pools.push(read);
      problems.push(...compileProblems(read, index));
    } else {
      for (const issue of schedule.issues) {
        problems.push({ ...issue, path: ["pools", index, "schedule", ...issue.path] });
      }
    }
    if (problems.length > maxDiagnostics) break;
  }
  if (problems.length > 0) return { ok: false, issues: problems.slice(0, maxDiagnostics) };
  return { ok: true, value: { ...parsed.output, pools } };
}
