import type { Narrowing } from "../../../routing/index.ts";
import type { Observation } from "../observe-provider.ts";
import type { Changes, StoredJob } from "../record-facts.ts";
import type { NarrowingAnswer } from "../repository-files.ts";
import type { JobFact, Truth } from "../truth.ts";
import { names } from "./globs.ts";

/** A job is on record this long after what its repository allows was asked, whatever happened on the way. */
const storedWithinMs = 3 * 60_000;

/** What each process was told that repositories allow themselves. */
export interface NarrowedMemory {
  /** Answers by process and repository, oldest first. */
  readonly answers: Map<string, NarrowingAnswer[]>;
}

/** Nobody asked yet. */
export function createNarrowedMemory(): NarrowedMemory {
  return { answers: new Map() };
}

/** Notes what a process was told. */
export function noteAnswer(
  { answers }: NarrowedMemory,
  who: string,
  repository: string,
  answer: NarrowingAnswer,
): void {
  const key = `${who} ${repository}`;
  const known = answers.get(key);
  if (known) known.push(answer);
  else answers.set(key, [answer]);
}

/** What the process may have gone by when it routed the job: what it was told lately, or last. */
function lately(
  { answers }: NarrowedMemory,
  who: string,
  repository: string,
  nowMs: number,
): readonly NarrowingAnswer[] {
  const all = answers.get(`${who} ${repository}`) ?? [];
  const recent = all.filter(({ atMs }) => nowMs - atMs <= storedWithinMs);
  return recent.length > 0 ? recent : all.slice(-1);
}

/** What the job asks for. */
interface Asked {
  readonly pool?: string | undefined;
  readonly cpu: number | undefined;
  readonly environment: string;
}

const poolLabel = /(?:^|\/)pool=([^/]+)/;
const cpuLabel = /(?:^|\/)cpu=(\d+)/;

/** The wish of the labels, read plainly: the shape of the pool that they name, else their own. */
function askedBy(truth: Truth, labels: readonly string[]): Asked {
  const text = labels.join(" ");
  const [, name] = poolLabel.exec(text) ?? [];
  const pool = truth.pools.find((own) => own.name === name);
  const [, cpu] = cpuLabel.exec(text) ?? [];
  const own = cpu === undefined ? undefined : Number(cpu);
  return { pool: name, cpu: pool?.shape.cpu.max ?? own, environment: truth.environment };
}

/** Whether the repository, read plainly, allows its jobs to have that. */
function allows(narrowing: Narrowing | undefined, { pool, cpu = 0, environment }: Asked): boolean {
  const { pools, maxCpu, environments } = narrowing ?? {};
  if (environments !== undefined && !names(environments, environment)) return false;
  if (pool !== undefined && pools !== undefined && !names(pools, pool)) return false;
  return maxCpu === undefined || cpu <= maxCpu;
}

const unbounded = Number.POSITIVE_INFINITY;

/** The largest of a bound in what the process was told. */
function largest(
  answers: readonly NarrowingAnswer[],
  of: (narrowing: Narrowing) => number | undefined,
): number {
  return Math.max(...answers.map(({ narrowing }) => (narrowing && of(narrowing)) ?? unbounded));
}

/** What is wrong with a job that got a place; `undefined`: nothing. */
function excessOf(
  answers: readonly NarrowingAnswer[],
  { key, repository, placement }: StoredJob,
  asked: Asked,
): string | undefined {
  if (answers.length === 0)
    return `job ${key} got a place, and nobody asked what ${repository} allows itself`;
  if (!answers.some(({ narrowing }) => allows(narrowing, asked)))
    return `job ${key} got ${asked.pool ?? "a machine"} of ${asked.cpu} vCPUs, which ${repository} does not allow itself`;
  const mostJobs = largest(answers, ({ maxJobs }) => maxJobs);
  const { perRepository = unbounded, maxReruns = unbounded } = placement ?? {};
  if (perRepository > mostJobs)
    return `job ${key} counts as one of ${perRepository === unbounded ? "any number" : perRepository} of ${repository}, which allows itself ${mostJobs}`;
  const mostReruns = largest(answers, (own) => own.maxReruns);
  if (maxReruns > mostReruns)
    return `job ${key} may be run again ${maxReruns === unbounded ? "at will" : `${maxReruns} times`}, and ${repository} allows itself ${mostReruns}`;
  return undefined;
}

const byRepository: ReadonlySet<string> = new Set([
  "forbidden-environment",
  "forbidden-pool",
  "forbidden-shape",
]);

/** What the job was in its first attempt, as it was planned. */
function arrivalOf({ jobs }: Truth, job: JobFact | undefined) {
  return job?.arrival ?? jobs.get(job?.originId ?? "")?.arrival;
}

/**
 * narrowed: a new job gets a place, and bounds, only as its repository allowed itself when it was routed, as far as the process that
 * routed it was told; and one is refused that the configuration allows only if its repository did not.
 */
export function judgeNarrowed(
  { truth, judge, clock }: Observation,
  memory: NarrowedMemory,
  who: string,
  { jobs }: Changes,
): void {
  for (const { before, after } of jobs) {
    if (before !== undefined || truth.observedJobs.has(after.jobId)) continue;
    const arrival = arrivalOf(truth, truth.jobs.get(after.jobId));
    if (arrival === undefined || arrival.isWrong) continue;
    const answers = lately(memory, who, after.repository, clock.now());
    const asked = askedBy(truth, arrival.labels);
    const { key, state, cause, rerunOf } = after;
    if (state === "failed" && byRepository.has(cause?.code ?? "")) {
      const isAllowed = answers.every(({ narrowing }) => allows(narrowing, asked));
      const problem = `job ${key} (${arrival.labels.join(" ")}) is refused with ${cause?.code}, and ${after.repository} allows itself that`;
      judge.check("narrowed", key, isAllowed ? problem : undefined);
    }
    // What is run again, and what runs already, is not routed anew.
    if ((state !== "queued" && state !== "assigned") || rerunOf !== undefined) continue;
    judge.check("narrowed", key, excessOf(answers, after, asked));
  }
}
