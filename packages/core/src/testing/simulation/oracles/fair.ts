import type { FaultKind } from "../faults.ts";
import type { Observation } from "../observe-provider.ts";
import type { Changes, RecordFacts, StoredJob } from "../record-facts.ts";
import type { Trouble } from "../trouble.ts";
import type { Truth } from "../truth.ts";

/** GitHub tells whole seconds: who is older by less is not known to be older. */
const ageSlackMs = 2_000;
/** A job is expected to be reckoned with when it has been on record for so long: longer than a pass. */
const knownForMs = 5_000;

const comingStates: ReadonlySet<string> = new Set(["booting", "ready"]);

/** When GitHub queued the job. */
function queuedAtMs(truth: Truth, { jobId }: StoredJob): number {
  return truth.jobs.get(jobId)?.queuedAtMs ?? Number.POSITIVE_INFINITY;
}

/** Whether the job has a machine of ours, or may have one: what runs on somebody else's runner takes none. */
function hasMachine({ state, machineId, runnerName }: StoredJob): boolean {
  const isElsewhere = runnerName !== undefined && machineId === undefined;
  return state === "assigned" || (state === "running" && !isElsewhere);
}

/** Jobs of the repository that have machines, and older ones that will take the next: what its limit is about. */
function usedBefore(truth: Truth, records: RecordFacts, job: StoredJob): number {
  let used = 0;
  for (const other of records.jobs.values()) {
    if (other.repository.toLowerCase() !== job.repository.toLowerCase()) continue;
    const isAhead =
      other.state === "queued" &&
      other.key !== job.key &&
      queuedAtMs(truth, other) <= queuedAtMs(truth, job) + ageSlackMs;
    if (hasMachine(other) || isAhead) used += 1;
  }
  return used;
}

/** Jobs that wait and are reckoned with, oldest first: whoever is at the limit of its repository is passed over. */
function waitingJobs(
  { truth, clock }: Observation,
  records: RecordFacts,
  isOf: (job: StoredJob) => boolean,
): readonly StoredJob[] {
  const nowMs = clock.now();
  return [...records.jobs.values()]
    .filter((job) => job.state === "queued" && isOf(job) && nowMs - job.sinceMs >= knownForMs)
    .filter((job) => {
      const limit = job.placement?.perRepository;
      return limit === undefined || usedBefore(truth, records, job) < limit;
    })
    .sort((left, right) => queuedAtMs(truth, left) - queuedAtMs(truth, right));
}

/** fair: a machine that is ready, or a runner that lost its job, goes to the oldest job that it fits. */
function judgeClaims(observation: Observation, records: RecordFacts, changes: Changes): void {
  const { truth, judge } = observation;
  const claimed = new Map(
    changes.machines.flatMap(({ after }) =>
      after.state === "claimed" && after.jobKey !== undefined ? [[after.jobKey, after.fit]] : [],
    ),
  );
  for (const { before, after } of changes.jobs) {
    if (after.state !== "assigned" || before?.state !== "queued") continue;
    // One that GitHub does not know has no age.
    if (!truth.jobs.has(after.jobId)) continue;
    const fit = claimed.get(after.key);
    const [oldest] = waitingJobs(observation, records, (job) =>
      fit === undefined ? job.demand === after.demand : job.fit === fit,
    );
    const isUnfair =
      oldest !== undefined && queuedAtMs(truth, oldest) < queuedAtMs(truth, after) - ageSlackMs;
    judge.check(
      "fair",
      `claim ${after.key}`,
      isUnfair
        ? `job ${after.key} of ${after.repository} got a machine of ${fit ?? after.demand} while ${oldest.key} of ${oldest.repository} waits for one and is older`
        : undefined,
    );
  }
}

/** What there is of each fit, as the records say. */
function stockOf({ machines, attempts }: RecordFacts) {
  const coming = new Map<string, number>();
  const stopped = new Map<string, number>();
  const all = new Map<string, number>();
  const adopted = new Map<string, number>();
  let total = 0;
  const add = (counts: Map<string, number>, fit: string, count: number): void => {
    counts.set(fit, (counts.get(fit) ?? 0) + count);
  };
  for (const { fit, state, attemptId } of machines.values()) {
    total += 1;
    add(all, fit, 1);
    add(adopted, attemptId, 1);
    if (comingStates.has(state)) add(coming, fit, 1);
    if (state === "stopped") add(stopped, fit, 1);
  }
  for (const { fit, request } of attempts.values()) {
    const missing = Math.max(0, request.count - (adopted.get(request.id) ?? 0));
    total += missing;
    add(all, fit, missing);
    add(coming, fit, missing);
  }
  const of = (counts: ReadonlyMap<string, number>) => (fit: string) => counts.get(fit) ?? 0;
  return { total, coming: of(coming), stopped: of(stopped), all: of(all) };
}

