import {
  type Catalog,
  labelSetKey,
  matchesSome,
  type Placement,
  parseLabels,
  route,
} from "../../routing/index.ts";
import { defaultGroupId, groupNameOf, groupNumbers, noGroupId } from "./groups.ts";
import type { JobLife } from "./lives.ts";
import type { SimulatedJob } from "./options.ts";
import { type JobGroup, noPool } from "./report.ts";

/** Jobs that are simulated, in order of time, and those that are not. */
export interface Admission {
  readonly lives: readonly JobLife[];
  readonly leftOut: readonly JobGroup[];
}

const examplesShown = 3;

/** Collects jobs by code, and remembers a few of each. */
export function createJobGroups() {
  const groups = new Map<string, { reason: string; jobs: number; examples: string[] }>();
  return {
    add(code: string, reason: string, example: string): void {
      const group = groups.get(code) ?? { reason, jobs: 0, examples: [] };
      groups.set(code, group);
      group.jobs += 1;
      if (group.examples.length < examplesShown) group.examples.push(example);
    },
    /** By code, the largest first. */
    all(): readonly JobGroup[] {
      return [...groups]
        .map(([code, group]) => ({ code, ...group }))
        .sort((left, right) => right.jobs - left.jobs || (left.code < right.code ? -1 : 1));
    },
  };
}

/** How reports name a job. */
export function nameOf(job: SimulatedJob, index: number): string {
  return job.id ?? `#${index + 1}`;
}

type Destination =
  | { readonly kind: "not-ours" }
  | { readonly kind: "refused" }
  | { readonly kind: "placed"; readonly placement: Placement };

function destinationOf(job: SimulatedJob, catalog: Catalog): Destination {
  const parsed = parseLabels(job.labels, catalog);
  if (parsed === undefined) return { kind: "not-ours" };
  if (!parsed.ok) return { kind: "refused" };
  const { repository, visibility = "private", fork = false } = job;
  const routed = route(parsed.value, { repository, visibility, fork }, catalog);
  return routed.ok ? { kind: "placed", placement: routed.value } : { kind: "refused" };
}

/** Each label set of each repository is routed once. */
function createRouter(catalog: Catalog): (job: SimulatedJob, labelSet: string) => Destination {
  const known = new Map<string, Destination>();
  return (job, labelSet) => {
    const key = `${job.repository}|${job.visibility ?? "private"}|${job.fork ?? false}|${labelSet}`;
    const found = known.get(key) ?? destinationOf(job, catalog);
    known.set(key, found);
    return found;
  };
}

/** Decides which jobs are simulated, and to which shard each is told. */
export function admitJobs(
  catalog: Catalog,
  jobs: readonly SimulatedJob[],
  horizon: { readonly fromMs: number; readonly toMs: number },
): Admission {
  const groups = createJobGroups();
  const destination = createRouter(catalog);
  const numbers = groupNumbers(catalog);
  const ordered = jobs
    .map((job, index) => ({ job, index }))
    .sort((left, right) => left.job.queuedAtMs - right.job.queuedAtMs || left.index - right.index);
  const home = catalog.environments.find(({ name }) => name === catalog.defaultEnvironment);
  const homeShard = `${catalog.defaultEnvironment}/${home?.regions[0] ?? ""}`;
  const { rollout } = catalog;
  const lives: JobLife[] = [];
  for (const { job, index } of ordered) {
    const leave = (code: string, reason: string): void =>
      groups.add(code, reason, nameOf(job, index));
    if (job.queuedAtMs < horizon.fromMs || job.queuedAtMs >= horizon.toMs) {
      leave("outside-horizon", "Queued before or after the time that was simulated");
      continue;
    }
    if (job.conclusion === "skipped") {
      leave("skipped", "Skipped by GitHub: it never wanted a runner");
      continue;
    }
    const labelSet = labelSetKey(job.labels);
    const to = destination(job, labelSet);
    if (to.kind === "not-ours") {
      leave("not-ours", "Its labels ask for other runners than these");
      continue;
    }
    if (rollout !== undefined && !matchesSome(rollout.claim, job.repository)) {
      leave("observe-only", "Its repository is only observed: something else serves it");
      continue;
    }
    const placement = to.kind === "placed" ? to.placement : undefined;
    const rule = placement && catalog.policies.find(({ name }) => name === placement.policy);
    const repositoryLimit = rule?.limits?.perRepository;
    lives.push({
      index,
      job,
      jobId: String(index + 1),
      shard: placement ? `${placement.environment}/${placement.regions[0] ?? ""}` : homeShard,
      pool: placement?.pool ?? noPool,
      groupId: placement ? (numbers.get(groupNameOf(placement)) ?? defaultGroupId) : noGroupId,
      owner: job.repository.slice(0, job.repository.indexOf("/")).toLowerCase(),
      labelSet,
      ...(repositoryLimit === undefined ? {} : { repositoryLimit }),
      fate: "waiting",
      decisions: [],
    });
  }
  return { lives, leftOut: groups.all() };
}
