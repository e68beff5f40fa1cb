import type { Catalog, PoolConfig } from "@runs-fleet/core";
import type { Result } from "@runs-fleet/scheduling";
import type { Problem } from "../cli/problem.ts";
import { suggest } from "../cli/suggest.ts";

/** The pools of these names, in this order, each once; all pools when none is named. Names that no pool has are told, all of them. */
export function namedPools(
  { pools }: Pick<Catalog, "pools">,
  names: readonly string[],
): Result<readonly PoolConfig[], readonly Problem[]> {
  if (names.length === 0) return { ok: true, value: pools };
  const known = pools.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    return { ok: false, issues: unknown.map((name) => unknownPool(name, known)) };
  }
  return {
    ok: true,
    value: [...new Set(names)].flatMap((name) => pools.filter((pool) => pool.name === name)),
  };
}

/** Most names that are listed where none is near. */
const mostNames = 10;

function unknownPool(name: string, known: readonly string[]): Problem {
  const suggestion = suggest(name, known);
  const others = known.length > mostNames ? ` and ${known.length - mostNames} more` : "";
  const there =
    known.length === 0
      ? "there is none"
      : `there are ${known.slice(0, mostNames).join(", ")}${others}`;
  return {
    code: "unknown-pool",
    message: `There is no pool ${JSON.stringify(name)}; ${there}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
