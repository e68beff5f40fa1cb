import type { Clock, Entropy } from "../../ports/clock.ts";
import type { Visibility } from "../../ports/demand-event.ts";
import type { GitHubClient } from "../../ports/github-client.ts";
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
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** Base of the URLs that it writes until `listen` gives another. @defaultValue "https://github.fake" */
  readonly baseUrl?: string;
  /** The App. Without a key, one is made when it is first needed. */
  readonly app?: { readonly id?: string; readonly privateKey?: string };
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
  readonly method: string;
  /** Decoded path without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The path template that answered, such as `/orgs/{org}/actions/runners`; absent when none did. */
  readonly route?: string;
  readonly request: unknown;
  readonly status: number;
  readonly response: unknown;
}

/** A job to be queued. */
export interface FakeJobRequest {
  /** `owner/name`; created as a private repository when unknown. */
  readonly repository: string;
  readonly labels: readonly string[];
  /** How long its runner works, milliseconds. */
  readonly durationMs: number;
  /** @defaultValue "succeeded" */
  readonly result?: RunnerResult;
  /** @defaultValue "build" */
  readonly name?: string;
  /** @defaultValue "ci" */
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
  readonly id: string;
  readonly runId: string;
  readonly attempt: number;
  readonly repository: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly state: "waiting" | "queued" | "in_progress" | "completed";
  readonly conclusion?: "success" | "failure" | "cancelled";
  readonly runnerName?: string;
  /** How often a runner started it; 1 for a job that ran exactly once. */
  readonly starts: number;
  readonly queuedAtMs: number;
  readonly startedAtMs?: number;
  readonly completedAtMs?: number;
}

/** A registered runner as the fake knows it. */
export interface FakeRunner {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly groupId: number;
  readonly labels: readonly string[];
  readonly online: boolean;
  readonly busy: boolean;
  readonly jobId?: string;
}

/** What happens inside, for tests and for pages that show it. */
export type FakeGitHubEvent = { readonly atMs: number } & (
  | {
      readonly kind: "job-queued" | "job-started" | "job-completed";
      readonly jobId: string;
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
  /** @defaultValue "private" */
  readonly visibility?: Visibility;
  /** @defaultValue false */
  readonly fork?: boolean;
  /** @defaultValue "main" */
  readonly defaultBranch?: string;
  /** Of a new owner. @defaultValue "Organization" */
  readonly ownerKind?: "Organization" | "User";
}

/** A file to be committed. */
export interface FakeFileRequest {
  readonly repository: string;
  readonly path: string;
  /** `undefined` removes the file. */
  readonly text?: string;
  /** Makes a symbolic link instead. */
  readonly symlink?: string;
  /** Makes a submodule instead. */
  readonly submodule?: string;
  /** @defaultValue the default branch */
  readonly branch?: string;
  /** Sends a `push` webhook. @defaultValue false */
  readonly push?: boolean;
}

/** A check run as the fake knows it. */
export interface FakeCheck {
  readonly id: string;
  readonly repository: string;
  readonly name: string;
  readonly sha: string;
  readonly externalId: string;
  readonly status: string;
  readonly conclusion?: string;
  readonly title: string;
  readonly summary: string;
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
  readonly webhooks: FakeWebhooks;
  /** Serves the API and the runner protocol over HTTP on 127.0.0.1; port 0 takes a free one. */
  listen(port?: number): Promise<{ readonly url: string } & AsyncDisposable>;
  /** Queues a job and announces it; answers its id. */
  queueJob(job: FakeJobRequest): string;
  /** Cancels a job: at once when queued, through its runner when running. */
  cancelJob(jobId: string): void;
  /** Opens the gate of a waiting job. */
  approveJob(jobId: string): void;
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
  /** Installs the App anew on an owner (another installation id), or removes it. */
  setInstallation(owner: string, installed: boolean): void;
  /** Takes parts of GitHub down; `undefined` brings everything back. */
  setOutage(outage: FakeOutage | undefined): void;
}
