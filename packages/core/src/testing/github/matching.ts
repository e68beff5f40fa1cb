import type { Job, Repository, Runner } from "./model.ts";

/** Which queued job goes to which idle runner: any runner whose labels cover the job's and whose group lets the repository in. */
export interface Matching {
  /** Where the jobs of one repository and one set of labels queue together. */
  bucketOf(repository: Repository, labels: readonly string[]): string;
  /** Takes an idle runner for the job, or queues the job. */
  offerJob(job: Job): Runner | undefined;
  /** Takes the oldest job that the runner may run, or notes the runner as idle. */
  offerRunner(runner: Runner): Job | undefined;
  /** The runner is idle no more. */
  withdraw(runner: Runner): void;
}

interface Bucket {
  readonly repository: Repository;
  readonly labels: readonly string[];
  /** In order of arrival; jobs that left the queue are dropped when they come to the front. */
  jobs: Job[];
  head: number;
}

/** Lower-cased, without repetitions, in order: labels are compared so. */
export function labelKey(labels: readonly string[]): readonly string[] {
  return [...new Set(labels.map((label) => label.toLowerCase()))].sort();
}

function mayRun(runner: Runner, bucket: Pick<Bucket, "repository" | "labels">): boolean {
  const { repository } = bucket;
  if (runner.repository !== undefined) {
    if (runner.repository !== repository) return false;
  } else {
    if (runner.owner !== repository.owner) return false;
    const group = runner.owner.groups.get(runner.groupId);
    if (group === undefined) return false;
    if (repository.visibility === "public" && !group.allowsPublic) return false;
    if (group.visibility === "selected" && !group.repositories.has(repository.key)) return false;
  }
  return bucket.labels.length > 0 && bucket.labels.every((label) => runner.labelSet.has(label));
}

function front(bucket: Bucket): Job | undefined {
  while (bucket.head < bucket.jobs.length) {
    const job = bucket.jobs[bucket.head];
    if (job?.state === "queued") return job;
    bucket.head += 1;
  }
  return undefined;
}

/** An empty matching. Jobs that share a repository and labels are looked at once, whatever their number. */
export function createMatching(): Matching {
  const buckets = new Map<string, Bucket>();
  const idle = new Map<string, Set<Runner>>();
  // A bucket is forgotten when it empties, but its key must still be readable for a job that comes back.
  const shapes = new Map<
    string,
    { readonly repository: Repository; readonly labels: readonly string[] }
  >();

  const withdraw = (runner: Runner): void => {
    const alike = idle.get(runner.idleKey);
    if (alike?.delete(runner) && alike.size === 0) idle.delete(runner.idleKey);
  };
  return {
    bucketOf: (repository, labels) => {
      const sorted = labelKey(labels);
      const key = `${repository.key}\n${sorted.join("\n")}`;
      if (!shapes.has(key)) shapes.set(key, { repository, labels: sorted });
      return key;
    },
    offerJob: (job) => {
      const shape = shapes.get(job.bucket);
      if (shape === undefined) throw new Error(`Unknown bucket of job ${job.id}`);
      for (const alike of idle.values()) {
        const [runner] = alike;
        if (runner === undefined || !mayRun(runner, shape)) continue;
        withdraw(runner);
        return runner;
      }
      const bucket = buckets.get(job.bucket);
      if (bucket === undefined) buckets.set(job.bucket, { ...shape, jobs: [job], head: 0 });
      else bucket.jobs.push(job);
      return undefined;
    },
    offerRunner: (runner) => {
      let oldest: Job | undefined;
      for (const [key, bucket] of buckets) {
        const job = front(bucket);
        if (job === undefined) buckets.delete(key);
        else if (
          (oldest === undefined || job.sequence < oldest.sequence) &&
          mayRun(runner, bucket)
        ) {
          oldest = job;
        }
      }
      if (oldest === undefined) {
        const alike = idle.get(runner.idleKey);
        if (alike === undefined) idle.set(runner.idleKey, new Set([runner]));
        else alike.add(runner);
        return undefined;
      }
      const bucket = buckets.get(oldest.bucket);
      if (bucket !== undefined) bucket.head += 1;
      return oldest;
    },
    withdraw,
  };
}