/** fair: what room the environment has left goes to the oldest job, whatever it fits, and to spares last. */
function judgePurchases(observation: Observation, records: RecordFacts, changes: Changes): void {
  const { truth, judge } = observation;
  const bought = changes.attempts.filter(({ before }) => before === undefined);
  const most = truth.environmentLimit;
  if (bought.length === 0 || most === undefined) return;
  const stock = stockOf(records);
  // There is room: whoever waits, waits for something else.
  if (stock.total < most) return;
  const byFit = new Map<string, StoredJob[]>();
  for (const job of waitingJobs(observation, records, ({ fit }) => fit !== undefined)) {
    const list = byFit.get(job.fit ?? "");
    if (list) list.push(job);
    else byFit.set(job.fit ?? "", [job]);
  }
  const uncovered = [...byFit].flatMap(([fit, jobs]) => {
    const pool = truth.pools.find(({ name }) => fit === `pool:${name}`);
    const isFull = pool !== undefined && stock.all(fit) >= pool.limits.machines;
    const job = isFull ? undefined : jobs[stock.coming(fit) + stock.stopped(fit)];
    return job === undefined ? [] : [{ fit, job }];
  });
  for (const { after } of bought) {
    const { fit, reason, request } = after;
    const served = byFit.get(fit) ?? [];
    const youngest = served[Math.min(served.length, stock.coming(fit)) - 1];
    const wronged = uncovered.find(
      (other) =>
        other.fit !== fit &&
        (reason !== "demand" ||
          (youngest !== undefined &&
            queuedAtMs(truth, other.job) < queuedAtMs(truth, youngest) - ageSlackMs)),
    );
    judge.check(
      "fair",
      `purchase ${request.id}`,
      wronged === undefined
        ? undefined
        : `the last room went to ${request.count} of ${fit} for ${reason} while ${wronged.job.key} waits for ${wronged.fit} and is older`,
    );
  }
}

/** bounded: no machine is given to a repository that has as many as it may have. */
function judgeRepositories(observation: Observation, records: RecordFacts, changes: Changes): void {
  const { judge } = observation;
  for (const { before, after } of changes.jobs) {
    const limit = after.placement?.perRepository;
    if (after.state !== "assigned" || before?.state !== "queued" || limit === undefined) continue;
    let active = 0;
    for (const other of records.jobs.values()) {
      if (other.repository === after.repository && hasMachine(other)) active += 1;
    }
    judge.check(
      "bounded",
      `repository of ${after.key}`,
      active > limit
        ? `${after.repository} has ${active} jobs on machines with job ${after.key}, ${limit} may be`
        : undefined,
    );
  }
}

/**
 * Who is served, as it is stored. `isHeldBack`: registrations or purchases of some jobs may be held back after failures,
 * so that others are rightly served before them.
 */
export function judgeFairness(
  observation: Observation,
  records: RecordFacts,
  changes: Changes,
  isHeldBack: { readonly claims: boolean; readonly purchases: boolean },
): void {
  if (changes.jobs.length > 0) {
    if (!isHeldBack.claims) judgeClaims(observation, records, changes);
    judgeRepositories(observation, records, changes);
  }
  if (!isHeldBack.purchases) judgePurchases(observation, records, changes);
}

/** Kinds of trouble after which registrations of some jobs alone may be held back. */
const claimTroubles: readonly FaultKind[] = ["group-missing"];
/** Gates that such trouble shuts open within it. */
const claimsHeldMs = 12 * 60_000;
/** Gates of purchases, and the doubt about machines that never boot, end within it. */
const purchasesHeldMs = 15 * 60_000;

/** Remembers when trouble of the kinds that hold jobs back was last seen: asked at every commit. */
export function createHeldBack(
  trouble: Trouble,
  clock: Observation["clock"],
): () => { readonly claims: boolean; readonly purchases: boolean } {
  let claimTroubleMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = clock.now();
    if (claimTroubles.some((kind) => trouble.active(kind).length > 0)) claimTroubleMs = nowMs;
    return {
      claims: nowMs - claimTroubleMs < claimsHeldMs,
      purchases: trouble.calmForMs() < purchasesHeldMs,
    };
  };
}
