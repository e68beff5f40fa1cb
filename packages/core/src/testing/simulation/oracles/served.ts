import type { Observation } from "../observe-provider.ts";
import type { Arrival } from "../plan-scenario.ts";
import type { Trouble } from "../trouble.ts";
import type { JobFact, Truth } from "../truth.ts";
import type { FloorMemory } from "./floors.ts";
import { covers } from "./isolation.ts";
import { wasRefused } from "./refusals.ts";

const minutes = 60_000;
/** Gates of purchases and registrations, and the doubt about machines that never boot, end within it. */
const calmMs = 15 * minutes;
/** No purchase, boot and registration take longer unless something is wrong, those of a flood of jobs before it included. */
const servedWithinMs = 6 * minutes;

/** What the oracle of served jobs remembers between looks. */
export interface ServedMemory {
  /** Since when each job waits although nothing hinders, by its id. */
  readonly waitingSinceMs: Map<string, number>;
  /** Ids of the jobs that waited when it looked last and were not to be served: refused, or of repositories with too many jobs. */
  heldBack: ReadonlySet<string>;
}

/** Nobody waits yet. */
export function createServedMemory(): ServedMemory {
  return { waitingSinceMs: new Map(), heldBack: new Set() };
}

const poolLabel = "runs-fleet/pool=";

/** The pool that the job names; without one the environment's limit alone is in its way. */
function poolNameOf(labels: readonly string[]): string {
  return labels.find((label) => label.startsWith(poolLabel))?.slice(poolLabel.length) ?? "";
}

/** Jobs that have not ended, and do not run on machines of somebody else, by their repositories. */
function openByRepository(truth: Truth): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const id of truth.openJobs) {
    const { arrival, runnerName } = truth.jobs.get(id) ?? {};
    if (runnerName !== undefined && truth.strangers.has(runnerName)) continue;
    const repository = arrival?.repository ?? "";
    counts.set(repository, (counts.get(repository) ?? 0) + 1);
  }
  return counts;
}

/** Whether the repository has more jobs than may have machines at once: some of them wait rightly. */
function isFull(truth: Truth, repository: string, open: number): boolean {
  // What it says of itself changes, and a job keeps what was said when it came.
  if (open > (truth.leastJobs.get(repository) ?? Number.POSITIVE_INFINITY)) return true;
  return truth.catalog.policies.some(
    ({ repositories, limits }) =>
      limits?.perRepository !== undefined &&
      open > limits.perRepository &&
      covers(repositories, repository),
  );
}

/** Jobs that the same runners serve: those of one runner group that ask for the same. */
function demandOf(truth: Truth, { repository, labels }: Arrival): string {
  const policy = truth.catalog.policies.find((rule) => covers(rule.repositories, repository));
  return `${policy?.runnerGroup ?? ""} ${[...labels].sort().join(" ")}`;
}

/**
 * When the oldest of the jobs was queued that a limit had held back, or that was refused, and that took a runner of ours since the
 * last look, by demand. GitHub knows of neither: it gives every runner to the oldest job that it fits, so whoever is younger needs
 * another machine.
 */
function takersOf(truth: Truth, heldBack: ReadonlySet<string>): ReadonlyMap<string, number> {
  const queuedAtMs = new Map<string, number>();
  for (const id of heldBack) {
    const job = truth.jobs.get(id);
    if (job?.arrival === undefined || job.startedAtMs === undefined) continue;
    if (!truth.machineOf.has(job.runnerName ?? "")) continue;
    const demand = demandOf(truth, job.arrival);
    queuedAtMs.set(demand, Math.min(job.queuedAtMs, queuedAtMs.get(demand) ?? job.queuedAtMs));
  }
  return queuedAtMs;
}

/** What the job asks for, when GitHub would hand it to a runner of the fleet at once. */
function wantedBy({ arrival, startedAtMs }: JobFact) {
  return arrival?.isWrong || startedAtMs !== undefined ? undefined : arrival;
}

/**
 * no-lost-job: every queued job that we accepted gets a matching runner; when nothing is wrong and no limit stands in the
 * way, as soon as a machine can be bought. Whoever counts a machine that has had its job as one that will take another
 * buys none and lets the job wait: a machine runs one job and ends, it is never capacity twice (DESIGN 3, one-shot
 * machines). Looked at once a minute, from what is queued at GitHub; counted anew whenever GitHub gave a machine of ours to
 * an older job that was refused or that its repository's limit had held back.
 */
export function judgeServed(
  { truth, judge, clock }: Observation,
  trouble: Trouble,
  floors: FloorMemory,
  memory: ServedMemory,
): void {
  const { waitingSinceMs } = memory;
  const nowMs = clock.now();
  const isCalm = trouble.calmForMs() >= calmMs;
  const open = openByRepository(truth);
  const takers = takersOf(truth, memory.heldBack);
  const heldBack = new Set<string>();
  const still = new Set<string>();
  for (const id of truth.openJobs) {
    const job = truth.jobs.get(id);
    if (!isCalm || job === undefined) continue;
    const wanted = wantedBy(job);
    if (wanted === undefined) continue;
    if (wasRefused(truth, job)) {
      // At GitHub it waits on, and takes the runner of whoever asks for the same.
      heldBack.add(id);
      continue;
    }
    const { repository, labels } = wanted;
    const limitedAtMs = floors.limitedAtMs.get(poolNameOf(labels)) ?? Number.NEGATIVE_INFINITY;
    const isHeldBack = isFull(truth, repository, open.get(repository) ?? 0);
    if (isHeldBack) heldBack.add(id);
    if (limitedAtMs === nowMs || isHeldBack) continue;
    still.add(id);
    const takerMs = takers.get(demandOf(truth, wanted)) ?? Number.POSITIVE_INFINITY;
    const sinceMs = (takerMs <= job.queuedAtMs ? undefined : waitingSinceMs.get(id)) ?? nowMs;
    waitingSinceMs.set(id, sinceMs);
    judge.check(
      "no-lost-job",
      `served ${id}`,
      nowMs - sinceMs > servedWithinMs
        ? `job ${id} (${labels.join(" ")} of ${repository}) has waited ${Math.round((nowMs - sinceMs) / minutes)} min for a machine although nothing hinders`
        : undefined,
    );
  }
  for (const id of waitingSinceMs.keys()) if (!still.has(id)) waitingSinceMs.delete(id);
  memory.heldBack = heldBack;
}
