/** Visibility of a repository on GitHub. */
export type Visibility = "public" | "private" | "internal";

/** What happened to a job, as GitHub's `workflow_job` says: a small projection of it. */
export interface JobEvent {
  readonly kind: "job";
  readonly action: "queued" | "in_progress" | "completed" | "waiting";
  /** Decimal digits. */
  readonly jobId: string;
  /** Decimal digits. */
  readonly runId: string;
  /** 1 when the body does not say. */
  readonly attempt: number;
  /** `owner/name`. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly visibility: Visibility;
  /** Whether the repository is a fork. A pull request from a fork cannot be told from this. */
  readonly fork: boolean;
  /** As the job wrote them. */
  readonly labels: readonly string[];
  readonly headSha?: string;
  readonly conclusion?: string;
  readonly runnerId?: string;
  readonly runnerName?: string;
  readonly createdAtMs?: number;
  readonly startedAtMs?: number;
  readonly completedAtMs?: number;
  readonly deliveryId: string;
  readonly receivedAtMs: number;
}

/** A push, for those who watch a configuration file. */
export interface PushEvent {
  readonly kind: "push";
  /** `owner/name`. */
  readonly repository: string;
  readonly ref: string;
  readonly defaultBranch: string;
  readonly before: string;
  readonly after: string;
  readonly deleted: boolean;
  readonly deliveryId: string;
  readonly receivedAtMs: number;
}

/** The small durable message that intake puts on the demand queue, at most 64 KB. */
export type DemandEvent = JobEvent | PushEvent;
