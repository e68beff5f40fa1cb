import * as v from "valibot";
import type { FakeGitHubExchange } from "../../github/index.ts";
import type { Observation } from "../observe-provider.ts";
import type { RecordFacts } from "../record-facts.ts";
import type { Trouble } from "../trouble.ts";

const seconds = 1_000;
const minutes = 60 * seconds;
/** Two controllers may each be off by five seconds, in opposite directions; GitHub tells whole seconds. */
const clockSlackMs = 12 * seconds;
/** A start is known this long after it, once nothing has been wrong for longer. */
const knownWithinMs = 1 * minutes;
const calmMs = 3 * minutes;
/** A word that GitHub confirmed is on record by then, whatever became of whoever said it. */
const confirmedWithinMs = 3 * minutes;
/** A word that is due is said within it. */
const toldWithinMs = 3 * minutes;
/** Words are said at this pace when many are due, and then no word is late. A controller says up to 40 a minute, and 450 an hour. */
const manyPerMinute = 30;
const manyPerHour = 440;
/** Who says more in a minute is shut out of GitHub. Source: GITHUB 1.4. */
const mostPerMinute = 80;
const hourMs = 60 * minutes;
/** One that an outage held up is tried again within it. */
const mendedWithinMs = 7 * minutes;

/** A check run as GitHub took it. */
export interface TakenCheck {
  /** Key of the job that it speaks of. */
  readonly externalId: string;
  /** It says that the job waits. */
  readonly isWaiting: boolean;
  /** It was made, not changed. */
  readonly isNew: boolean;
}

/** What developers were told, by the keys of their jobs. */
export interface ToldMemory {
  /** When GitHub last took the word that the job waits. */
  readonly waitingMs: Map<string, number>;
  /** When its first check run was made. */
  readonly madeMs: Map<string, number>;
  /** Jobs whose check run says that they wait. */
  readonly waiting: Set<string>;
  /** When words were taken in the last hour, oldest first, each about whatever job. */
  saidMs: readonly number[];
  /** When so many were last said that others had to wait for their turn. */
  crowdedMs: number;
}

/** Nobody was told anything. */
export function createToldMemory(): ToldMemory {
  return {
    waitingMs: new Map(),
    madeMs: new Map(),
    waiting: new Set(),
    saidMs: [],
    crowdedMs: Number.NEGATIVE_INFINITY,
  };
}

const routes: ReadonlySet<string> = new Set([
  "/repos/{owner}/{repo}/check-runs",
  "/repos/{owner}/{repo}/check-runs/{check_run_id}",
]);
const answerSchema = v.object({
  external_id: v.string(),
  output: v.object({ title: v.nullable(v.string()) }),
});
const waitingHeadline = /^Waits for /;

/** The check run that GitHub took in an exchange, if it took one. */
export function takenCheck({
  method,
  route,
  status,
  response,
}: FakeGitHubExchange): TakenCheck | undefined {
  if (method === "GET" || status >= 300 || !routes.has(route ?? "")) return undefined;
  const read = v.safeParse(answerSchema, response);
  if (!read.success) return undefined;
  const { external_id: externalId, output } = read.output;
  const isWaiting = waitingHeadline.test(output.title ?? "");
  return { externalId, isWaiting, isNew: status === 201 };
}

/** Counts a word; call-budget: GitHub takes only so many a minute. */
function countWord({ judge, clock }: Observation, memory: ToldMemory): void {
  const nowMs = clock.now();
  memory.saidMs = [...memory.saidMs.filter((atMs) => atMs > nowMs - hourMs), nowMs];
  const inMinute = memory.saidMs.filter((atMs) => atMs > nowMs - minutes).length;
  if (inMinute >= manyPerMinute || memory.saidMs.length >= manyPerHour) memory.crowdedMs = nowMs;
  judge.check(
    "call-budget",
    "words",
    inMinute > mostPerMinute ? `${inMinute} words were said in a minute` : undefined,
  );
}

/** How long a word has been due, milliseconds; not while others had their turns, nor while the hour's words are spent. */
export function overdueMs(
  { saidMs, crowdedMs }: Pick<ToldMemory, "saidMs" | "crowdedMs">,
  dueMs: number,
  nowMs: number,
): number {
  const inHour = saidMs.filter((atMs) => atMs > nowMs - hourMs).length;
  return inHour >= manyPerHour ? 0 : nowMs - Math.max(dueMs, crowdedMs);
}

