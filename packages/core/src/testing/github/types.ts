import type { Clock, Entropy } from "../../ports/clock.ts";
import type { Visibility } from "../../ports/demand-event.ts";
import type { GitHubClient } from "../../ports/github-client.ts";
import type { FakeRecordedRun } from "./record-run.ts";
import type { FakeWebhooks } from "./webhook-types.ts";

/** How a runner program ends a job. */
export type RunnerResult = "succeeded" | "failed" | "cancelled";

/** Limits of the fake. `false` switches one off. */
export interface FakeGitHubLimits {
  /** Calls an hour and installation, resource `core`. @defaultValue 5000 */
  readonly corePerHour?: number | false;
  /** JIT configurations an hour and installation, resource `actions_runner_registration`. @defaultValue 10000 */
  readonly mintsPerHour?: number | false;
  /** JIT configurations a minute and installation: the secondary limit. @defaultValue 180 */
  readonly mintsPerMinute?: number | false;
}

/** Options of {@link createFakeGitHub}. */
export interface FakeGitHubOptions {
  /** Source of time. */
  readonly clock: Clock;
  /** Source of ids and of chance in faults. */
  readonly entropy: Entropy;
  /** Base of the URLs that it writes until `listen` gives another. @defaultValue "https://github.fake" */
  readonly baseUrl?: string;
  /** The App. Without a key, one is made when it is first needed. */
  readonly app?: { readonly id?: string; readonly privateKey?: string };
  /** Rate limits that differ from the default. */
  readonly limits?: FakeGitHubLimits;
  /** Life of an installation token, milliseconds. @defaultValue 3600000 */
  readonly tokenLifetimeMs?: number;
  /** How long a job stays with a runner that says nothing, milliseconds. @defaultValue 600000 */
  readonly jobLockMs?: number;
  /** How long a job waits for the runner that was handed it to say so, milliseconds. @defaultValue 60000 */
  readonly acknowledgeMs?: number;
  /** How long a session lives after its last call, milliseconds. @defaultValue 60000 */
  readonly sessionTimeoutMs?: number;
  /** After how long a queued job is cancelled, milliseconds. @defaultValue 86400000 */
  readonly queueLimitMs?: number;
  /** After how long a registration without a session is forgotten, milliseconds. @defaultValue 86400000 */
  readonly unconnectedExpiryMs?: number;
  /** After how long an online runner without a job is removed, milliseconds. @defaultValue never */
  readonly idleExpiryMs?: number;
  /** Runners that report an older version get no jobs, such as `2.329.0`. */
  readonly minimumRunnerVersion?: string;
  /** Sees every request to the REST API with its answer. */
  readonly onExchange?: (exchange: FakeGitHubExchange) => void;
}

/** {@link FakeGitHubOptions} with every default applied. */
export type FakeGitHubSettings = Required<
  Pick<
    FakeGitHubOptions,
    | "tokenLifetimeMs"
    | "jobLockMs"
    | "acknowledgeMs"
    | "sessionTimeoutMs"
    | "queueLimitMs"
    | "unconnectedExpiryMs"
  >
> &
  Pick<FakeGitHubOptions, "idleExpiryMs" | "minimumRunnerVersion"> & {
    readonly limits: Required<FakeGitHubLimits>;
  };

/** One request to the REST API and its answer, as the fake saw them. */
export interface FakeGitHubExchange {
  /** HTTP method, upper-case. */
  readonly method: string;
  /** Decoded path without the query. */
  readonly path: string;
  /** Query parameters, decoded. */
  readonly query: Readonly<Record<string, string>>;
  /** The path template that answered, such as `/orgs/{org}/actions/runners`; absent when none did. */
  readonly route?: string;
  /** Parsed body of the request; `undefined` without one. */
  readonly request: unknown;
  /** Status code of the answer. */
  readonly status: number;
  /** Parsed body of the answer; `undefined` without one. */
  readonly response: unknown;
}

