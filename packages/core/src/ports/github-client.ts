import type { CallOptions } from "./call-options.ts";
import type { JobEvent } from "./demand-event.ts";

/** A runner as GitHub lists it. */
export interface GitHubRunner {
  /** GitHub's id of the runner, decimal digits. */
  readonly id: string;
  /** Name under which it was registered; unique in its scope. */
  readonly name: string;
  /** Whether it runs a job. */
  readonly busy: boolean;
  /** Whether its listener is connected. */
  readonly online: boolean;
  /** Labels that it was registered with. */
  readonly labels: readonly string[];
}

/** Self-hosted runners. A scope is `orgs/<org>` or `repos/<owner>/<name>`. */
export interface GitHubRunners {
  /**
   * Registers a runner for one job and answers its credential.
   *
   * @throws A {@link FleetError} `conflict` when the name is taken, `not-found` when the scope is not ours,
   *   `config` for a bad label or group.
   */
  mint(
    scope: string,
    request: {
      readonly name: string;
      readonly labels: readonly string[];
      readonly groupId: number;
    },
    options?: CallOptions,
  ): Promise<{ readonly runnerId: string; readonly jitConfig: string }>;
  /** Every runner of the scope, all pages. */
  list(scope: string, options?: CallOptions): Promise<readonly GitHubRunner[]>;
  /** Removes a registration; one that is gone counts as removed. */
  remove(scope: string, id: string, options?: CallOptions): Promise<"removed" | "busy">;
  /** Runner groups; a repository scope has only group 1. */
  groups(
    scope: string,
    options?: CallOptions,
  ): Promise<
    readonly { readonly id: number; readonly name: string; readonly visibility: string }[]
  >;
}

/** Jobs of workflows. */
export interface GitHubJobs {
  /** The job as it is now; `undefined` when GitHub does not know it. */
  get(repository: string, jobId: string, options?: CallOptions): Promise<JobEvent | undefined>;
  /**
   * Every job of the repository that is queued now. Each active run costs a call.
   *
   * @param options - `choose`: which of the active runs to look into, and in which order; all by default.
   */
  listQueued(
    repository: string,
    options?: CallOptions & {
      readonly choose?: (runIds: readonly string[]) => readonly string[];
    },
  ): Promise<readonly JobEvent[]>;
  /** Every job of a workflow run, each in its newest attempt; none when GitHub does not know the run. */
  listOfRun(repository: string, runId: string, options?: CallOptions): Promise<readonly JobEvent[]>;
  /** Runs a job again, with those that need it; `not-yet` while its run has not concluded. */
  rerun(repository: string, jobId: string, options?: CallOptions): Promise<"accepted" | "not-yet">;
}

/** What reading a file answered. */
export type FileContents =
  | { readonly status: "ok"; readonly text: string; readonly sha: string; readonly etag: string }
  | { readonly status: "unchanged" }
  | { readonly status: "absent-or-forbidden" };

/** Files of repositories. */
export interface GitHubContents {
  /** One file at one ref; with the `etag` of an earlier answer it may be `unchanged`. */
  read(
    repository: string,
    path: string,
    ref: string,
    options?: CallOptions & { readonly etag?: string },
  ): Promise<FileContents>;
}

/** A check run: how we speak to the developer whose commit it is. */
export interface Check {
  /** Title of the check in the list of checks. */
  readonly name: string;
  /** Commit on which it stands. */
  readonly sha: string;
  /** Our key: reporting the same one again updates the check. */
  readonly externalId: string;
  /** Absent: in progress. */
  readonly conclusion?: "success" | "failure" | "neutral";
  /** Headline of its page. */
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
  /** Remarks on lines of files; lines count from 1. */
  readonly annotations: readonly {
    readonly path: string;
    readonly startLine: number;
    readonly endLine: number;
    readonly level: "notice" | "warning" | "failure";
    readonly message: string;
  }[];
}

/** Check runs. */
export interface GitHubChecks {
  /** Creates the check run, or updates the one with the same `externalId`. */
  report(repository: string, check: Check, options?: CallOptions): Promise<void>;
}

/** Deliveries of the App's webhook. */
export interface GitHubDeliveries {
  /** Deliveries since `sinceMs` that failed and whose guid never succeeded, newest first. */
  listFailed(
    sinceMs: number,
    options?: CallOptions,
  ): AsyncIterable<{ readonly id: string; readonly guid: string }>;
  /** Asks GitHub to send a delivery again, under its old guid. */
  redeliver(id: string, options?: CallOptions): Promise<void>;
}

/** What the orchestrator needs of GitHub. Adapters must pass `describeGitHubClientContract`. */
export interface GitHubClient {
  /** Self-hosted runners and their groups. */
  readonly runners: GitHubRunners;
  /** Jobs of workflows. */
  readonly jobs: GitHubJobs;
  /** Files of repositories. */
  readonly contents: GitHubContents;
  /** Check runs. */
  readonly checks: GitHubChecks;
  /** Deliveries of the App's webhook. */
  readonly deliveries: GitHubDeliveries;
}