/**
 * told-in-time: a developer is told that their job waits only when the configuration asks for it, when it has waited for so long, and
 * while it waits; once, on one check run.
 */
export function judgeTelling(
  { truth, judge, clock, trace }: Observation,
  trouble: Trouble,
  memory: ToldMemory,
  { externalId, isWaiting, isNew }: TakenCheck,
): void {
  const nowMs = clock.now();
  countWord({ truth, judge, clock, trace }, memory);
  const isCalm = trouble.calmForMs() >= calmMs;
  const check = (what: string, problem: string | false): void =>
    judge.check(
      "told-in-time",
      `${what} ${externalId}`,
      problem === false ? undefined : `the developer of job ${externalId} ${problem}`,
    );
  const madeMs = memory.madeMs.get(externalId);
  if (isNew) {
    const isSecond = madeMs !== undefined && nowMs - madeMs > confirmedWithinMs;
    check("second", isSecond && "has two check runs about it");
    if (madeMs === undefined) memory.madeMs.set(externalId, nowMs);
  }
  if (!isWaiting) {
    memory.waiting.delete(externalId);
    return;
  }
  memory.waiting.add(externalId);
  const { unserved } = truth.catalog;
  check("unasked", unserved === undefined && "is told that it waits, which nobody asked for");
  const beforeMs = memory.waitingMs.get(externalId);
  const isRepeated = beforeMs !== undefined && nowMs - beforeMs > confirmedWithinMs && isCalm;
  check("again", isRepeated && "is told again that it waits");
  memory.waitingMs.set(externalId, nowMs);
  const job = truth.jobs.get(externalId.split(".", 1)[0] ?? "");
  if (job === undefined || unserved === undefined) return;
  const ageMs = nowMs - job.queuedAtMs;
  check(
    "early",
    ageMs < unserved.afterMs - clockSlackMs &&
      `is told that it waits after ${Math.round(ageMs / seconds)} s, and is to be told after ${unserved.afterMs / seconds}`,
  );
  const { startedAtMs, completedAtMs } = job;
  const servedMs = nowMs - (startedAtMs ?? completedAtMs ?? nowMs);
  check(
    "served",
    isCalm &&
      servedMs > knownWithinMs &&
      `is told that it waits ${Math.round(servedMs / seconds)} s after it had begun or ended`,
  );
}

/** told-in-time: in calm, nobody reads of a job that it waits which began or ended a while ago. Looked at once a minute. */
export function judgeToldEnds(
  { truth, judge, clock }: Observation,
  trouble: Trouble,
  memory: ToldMemory,
): void {
  if (trouble.calmForMs() < mendedWithinMs) return;
  for (const key of memory.waiting) {
    const job = truth.jobs.get(key.split(".", 1)[0] ?? "");
    const overMs = job?.startedAtMs ?? job?.completedAtMs;
    if (overMs === undefined) continue;
    const lateMs = overdueMs(memory, overMs, clock.now());
    judge.check(
      "told-in-time",
      `over ${key}`,
      lateMs < mendedWithinMs
        ? undefined
        : `the check run of job ${key} still says that it waits, ${Math.round(lateMs / minutes)} min after it began or ended`,
    );
  }
}

/** told-in-time: in calm, whoever waits for longer than the configuration says has been told. Looked at once a minute. */
export function judgeToldWaits(
  { truth, judge, clock }: Observation,
  trouble: Trouble,
  memory: ToldMemory,
  records: RecordFacts,
): void {
  const { unserved } = truth.catalog;
  if (unserved === undefined || trouble.calmForMs() < mendedWithinMs) return;
  for (const { key, jobId, state, sinceMs, knownMs } of records.jobs.values()) {
    const job = truth.jobs.get(jobId);
    if (state !== "queued" || job === undefined || job.startedAtMs !== undefined) continue;
    // One that was given back was not spoken of while it was promised a machine.
    const dueMs = Math.max(knownMs + unserved.afterMs, sinceMs);
    const lateMs = overdueMs(memory, dueMs, clock.now());
    if (lateMs < toldWithinMs) continue;
    judge.check(
      "told-in-time",
      `due ${key}`,
      memory.waitingMs.has(key)
        ? undefined
        : `job ${key} should have been told of ${Math.round(lateMs / minutes)} min ago, and nobody was told that it waits`,
    );
  }
}
