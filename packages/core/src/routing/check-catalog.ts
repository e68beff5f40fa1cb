import type { Diagnostic } from "@runs-fleet/scheduling";
import { parseBuiltinRunner } from "./builtin-runner.ts";
import type { Catalog, PoolConfig } from "./catalog.ts";
import { checkAlias } from "./check-alias.ts";
import type { Shape } from "./shape.ts";
import { nearest } from "./suggest.ts";

type Path = Diagnostic["path"];

/** Most problems that one answer reports. */
export const maxDiagnostics = 100;

function isPattern(name: string): boolean {
  return name.includes("*") || name.includes("?");
}

/** A catalog whose schedules are still to be read. */
type Unscheduled = Omit<Catalog, "pools"> & {
  readonly pools: readonly Omit<PoolConfig, "schedule">[];
};

/** How the parts of a catalog of the right form fit together: names, references, aliases. */
export function checkCatalog(catalog: Unscheduled): readonly Diagnostic[] {
  const problems: Diagnostic[] = [];
  const problem = (code: string, path: Path, message: string, suggestion?: string) =>
    problems.push({
      code,
      severity: "error",
      path,
      message,
      ...(suggestion === undefined ? {} : { suggestion }),
    });

  const unique = (kind: string, at: Path, names: readonly string[], leaf?: string) => {
    const seen = new Set<string>();
    names.forEach((name, index) => {
      const path = leaf === undefined ? [...at, index] : [...at, index, leaf];
      if (seen.has(name)) problem("duplicate-name", path, `There are two of ${kind} ${name}`);
      seen.add(name);
    });
    return seen;
  };
  const exists = (kind: string, known: ReadonlySet<string>, name: string, path: Path) => {
    if (known.has(name)) return true;
    // What is not told needs no guess: a thousand names times a thousand others take a while.
    const near = problems.length < maxDiagnostics ? nearest(name, [...known]) : undefined;
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    problem(`unknown-${kind}`, path, `There is no ${kind} ${name}${hint}`, near);
    return false;
  };

  const environments = unique(
    "environment",
    ["environments"],
    catalog.environments.map(({ name }) => name),
    "name",
  );
  const pools = unique(
    "pool",
    ["pools"],
    catalog.pools.map(({ name }) => name),
    "name",
  );
  const images = unique("image", ["images"], catalog.images);
  for (const name of Object.keys(catalog.imageSources ?? {})) {
    exists("image", images, name, ["imageSources", name]);
  }
  unique(
    "policy",
    ["policies"],
    catalog.policies.map(({ name }) => name),
    "name",
  );
  const regions = new Map(
    catalog.environments.map((place) => [place.name, new Set(place.regions)]),
  );
  catalog.environments.forEach((place, index) => {
    unique("region", ["environments", index, "regions"], place.regions);
  });
  exists("environment", environments, catalog.defaultEnvironment, ["defaultEnvironment"]);

  const checkShape = (shape: Shape, path: Path) => {
    if (shape.image !== undefined) exists("image", images, shape.image, [...path, "image"]);
  };
  catalog.pools.forEach((pool, index) => {
    const path = ["pools", index] as const;
    checkShape(pool.shape, [...path, "shape"]);
    unique(
      "region",
      [...path, "regions"],
      pool.regions.map(({ name }) => name),
      "name",
    );
    if (!exists("environment", environments, pool.environment, [...path, "environment"])) return;
    const known = regions.get(pool.environment) ?? new Set();
    pool.regions.forEach((region, at) => {
      if (known.has(region.name)) return;
      const message = `Environment ${pool.environment} has no region ${region.name}; it has ${[...known].join(", ")}`;
      problem("unknown-region", [...path, "regions", at, "name"], message);
    });
  });

  for (const [name, shape] of Object.entries(catalog.runners ?? {})) {
    const path = ["runners", name] as const;
    checkShape(shape, path);
    if (parseBuiltinRunner(name) !== undefined) {
      problem("reserved-name", path, `${name} is the name of a built-in runner; choose another`);
    }
  }
  catalog.policies.forEach(({ allow }, index) => {
    const path = ["policies", index, "allow"] as const;
    allow.environments?.forEach((name, at) => {
      if (!isPattern(name))
        exists("environment", environments, name, [...path, "environments", at]);
    });
    allow.pools?.forEach((name, at) => {
      if (!isPattern(name)) exists("pool", pools, name, [...path, "pools", at]);
    });
  });
  catalog.aliases?.forEach((alias, index) => {
    for (const issue of checkAlias(alias, catalog.runners)) {
      problems.push({ ...issue, path: ["aliases", index, ...issue.path] });
    }
  });
  return problems;
}
