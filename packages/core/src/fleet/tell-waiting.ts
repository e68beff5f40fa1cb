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

/** When it is looked again whether there are turns for words, milliseconds. */
const turnsMs = 1_000;

/** Whether a word was decided on just now, and its turn is not spent yet or its answer not in. */
function isOnItsWay({ told }: JobRecord, nowMs: number): boolean {
  return told !== undefined && !told.isDone && nowMs < told.atMs + againMs;
}

/** How many developers can be told now. */
export interface TellingRoom {
  /** Records that the commit can still take. */
  readonly room: number;
  /** Words that GitHub still takes. */
  readonly words: number;
}

/**
 * Has the developers told, by a check run, whose jobs wait longer than the configuration wants them to wait without a word; and again
 * whoever has not read yet that the wait is over. Jobs that begin, end or are refused are told of at once, elsewhere.
 *
 * @returns When the next one is due, epoch milliseconds.
 */
export function tellWaiting(
  ledger: Ledger,
  context: FleetContext,
  { room, words }: TellingRoom,
): number {
  const { nowMs, catalog } = context;
  const afterMs = catalog.unserved?.afterMs ?? Number.POSITIVE_INFINITY;
  let nextMs = Number.POSITIVE_INFINITY;
  const due: JobRecord[] = [];
  let turns = words;
  for (const job of ledger.jobs.values()) {
    if (isOnItsWay(job, nowMs)) turns -= 1;
    const dueMs = tellAtMs(job, afterMs);
    if (dueMs === undefined) continue;
    if (dueMs <= nowMs) due.push(job);
    else nextMs = Math.min(nextMs, dueMs);
  }
  const most = Math.max(0, Math.min(room, turns));
  // Whoever has waited longest first, or those whose word failed would come before all others again.
  due.sort((left, right) => left.receivedAtMs - right.receivedAtMs);
  for (const job of due.slice(0, most)) {
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
  // A commit that is full is followed by the next one at once.
  if (due.length > most) nextMs = Math.min(nextMs, nowMs + (room <= most ? 0 : turnsMs));
  return nextMs;
}
