import type { FieldIssue } from "../issues/issue.ts";
import { isBelow, repair, unshared, valueAt } from "../resolve/repair.ts";
import { look } from "./look.ts";

/** Most further looks: a mistake behind a mistake behind a mistake is told with the next check. */
const mostLooks = 6;

/** Looks again at what is left when the mistakes are taken out, so that people hear of all of them at once. */
export function lookBehind(
  original: unknown,
  hiding: readonly FieldIssue[],
  tell: (issue: FieldIssue) => void,
): void {
  const document = unshared(original);
  const touched: FieldIssue["path"][] = [];
  let latest = hiding;
  for (let looks = 0; looks < mostLooks && latest.length > 0; looks += 1) {
    touched.push(...repair(document, latest));
    const next = look(document, "repaired", undefined, touched);
    for (const issue of next.issues) if (!follows(issue, touched, original)) tell(issue);
    latest = next.hiding;
  }
}

/** What is told of names that are not there, by the key under which they would be. */
const lookups: Readonly<Record<string, readonly string[]>> = {
  environments: ["unknown-environment"],
  pools: ["unknown-pool"],
  images: ["unknown-image"],
  runners: ["unknown-runner"],
  calendars: ["unknown-calendar"],
};

/** Rules that speak of names that are not there. */
export const lookupRules: ReadonlySet<string> = new Set(Object.values(lookups).flat());

/** Whether an issue may only be there because something was taken out: below that, right around it, or by its name. */
function follows(
  issue: FieldIssue,
  touched: readonly FieldIssue["path"][],
  original: unknown,
): boolean {
  const path = issue.missing === undefined ? issue.path : [...issue.path, issue.missing];
  // A single name need not be in a list, and is told of the list where it is.
  const named = [valueAt(original, issue.path)].flat();
  return (
    isBelow(path, touched) ||
    // A contradiction is between two things that are there: what was taken out has no part in it.
    (issue.rule !== "contradiction" &&
      touched.some((taken) => taken.length === path.length + 1 && isBelow(taken, [path]))) ||
    touched.some(
      (taken) =>
        lookups[String(taken[0])]?.includes(issue.rule) === true &&
        (taken.length === 1 || (taken.length === 2 && named.includes(taken[1]))),
    )
  );
}