/** A job to be queued. */
export interface FakeJobRequest {
  /** `owner/name`; created as a private repository when unknown. */
  readonly repository: string;
  /** What `runs-on` says. */
  readonly labels: readonly string[];
  /** How long its runner works, milliseconds. */
  readonly durationMs: number;
  /** How its runner ends it. @defaultValue "succeeded" */
  readonly result?: RunnerResult;
  /** Name of the job in its workflow. @defaultValue "build" */
  readonly name?: string;
  /** Name of its workflow. @defaultValue "ci" */
  readonly workflow?: string;
  /** Puts the job into this run, as a sibling; else it gets a run of its own. */
  readonly runId?: string;
  /** Cancels it so long after it was queued, milliseconds. */
  readonly cancelAfterMs?: number;
  /** Starts behind an environment gate: see `approveJob`. */
  readonly waiting?: boolean;
  /** Passed on to the runner program, unread. */
  readonly scenario?: string;
}

/** A job as the fake knows it. */
export interface FakeJob {
  /** GitHub's job id, decimal digits. */
  readonly id: string;
  /** Workflow run that it belongs to, decimal digits. */
  readonly runId: string;
  /** Attempt of its run, from 1. */
  readonly attempt: number;
  /** `owner/name`. */
  readonly repository: string;
  /** Name of the job in its workflow. */
  readonly name: string;
  /** What `runs-on` said. */
  readonly labels: readonly string[];
  /** How far it has come, in the words of GitHub. */
  readonly state: "waiting" | "queued" | "in_progress" | "completed";
  /** How it ended; only when it is completed. */
  readonly conclusion?: "success" | "failure" | "cancelled" | "skipped";
  /** Runner that has it or had it. */
  readonly runnerName?: string;
  /** How often a runner started it; 1 for a job that ran exactly once. */
  readonly starts: number;
  /** When it was queued, epoch milliseconds. */
  readonly queuedAtMs: number;
  /** When a runner first started it, epoch milliseconds. */
  readonly startedAtMs?: number;
  /** When it ended, epoch milliseconds. */
  readonly completedAtMs?: number;
}

/** A registered runner as the fake knows it. */
export interface FakeRunner {
  /** GitHub's id of the runner, decimal digits. */
  readonly id: string;
  /** Name under which it was registered. */
  readonly name: string;
  /** Where it is registered: `orgs/<org>` or `repos/<owner>/<name>`. */
  readonly scope: string;
  /** Runner group that it is in; 1 is the default group. */
  readonly groupId: number;
  /** Labels that it was registered with. */
  readonly labels: readonly string[];
  /** Whether it has a session. */
  readonly online: boolean;
  /** Whether it has a job. */
  readonly busy: boolean;
  /** Job that it has. */
  readonly jobId?: string;
}

/** What happens inside, for tests and for pages that show it. */
export type FakeGitHubEvent = { readonly atMs: number } & (
  | {
      readonly kind: "job-queued" | "job-started" | "job-completed";
      readonly jobId: string;
      /** Attempt of its run, from 1. */
      readonly attempt: number;
      /** Id of the job in its first attempt. */
      readonly originId: string;
      readonly repository: string;
      readonly runnerName?: string;
      readonly conclusion?: string;
    }
  | {
      readonly kind: "runner-registered" | "runner-online" | "runner-gone";
      readonly runnerId: string;
      readonly runnerName: string;
    }
  | {
      readonly kind: "webhook-delivered" | "webhook-failed" | "webhook-vanished";
      readonly event: string;
      readonly guid: string;
      readonly statusCode?: number;
    }
);

/** Which parts of GitHub are down. */
export interface FakeOutage {
  /** The REST API: answers 503, or breaks the connection. */
  readonly api?: "unavailable" | "broken";
  /** The runner service: sessions, messages, renewals. */
  readonly runners?: boolean;
  /** Events make no deliveries. */
  readonly webhooks?: boolean;
}

/** A repository to be created or changed. */
export interface FakeRepositoryRequest {
  /** `owner/name`. */
  readonly name: string;
  /** Who can see it. @defaultValue "private" */
  readonly visibility?: Visibility;
  /** Whether it is a fork of another one. @defaultValue false */
  readonly fork?: boolean;
  /** Custom properties. @defaultValue none */
  readonly properties?: Readonly<Record<string, unknown>>;
  /** Name of its default branch. @defaultValue "main" */
  readonly defaultBranch?: string;
  /** Of a new owner. @defaultValue "Organization" */
  readonly ownerKind?: "Organization" | "User";
}

