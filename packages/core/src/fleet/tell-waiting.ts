import { passingFailure } from "./check-retry.ts";
import type { FleetContext } from "./context.ts";
import type { Ledger } from "./ledger.ts";
import { type JobRecord, type Told, withHistory } from "./records.ts";

/** How often developers are told of one job that waits, if nobody confirms that they were and no outage explains it. */
const mostTries = 5;
/** When it is tried again, milliseconds. */
const againMs = 30_000;
/** During an outage ever later, and at the latest so much later. */
const latestMs = 5 * 60_000;

/**
 * When the developer of a job is told that it waits, or no longer; `undefined`: never, or it is done.
 *
 * @param afterMs - How long it waits without a word, milliseconds; infinite: for ever.
 */
function tellAtMs(
  { headSha, state, told, receivedAtMs }: JobRecord,
  afterMs: number,
): number | undefined {
  const isOwed = state === (told?.isOver ? "running" : "queued");
  if (!isOwed || headSha === undefined || told?.isDone) return undefined;
  const firstMs = told?.isOver ? told.atMs : receivedAtMs + afterMs;
  if (told === undefined) return firstMs;
  const { tries, atMs, pauseMs = againMs } = told;
  return tries < mostTries ? Math.max(firstMs, atMs + pauseMs) : undefined;
}

/**
 * What is on record of a word that GitHub did not take. An outage uses up no tries: the job is told of when GitHub is back, as long as
 * it waits.
 */
export function notTold(told: Told, error: unknown): Told {
  const passing = passingFailure(error);
  if (passing === undefined) return told;
  const laterMs = Math.min(latestMs, 2 * (told.pauseMs ?? againMs));
  return { ...told, tries: told.tries - 1, pauseMs: Math.max(laterMs, passing.retryAfterMs) };
}

/**
 * Has the developers told, by a check run, whose jobs wait longer than the configuration wants them to wait without a word; and again
 * whoever has not read yet that the wait is over. Jobs that begin, end or are refused are told of at once, elsewhere.
 *
 * @param most - Most jobs that are told of now.
 * @returns When the next one is due, epoch milliseconds.
 */
export function tellWaiting(ledger: Ledger, context: FleetContext, most: number): number {
  const { nowMs, catalog } = context;
  const afterMs = catalog.unserved?.afterMs ?? Number.POSITIVE_INFINITY;
  let nextMs = Number.POSITIVE_INFINITY;
  let left = most;
  for (const job of ledger.jobs.values()) {
    const dueMs = tellAtMs(job, afterMs);
    if (dueMs === undefined) continue;
    if (dueMs > nowMs || left <= 0) {
      nextMs = Math.min(nextMs, dueMs);
      continue;
    }
    left -= 1;
    const told = { ...job.told, atMs: nowMs, tries: (job.told?.tries ?? 0) + 1 };
    const message = "Its developer is told that it waits";
    const first = job.told === undefined;
    const why = { atMs: nowMs, code: "told", message };
    const history = first ? withHistory(job.history, why) : job.history;
    if (first) ledger.decide({ ...why, subject: { jobId: job.key } });
    ledger.putJob({ ...job, told, history });
    ledger.effect({ kind: "check", jobKey: job.key });
    nextMs = Math.min(nextMs, nowMs + (told.pauseMs ?? againMs));
  }
  return nextMs;
}
