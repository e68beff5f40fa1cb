import type { Clock, Entropy } from "../../ports/clock.ts";
import type { Visibility } from "../../ports/demand-event.ts";
import type { FakeReply } from "./exchange.ts";
import type { Timetable } from "./timetable.ts";
import type { FakeGitHubEvent, FakeGitHubSettings, RunnerResult } from "./types.ts";

/** How a job ended, in GitHub's words. */
export type Conclusion = "success" | "failure" | "cancelled" | "skipped";

/** An account that owns repositories and, when an organisation, runners. */
export interface Owner {
  readonly id: number;
  readonly login: string;
  readonly kind: "Organization" | "User";
  /** Changes when the App is installed anew; absent while it is not installed. */
  installationId: number | undefined;
  readonly groups: Map<number, RunnerGroup>;
}

/** A runner group of an organisation. */
export interface RunnerGroup {
  readonly id: number;
  readonly name: string;
  readonly visibility: "all" | "private" | "selected";
  readonly allowsPublic: boolean;
  /** Lower-cased full names, for `selected`. */
  readonly repositories: ReadonlySet<string>;
}

/** An entry of a repository's tree. */
export type Entry =
  | { readonly kind: "file"; readonly text: string; readonly sha: string }
  | { readonly kind: "symlink"; readonly target: string; readonly sha: string }
  | { readonly kind: "submodule"; readonly url: string; readonly sha: string };

/** A commit: the whole tree, by path. */
export interface Commit {
  readonly sha: string;
  readonly parent: string | undefined;
  readonly atMs: number;
  readonly message: string;
  readonly tree: ReadonlyMap<string, Entry>;
}

/** A repository with its history and runs. */
export interface Repository {
  readonly id: number;
  readonly owner: Owner;
  readonly name: string;
  readonly fullName: string;
  /** Lower-cased full name. */
  readonly key: string;
  visibility: Visibility;
  fork: boolean;
  properties: Readonly<Record<string, unknown>>;
  defaultBranch: string;
  readonly createdAtMs: number;
  readonly heads: Map<string, string>;
  readonly commits: Map<string, Commit>;
  readonly runs: Run[];
  readonly openRuns: Set<Run>;
  /** Answers about runs and jobs that still hold: most callers ask again before anything has changed. */
  readonly answers: Map<string, FakeReply>;
}

/** A workflow run. */
export interface Run {
  readonly id: number;
  readonly number: number;
  readonly repository: Repository;
  readonly workflow: string;
  readonly branch: string;
  readonly headSha: string;
  readonly createdAtMs: number;
  updatedAtMs: number;
  attempt: number;
  /** Of every attempt, oldest first. */
  readonly jobs: Job[];
  /** The newest attempt of each job, by the id of its first attempt. */
  readonly latest: Map<number, Job>;
  /** How many have not ended. */
  open: number;
}

/** A job. `assigned` is ours: handed to a runner that has not said that it works on it. */
export interface Job {
  readonly id: number;
  readonly sequence: number;
  readonly run: Run;
  /** Id of its first attempt. */
  readonly origin: number;
  readonly attempt: number;
  readonly name: string;
  readonly labels: readonly string[];
  /** Queue of the jobs that match alike. */
  readonly bucket: string;
  readonly headSha: string;
  readonly durationMs: number;
  readonly result: RunnerResult;
  readonly scenario: string | undefined;
  state: "waiting" | "queued" | "assigned" | "in_progress" | "completed";
  conclusion: Conclusion | undefined;
  readonly createdAtMs: number;
  startedAtMs: number | undefined;
  completedAtMs: number | undefined;
  runner: Runner | undefined;
  /** Kept after the registration has gone. */
  runnerId: number | undefined;
  runnerName: string | undefined;
  runnerGroupId: number | undefined;
  lockedUntilMs: number;
  cancelRequested: boolean;
  /** Calls off what the timetable holds for the job's present state. */
  disarm: (() => void) | undefined;
  /** How often a runner started it. */
  starts: number;
}

/** A registration made by a JIT configuration. */
export interface Runner {
  readonly id: number;
  readonly name: string;
  readonly scope: string;
  readonly owner: Owner;
  /** Set for a runner of one repository. */
  readonly repository: Repository | undefined;
  readonly groupId: number;
  readonly labels: readonly string[];
  readonly labelSet: ReadonlySet<string>;
  /** Runners of one key match alike. */
  readonly idleKey: string;
  readonly secret: string;
  readonly createdAtMs: number;
  os: string;
  version: string | undefined;
  lastSeenMs: number;
  job: Job | undefined;
  session: Session | undefined;
  disarm: (() => void) | undefined;
  gone: boolean;
}

/** What a poll is answered. */
export type Message =
  | { readonly kind: "job"; readonly job: Job }
  | { readonly kind: "cancel"; readonly job: Job }
  | { readonly kind: "none" }
  | { readonly kind: "gone" };

/** A listener's session. */
export interface Session {
  readonly id: string;
  readonly runner: Runner;
  ended: boolean;
  /** Answers the open poll; absent when none is open. */
  poll: ((message: Message) => void) | undefined;
  /** The job this session completed, so that a repeated call is answered alike. */
  completed: { readonly jobId: number; readonly result: RunnerResult } | undefined;
}

/** The whole state of the fake. */
export interface World {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly settings: FakeGitHubSettings;
  readonly timetable: Timetable;
  /** Base of every URL that the fake writes. */
  baseUrl: string;
  readonly owners: Map<string, Owner>;
  readonly repositories: Map<string, Repository>;
  readonly runners: Map<number, Runner>;
  /** Scope -> lower-cased name -> runner. */
  readonly names: Map<string, Map<string, Runner>>;
  readonly sessions: Map<string, Session>;
  readonly runs: Map<number, Run>;
  readonly jobs: Map<number, Job>;
  nextId(): number;
  emit(event: FakeGitHubEvent): void;
  /** Tells the webhook sender. */
  announce(job: Job, action: "queued" | "in_progress" | "completed" | "waiting"): void;
}