/** A file to be committed. */
export interface FakeFileRequest {
  /** `owner/name`; created as a private repository when unknown. */
  readonly repository: string;
  /** Path in the repository, without a slash in front. */
  readonly path: string;
  /** `undefined` removes the file. */
  readonly text?: string;
  /** Makes a symbolic link instead. */
  readonly symlink?: string;
  /** Makes a submodule instead. */
  readonly submodule?: string;
  /** Branch that the commit goes to. @defaultValue the default branch */
  readonly branch?: string;
  /** Sends a `push` webhook. @defaultValue false */
  readonly push?: boolean;
}

/** A check run as the fake knows it. */
export interface FakeCheck {
  /** GitHub's id of the check run, decimal digits. */
  readonly id: string;
  /** `owner/name`. */
  readonly repository: string;
  /** Title of the check in the list of checks. */
  readonly name: string;
  /** Commit on which it stands. */
  readonly sha: string;
  /** Key of whoever reported it; empty when none was given. */
  readonly externalId: string;
  /** `in_progress` or `completed`, in GitHub's words. */
  readonly status: string;
  /** How it ended. Absent: in progress. */
  readonly conclusion?: string;
  /** Headline of its page. */
  readonly title: string;
  /** Its page, in Markdown. */
  readonly summary: string;
  /** Remarks on lines of files, as they were sent. */
  readonly annotations: readonly unknown[];
}

/** A stateful GitHub in memory. */
export interface FakeGitHub extends AsyncDisposable {
  /** The client of core, on this fake, in process. */
  readonly client: GitHubClient;
  /** Answers as the network would, in process. Also serves the runner protocol. */
  readonly fetch: typeof fetch;
  /** The App that the fake knows. The key is made at the first reading. */
  readonly app: { readonly id: string; readonly privateKey: string };
  /** The sender of the App's webhooks. */
  readonly webhooks: FakeWebhooks;
  /** Serves the API and the runner protocol over HTTP on 127.0.0.1; port 0 takes a free one. */
  listen(port?: number): Promise<{ readonly url: string } & AsyncDisposable>;
  /** Queues a job and announces it; answers its id. */
  queueJob(job: FakeJobRequest): string;
  /** Cancels a job: at once when queued, through its runner when running. */
  cancelJob(jobId: string): void;
  /** Opens the gate of a waiting job. */
  approveJob(jobId: string): void;
  /** Puts a run with its jobs on record, as if it had gone so: no runner, no webhook. Answers the ids. */
  recordRun(run: FakeRecordedRun): { readonly runId: string; readonly jobIds: readonly string[] };
  /** Deletes a run with its jobs, as people and retention do. */
  deleteRun(runId: string): void;
  /** Every job ever queued, oldest first. */
  jobs(): readonly FakeJob[];
  /** Every registration there is. */
  runners(): readonly FakeRunner[];
  /** Every check run, oldest first. */
  checks(): readonly FakeCheck[];
  /** Calls back on each event until the answer is called. */
  onEvent(listener: (event: FakeGitHubEvent) => void): () => void;
  /** Creates or changes a repository. */
  setRepository(repository: FakeRepositoryRequest): void;
  /** Creates a runner group of an organisation; answers its id. */
  addRunnerGroup(group: {
    readonly owner: string;
    readonly name: string;
    readonly visibility?: "all" | "private" | "selected";
    readonly repositories?: readonly string[];
    readonly allowsPublic?: boolean;
  }): number;
  /** Commits a file; answers the commit's sha. */
  commitFile(file: FakeFileRequest): string;
  /** A fine-grained personal token that may read all that the organisation has, and change nothing. */
  readToken(owner: string): string;
  /** Installs the App anew on an owner (another installation id), or removes it. */
  setInstallation(owner: string, installed: boolean): void;
  /** Takes parts of GitHub down; `undefined` brings everything back. */
  setOutage(outage: FakeOutage | undefined): void;
}
