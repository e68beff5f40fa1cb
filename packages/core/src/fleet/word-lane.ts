import { createMinuteBudget, type MinuteBudget } from "../capacity/minute-budget.ts";

/**
 * Check runs a minute and an hour: half of the 80 requests that create content which GitHub bears from an App in a minute, and a little
 * less than its 500 an hour. Who exceeds these is shut out of everything, registrations included. Source: GITHUB 1.4.
 */
const wordsPerMinute = 40;
const wordsPerHour = 450;
const hourMs = 60 * 60_000;

/** Words to developers that wait for their turn, the oldest first: a burst of jobs that wait or are refused is told of bit by bit. */
export interface WordLane {
  /** Asks for a turn for the word about a job; asking twice is asking once. */
  put(jobKey: string): void;
  /** The jobs whose turn it is; each has spent it. Those that are not owed a word any more leave the lane, and spend none. */
  take(nowMs: number, isOwed: (jobKey: string) => boolean): readonly string[];
  /** Notes a word that somebody else has said, in the order of their times. */
  note(atMs: number): void;
  /** Turns that nobody waits for. */
  left(nowMs: number): number;
  /** When the next of those that wait has its turn, epoch milliseconds; infinite: nobody waits. */
  nextMs(nowMs: number): number;
}

/**
 * Makes an empty lane.
 *
 * @param mints - A word costs GitHub what a registration costs, and never takes the place of one.
 */
export function createWordLane(mints: MinuteBudget): WordLane {
  const own = [createMinuteBudget(wordsPerMinute), createMinuteBudget(wordsPerHour, hourMs)];
  const budgets = [...own, mints];
  const waiting = new Set<string>();
  const granted = (nowMs: number): number =>
    Math.min(...budgets.map((budget) => budget.left(nowMs)));
  return {
    put: (jobKey) => waiting.add(jobKey),
    take: (nowMs, isOwed) => {
      const most = waiting.size === 0 ? 0 : granted(nowMs);
      const turns: string[] = [];
      for (const jobKey of waiting) {
        if (turns.length >= most) break;
        waiting.delete(jobKey);
        if (!isOwed(jobKey)) continue;
        for (const budget of budgets) budget.spend(nowMs);
        turns.push(jobKey);
      }
      return turns;
    },
    note: (atMs) => {
      for (const budget of own) budget.spend(atMs);
    },
    left: (nowMs) => Math.max(0, granted(nowMs) - waiting.size),
    nextMs: (nowMs) =>
      waiting.size === 0
        ? Number.POSITIVE_INFINITY
        : Math.max(nowMs, ...budgets.map((budget) => budget.nextMs(nowMs) ?? nowMs)),
  };
}
