import { matchesRepository as matchesName, type Narrowing } from "@runs-fleet/core";
import { suggest } from "../cli/suggest.ts";
import type { FieldIssue } from "../issues/issue.ts";
import type { FleetConfig } from "../parse-config.ts";

/**
 * Names and patterns of a repository's file that match nothing of the organisation's. They do no harm, and are no errors: the
 * organisation may rename a pool without asking every repository.
 */
export function unmatchedNames(
  { environments = [], pools = [] }: Omit<Narrowing, "version">,
  { catalog }: FleetConfig,
): readonly FieldIssue[] {
  const look = (key: string, one: string, given: readonly string[], known: readonly string[]) =>
    given.flatMap((name, index): readonly FieldIssue[] => {
      if (known.some((candidate) => matchesName([name], candidate))) return [];
      const suggestion = suggest(name, known);
      return [
        {
          rule: "unmatched-glob",
          severity: "warning",
          message: `The organisation has no ${one} ${name}`,
          path: ["narrow", key, index],
          ...(suggestion === undefined ? {} : { suggestion }),
        },
      ];
    });
  const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);
  return [
    ...look("environments", "environment", environments, names(catalog.environments)),
    ...look("pools", "pool", pools, names(catalog.pools)),
  ];
}
