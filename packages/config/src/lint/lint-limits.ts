import type { FieldIssue } from "../issues/issue.ts";
import type { LintInput } from "./lint-input.ts";

/** Limits of pools that do not do what they seem to. */
export function lintLimits({ catalog, isWhole }: LintInput): readonly FieldIssue[] {
  return catalog.pools.flatMap(({ name, limits }) => {
    const at = ["pools", name, "limits"];
    if (!isWhole(at)) return [];
    const issues: FieldIssue[] = [];
    if (limits.createPerPass === 0 && limits.machines > 0) {
      const message = `Pool ${name} never buys a machine: no pass may; leave createPerPass out, or set machines to 0 to say so`;
      issues.push({
        rule: "never-buys",
        severity: "warning",
        message,
        path: [...at, "createPerPass"],
      });
    }
    if (limits.maxSurge === 0 && limits.maxUnavailable === 0) {
      // The controller would else wait for ever: it goes without one machine.
      const message =
        "With maxSurge 0 no machine is bought ahead, so that one at a time is missing while they are replaced, whatever maxUnavailable says";
      issues.push({
        rule: "no-room-to-replace",
        severity: "warning",
        message,
        path: [...at, "maxUnavailable"],
      });
    }
    return issues;
  });
}
