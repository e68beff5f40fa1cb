import type { Policy, RoutedJob, RouteIssue } from "./catalog.ts";
import { matchesSome } from "./glob.ts";
import type { Shape } from "./shape.ts";

/** What a job wants to use. */
export interface Wish {
  readonly environment: string;
  readonly pool?: string;
  readonly shape: Shape;
}

/** The rule that allows a wish, or why none does. */
export type PolicyAnswer =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly issues: readonly RouteIssue[] };

/** How near a rule came, and why it stopped there. More is nearer. */
interface Refusal {
  readonly rank: number;
  readonly issues: readonly RouteIssue[];
}

function refuse(rank: number, code: RouteIssue["code"], message: string): Refusal {
  return { rank, issues: [{ code, message }] };
}

/** Why a rule does not cover the repository; `undefined` when it does. */
function identityRefusal(policy: Policy, job: RoutedJob): Refusal | undefined {
  const { name } = policy;
  if (!matchesSome(policy.repositories, job.repository)) {
    return refuse(0, "no-policy", `No policy names ${job.repository}; add it to one`);
  }
  if (!(policy.visibility ?? ["private", "internal"]).includes(job.visibility)) {
    const message = `Policy ${name} names ${job.repository} but does not allow ${job.visibility} repositories; add ${job.visibility} to its visibility if that is meant`;
    return refuse(1, "no-policy", message);
  }
  if (job.fork && policy.forks !== true) {
    const message = `Policy ${name} names ${job.repository} but does not allow forks, and it is one; set its forks to true if that is meant`;
    return refuse(2, "no-policy", message);
  }
  for (const [property, wanted] of Object.entries(policy.properties ?? {})) {
    if (job.properties?.[property] === wanted) continue;
    const message = `Policy ${name} wants the custom property ${property} of ${job.repository} to be ${wanted}, and it is not`;
    return refuse(3, "no-policy", message);
  }
  return undefined;
}

/** Why a rule that covers the repository does not allow the wish; `undefined` when it does. */
function useRefusal(policy: Policy, job: RoutedJob, wish: Wish): Refusal | undefined {
  const { name, allow } = policy;
  const issues: RouteIssue[] = [];
  if (allow.environments !== undefined && !matchesSome(allow.environments, wish.environment)) {
    const message = `Policy ${name} does not let ${job.repository} use environment ${wish.environment}; it may use ${listed(allow.environments)}`;
    issues.push({ code: "forbidden-environment", message });
  }
  if (
    wish.pool !== undefined &&
    allow.pools !== undefined &&
    !matchesSome(allow.pools, wish.pool)
  ) {
    const message = `Policy ${name} does not let ${job.repository} use pool ${wish.pool}; it may use ${listed(allow.pools)}`;
    issues.push({ code: "forbidden-pool", message });
  }
  const { max } = wish.shape.cpu;
  if (allow.maxCpu !== undefined && max > allow.maxCpu) {
    const message = `Policy ${name} lets ${job.repository} use at most ${allow.maxCpu} vCPUs, and this is up to ${max}`;
    issues.push({ code: "forbidden-shape", message });
  }
  return issues.length === 0 ? undefined : { rank: 7 - issues.length, issues };
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

function nearestOf(refusals: readonly Refusal[], job: RoutedJob): readonly RouteIssue[] {
  let best = refuse(-1, "no-policy", `There is no policy, so ${job.repository} may use nothing`);
  for (const refusal of refusals) if (refusal.rank > best.rank) best = refusal;
  return best.issues;
}

/**
 * The rules that cover the job's repository, in order; or why none does.
 *
 * Private and internal repositories that are no forks are covered unless a rule says more.
 */
export function coveringPolicies(
  policies: readonly Policy[],
  job: RoutedJob,
):
  | { readonly ok: true; readonly policies: readonly Policy[] }
  | { readonly ok: false; readonly issues: readonly RouteIssue[] } {
  const covering: Policy[] = [];
  const refusals: Refusal[] = [];
  for (const policy of policies) {
    const refusal = identityRefusal(policy, job);
    if (refusal === undefined) covering.push(policy);
    else refusals.push(refusal);
  }
  if (covering.length > 0) return { ok: true, policies: covering };
  return { ok: false, issues: nearestOf(refusals, job) };
}

/** The first of the covering rules that allows the wish; or what the one that came closest says. */
export function choosePolicy(
  covering: readonly Policy[],
  job: RoutedJob,
  wish: Wish,
): PolicyAnswer {
  const refusals: Refusal[] = [];
  for (const policy of covering) {
    const refusal = useRefusal(policy, job, wish);
    if (refusal === undefined) return { ok: true, policy };
    refusals.push(refusal);
  }
  return { ok: false, issues: nearestOf(refusals, job) };
}
