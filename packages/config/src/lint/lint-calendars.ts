import type { FieldIssue } from "../issues/issue.ts";
import type { LintInput } from "./lint-input.ts";

/**
 * Calendars that nothing refers to. Runners and images without a pool are not told: jobs name them by their labels,
 * `runner=std` and `image=ubuntu`.
 */
export function lintCalendars({
  form: { calendars = {}, pools = {} },
  isWhole,
}: LintInput): readonly FieldIssue[] {
  if (!isWhole(["pools"], ["calendars"])) return [];
  const used = new Set(
    Object.values(pools).flatMap(({ schedule = [], exceptions = [] }) => [
      ...schedule.flatMap(({ dates = [] }) => dates),
      ...exceptions.flatMap(({ dates }) => dates),
    ]),
  );
  return Object.keys(calendars)
    .filter((name) => !used.has(name))
    .map((name) => ({
      rule: "unused-definition",
      severity: "note",
      message: `No entry and no exception refers to calendar ${name}`,
      path: ["calendars", name],
      isAboutKey: true,
    }));
}
