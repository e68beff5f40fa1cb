/** Visibility of a repository on GitHub. */
export type Visibility = "public" | "private" | "internal";

/** What happened to a job, as GitHub's `workflow_job` says: a small projection of it. */
export interface JobEvent {
  /** Tells it from a push. */
  readonly kind: "job";
  /** GitHub's word for what happened; `waiting`: behind an environment's gate. */
  readonly action: "queued" | "in_progress" | "completed" | "waiting";
  /** Decimal digits. */
  readonly jobId: string;
  /** Decimal digits. */
  readonly runId: string;
  /** 1 when the body does not say. */
  readonly attempt: number;
  /** Name of the job in its workflow, with the values of its matrix; the same in every attempt. Absent: not said. */
  readonly name?: string;
  /** `owner/name`. */
  readonly repository: string;
  /** GitHub's id of the repository, decimal digits; it survives a renaming. */
  readonly repositoryId: string;
  /** Who can see the repository. */
  readonly visibility: Visibility;
  /** Whether the repository is a fork. A pull request from a fork cannot be told from this. */
  readonly fork: boolean;
  /** Custom properties of the repository that are one text each, by name, at most 100. Absent: none are known. */
  readonly properties?: Readonly<Record<string, string>>;
  /** As the job wrote them. */
  readonly labels: readonly string[];
  /** Commit that the run is about. Absent: not said. */
  readonly headSha?: string;
  /** GitHub's conclusion, such as `success`; with `completed` only. */
  readonly conclusion?: string;
  /** Runner that took the job, decimal digits. */
  readonly runnerId?: string;
  /** Name under which that runner was registered. */
  readonly runnerName?: string;
  /** When the job was created, epoch milliseconds by GitHub. */
  readonly createdAtMs?: number;
  /** When a runner started it, epoch milliseconds by GitHub. */
  readonly startedAtMs?: number;
  /** When it ended, epoch milliseconds by GitHub. */
  readonly completedAtMs?: number;
  /** Webhook delivery, or other origin, that told of it. */
  readonly deliveryId: string;
  /** When we received it, epoch milliseconds. */
  readonly receivedAtMs: number;
}

/** A push, for those who watch a configuration file. */
export interface PushEvent {
  /** Tells it from a job. */
  readonly kind: "push";
  /** `owner/name`. */
  readonly repository: string;
  /** Full ref that moved, such as `refs/heads/main`. */
  readonly ref: string;
  /** Name of the repository's default branch, such as `main`. */
  readonly defaultBranch: string;
  /** Commit before the push; forty zeros when the ref is new. */
  readonly before: string;
  /** Commit after the push; forty zeros when the ref is gone. */
  readonly after: string;
  /** Whether the push removed the ref. */
  readonly deleted: boolean;
  /**
   * Files directly in `.github/` that its commits touch, as GitHub lists them; a hint, no more. Absent: not known, because the
   * push was forced, or has too many commits or files.
   */
  readonly touched?: readonly string[];
  /** When it was pushed, epoch milliseconds by GitHub, to the second. */
  readonly pushedAtMs?: number;
  /** Webhook delivery that told of it. */
  readonly deliveryId: string;
  /** When we received it, epoch milliseconds. */
  readonly receivedAtMs: number;
}

/** The small durable message that intake puts on the demand queue, at most 64 KB. */
export type DemandEvent = JobEvent | PushEvent;
