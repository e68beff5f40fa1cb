import type { Result } from "@runs-fleet/scheduling";
import type { Catalog, Placement, Policy, PoolConfig, RoutedJob, RouteIssue } from "./catalog.ts";
import { matchesSome } from "./glob.ts";
import { withImageSource } from "./image-source.ts";
import { narrowingIssues } from "./narrowing.ts";
import { choosePolicy, coveringPolicies } from "./policies.ts";
import { poolMisfits } from "./pool-fit.ts";
import type { RunnerRequest } from "./request.ts";
import { type AskedShape, askedShape, completeShape } from "./resolve-shape.ts";
import { nearest } from "./suggest.ts";

type Environment = Catalog["environments"][number];

function didYouMean(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates);
  return near === undefined ? "" : `; did you mean ${near}?`;
}

function mayUse(pool: PoolConfig, job: RoutedJob): boolean {
  return pool.repositories === undefined || matchesSome(pool.repositories, job.repository);
}

/** The pool that the request names. Suggests only pools that the repository may use. */
function findPool(
  name: string,
  job: RoutedJob,
  catalog: Catalog,
  covering: readonly Policy[],
  issues: RouteIssue[],
): PoolConfig | undefined {
  const pool = catalog.pools.find((candidate) => candidate.name === name);
  if (pool === undefined) {
    const usable = catalog.pools
      .filter((candidate) => mayUse(candidate, job))
      .map((candidate) => candidate.name)
      .filter((candidate) =>
        covering.some(({ allow: { pools } }) => !pools || matchesSome(pools, candidate)),
      );
    const message = `There is no pool ${name}${didYouMean(name, usable)}`;
    issues.push({ code: "unknown-pool", message });
  } else if (!mayUse(pool, job)) {
    const message = `Pool ${name} is not for ${job.repository}; its own list of repositories leaves it out`;
    issues.push({ code: "forbidden-pool", message });
  }
  return pool;
}

function findEnvironment(
  request: RunnerRequest,
  pool: PoolConfig | undefined,
  catalog: Catalog,
  issues: RouteIssue[],
): Environment | undefined {
  const name = request.environment ?? pool?.environment ?? catalog.defaultEnvironment;
  const environment = catalog.environments.find((candidate) => candidate.name === name);
  if (environment === undefined) {
    const known = catalog.environments.map((candidate) => candidate.name);
    const message = `There is no environment ${name}${didYouMean(name, known)}`;
    issues.push({ code: "unknown-environment", message });
  } else if (pool !== undefined && pool.environment !== name) {
    const message = `Pool ${pool.name} belongs to environment ${pool.environment}, and the label says env=${name}`;
    issues.push({ code: "contradiction", message });
  }
  return environment;
}

/** The regions a job may go to, in its own order, else in the pool's, else in the environment's. */
function findRegions(
  request: RunnerRequest,
  pool: PoolConfig | undefined,
  environment: Environment,
  issues: RouteIssue[],
): readonly string[] {
  const offered = pool?.regions.map(({ name }) => name) ?? environment.regions;
  // A pool never widens what its environment owns.
  const usable = offered.filter((name) => environment.regions.includes(name));
  const where = pool === undefined ? `environment ${environment.name}` : `pool ${pool.name}`;
  if (request.regions.length === 0) {
    if (usable.length === 0) {
      const message = `There is no region to use in ${where}`;
      issues.push({ code: "forbidden-region", message });
    }
    return usable;
  }
  for (const name of request.regions) {
    if (usable.includes(name)) continue;
    const message = `Region ${name} is not one of ${where}, which has ${usable.join(", ") || "none"}`;
    issues.push({ code: "forbidden-region", message });
  }
  return request.regions;
}

function checkImage(shape: AskedShape, catalog: Catalog, issues: RouteIssue[]): void {
  const { image } = shape;
  if (image === undefined || catalog.images.includes(image)) return;
  const message = `There is no image ${image}${didYouMean(image, catalog.images)}`;
  issues.push({ code: "unknown-image", message });
}

/**
 * Where a job goes: environment, regions in order, pool or shape, runner group; or every reason why it goes nowhere.
 *
 * - A repository that no policy covers hears `no-policy` alone, nothing about what exists.
 * - A pool is used only when the label names it. Its shape counts, and what the label asks for must fit it.
 * - The first policy that allows everything wins; otherwise the one that came closest gives the reasons.
 * - What the repository allows itself is asked last: it can refuse, and changes nothing else.
 *
 * Pure: the same inputs give the same answer. Never throws.
 */
export function route(
  request: RunnerRequest,
  job: RoutedJob,
  catalog: Catalog,
): Result<Placement, readonly RouteIssue[]> {
  const covering = coveringPolicies(catalog.policies, job);
  if (!covering.ok) return covering;

  const issues: RouteIssue[] = [];
  const pool =
    request.pool === undefined
      ? undefined
      : findPool(request.pool, job, catalog, covering.policies, issues);
  const environment = findEnvironment(request, pool, catalog, issues);
  const regions = environment === undefined ? [] : findRegions(request, pool, environment, issues);
  const asked = askedShape(request, catalog, issues);
  const shape = pool?.shape ?? withImageSource(completeShape(asked, request), catalog);
  checkImage(asked, catalog, issues);
  if (pool !== undefined) {
    if (asked.image === undefined) checkImage(pool.shape, catalog, issues);
    for (const misfit of poolMisfits(asked, pool.shape)) {
      issues.push({ code: "contradiction", message: `Pool ${pool.name} does not fit: ${misfit}` });
    }
  }
  // Without its pool or environment a wish is not known, so no rule can speak of it.
  if (environment === undefined || (request.pool !== undefined && pool === undefined)) {
    return { ok: false, issues };
  }
  const wish = {
    environment: environment.name,
    shape,
    ...(pool === undefined ? {} : { pool: pool.name }),
  };
  const chosen = choosePolicy(covering.policies, job, wish);
  issues.push(...(chosen.ok ? narrowingIssues(job, wish) : chosen.issues));
  if (!chosen.ok || issues.length > 0) return { ok: false, issues };
  const { name, runnerGroup } = chosen.policy;
  return {
    ok: true,
    value: {
      ...wish,
      regions,
      labels: request.labels,
      policy: name,
      ...(runnerGroup === undefined ? {} : { runnerGroup }),
    },
  };
}
