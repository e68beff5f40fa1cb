import type { Visibility } from "../../ports/demand-event.ts";

/** A repository, as far as its jobs' places depend on it. */
export interface RecordedRepository {
  /** `owner/name`. */
  readonly name: string;
  /** Who can see it. */
  readonly visibility: Visibility;
  /** Whether it is a fork of another one. */
  readonly fork: boolean;
}

/** A workflow run that GitHub has on record. */
export interface RecordedRun {
  /** Decimal digits. */
  readonly id: string;
  /** Its newest attempt, from 1. */
  readonly attempt: number;
  /** Whether its newest attempt has ended. */
  readonly finished: boolean;
  /** How its newest attempt ended, in GitHub's words. */
  readonly conclusion?: string;
  /** When its first attempt was created, epoch milliseconds: re-runs leave it as it is. */
  readonly createdAtMs?: number;
  /** When something last happened to it, epoch milliseconds. */
  readonly updatedAtMs?: number;
}

/** One attempt of a job that GitHub has on record. */
export interface RecordedJob {
  /** Decimal digits; every attempt has its own. */
  readonly id: string;
  /** The run that it belongs to, decimal digits. */
  readonly runId: string;
  /** The attempt of its run, from 1. */
  readonly attempt: number;
  /** Whether it has ended. */
  readonly finished: boolean;
  /** What `runs-on` said, at most 101 labels of 257 characters. */
  readonly labels: readonly string[];
  /** How it ended, in GitHub's words. */
  readonly conclusion?: string;
  /** The runner that had it. */
  readonly runnerName?: string;
  /** That runner's group. */
  readonly runnerGroup?: string;
  /** When it was queued, epoch milliseconds. */
  readonly createdAtMs?: number;
  /** When a runner started it, epoch milliseconds; for a job that never ran, when it was queued. */
  readonly startedAtMs?: number;
  /** When it ended, epoch milliseconds. */
  readonly completedAtMs?: number;
}

/** One page of a list. */
export interface HistoryPage<T> {
  /** What this page lists, in the order of GitHub's answer. */
  readonly items: readonly T[];
  /** How many GitHub counts in the whole list; absent where it does not say. */
  readonly total?: number;
  /** Whether the list goes on. */
  readonly more: boolean;
  /** To ask whether this page has changed. */
  readonly etag?: string;
}

/** What an answer tells of the caller's budget; `undefined` where it says nothing. */
export interface HistoryBudget {
  /** Status of the answer. */
  readonly status: number;
  /** Calls an hour. */
  readonly limit?: number | undefined;
  /** Calls that are left until `resetMs`. */
  readonly remaining?: number | undefined;
  /** When the budget is full again, by the local clock, epoch milliseconds. */
  readonly resetMs?: number | undefined;
  /** Scopes of a classic token, such as `repo`; absent for tokens that have none. */
  readonly scopes?: readonly string[] | undefined;
}
