import type { TraceCarrier } from "@runs-fleet/telemetry";
import type { Cause } from "../ports/cause.ts";
import type { Visibility } from "../ports/demand-event.ts";
import type { LaunchAttempt } from "../ports/machine-provider.ts";
import type { Market, Shape } from "../routing/shape.ts";
import type { AttemptState, JobState, MachineState } from "./transitions.ts";

/** A line of a record's own history: why it is as it is. */
export interface HistoryLine {
  readonly atMs: number;
  readonly code: string;
  readonly message: string;
}

/** Where a job was routed: all that is needed to launch for it again. */
export interface JobPlacement {
  readonly environment: string;
  readonly pool?: string;
  readonly shape: Shape;
  readonly runnerGroup?: string;
  readonly policy: string;
  /** Most jobs of the repository at once, from the policy and from the repository itself. */
  readonly perRepository?: number;
  /** How often it is run again at most, whatever the policy says. Absent: as the policy says. */
  readonly maxReruns?: number;
}

/** What took a job's machine away while it ran there. */
export interface Interruption {
  /** `announced`: the provider or the machine said so before. `lost`: the machine was gone without a word. */
  readonly kind: "announced" | "lost";
  /** When we learnt of it, epoch milliseconds. */
  readonly atMs: number;
  /** When the machine was to end, epoch milliseconds; of one that was announced. */
  readonly endsAtMs?: number;
  readonly machineId: string;
  /** The runner that went with it; absent: it had none. */
  readonly runnerName?: string;
}

/**
 * How far the one re-run of a job is that lost its machine. `weighed`: it ended badly, and news of its machine may still come;
 * `wanted`: to be asked for when its run has ended; `asked`: GitHub may have heard it; `accepted`: GitHub will queue it. These keep
 * the record open. `started`, `failed`: over.
 */
export interface Rerun {
  readonly state: "weighed" | "wanted" | "asked" | "accepted" | "started" | "failed";
  /** Epoch milliseconds. */
  readonly sinceMs: number;
  /** Past it nobody asks any more, epoch milliseconds. */
  readonly untilMs: number;
  /** How often GitHub refused it with a reason that does not pass. */
  readonly refusals?: number;
  /** The record of the re-run. */
  readonly jobKey?: string;
}

/** The word to the developer of a job that it waits, or no longer. */
export interface Told {
  /** When it was last tried, epoch milliseconds. */
  readonly atMs: number;
  /** How often it was tried, outages aside. */
  readonly tries: number;
  /** How long after it the next try is, milliseconds. Absent: as long as usual. */
  readonly pauseMs?: number;
  /** GitHub confirmed it. */
  readonly isDone?: boolean;
  /** The word is that the wait is over: whoever read that the job waits must not go on reading it. */
  readonly isOver?: boolean;
}

/** A job of GitHub Actions, one attempt of it. Stored in table `jobs` under {@link jobKeyOf}. */
export interface JobRecord {
  readonly key: string;
  readonly jobId: string;
  readonly runId: string;
  readonly attempt: number;
  /** In its workflow, with the values of its matrix. Absent: GitHub or an earlier version did not say. */
  readonly name?: string;
  readonly repository: string;
  readonly repositoryId: string;
  readonly visibility: Visibility;
  readonly fork: boolean;
  readonly headSha?: string;
  readonly labels: readonly string[];
  readonly state: JobState;
  readonly cause?: Cause;
  /** Absent: refused before it had one. */
  readonly placement?: JobPlacement;
  /** Machines and jobs with the same key fit: `pool:<name>` or `shape:<hash>`. */
  readonly fit?: string;
  /** Jobs with the same key are served by the same registrations: owner, runner group and label set. */
  readonly demand?: string;
  /** The machine whose registration is meant for it, or on which it runs. */
  readonly machineId?: string;
  /** Of a job that waits: the runner that was registered for it. Of one that runs: its runner, absent while GitHub has not named it. */
  readonly runnerName?: string;
  readonly served?: "hot" | "stopped" | "cold";
  readonly conclusion?: string;
  readonly trace?: TraceCarrier;
  readonly interruption?: Interruption;
  /** Its re-run. Absent: none is wanted. */
  readonly rerun?: Rerun;
  /** The record of which it is the re-run. Its machine is bought on demand. */
  readonly rerunOf?: string;
  /** How many re-runs led to it. Absent: none. */
  readonly reruns?: number;
  /** Since when GitHub has not known it, whenever it was asked. */
  readonly absentSinceMs?: number;
  /** That the developer was told that it waits, or no longer. */
  readonly told?: Told;
  /** A check run that the developer still has to see; retried until this many tries are used up. */
  readonly checkTriesLeft?: number;
  readonly createdAtMs: number;
  readonly receivedAtMs: number;
  readonly claimedAtMs?: number;
  readonly assignedAtMs?: number;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  /** When the owner of the present state acts if nothing else happens. */
  readonly deadlineMs: number;
  readonly history: readonly HistoryLine[];
}

/** A stored purchase. Stored in table `attempts`. */
export interface AttemptRecord {
  readonly request: LaunchAttempt;
  readonly fit: string;
  readonly state: AttemptState;
  readonly openedAtMs: number;
  /** Why it was opened: `demand` or `hot` or `stopped`. */
  readonly reason: string;
  readonly deadlineMs: number;
}

/** The registration that a machine was given. */
export interface Registration {
  readonly assignmentId: string;
  readonly runnerName: string;
  /** Where it is registered: `orgs/<org>` or `repos/<owner>/<name>`. */
  readonly scope: string;
  readonly runnerId?: string;
  readonly labels: readonly string[];
  /** {@link JobRecord.demand} of the jobs it can serve. */
  readonly demand: string;
}

/** A machine, one boot after another until it has run its one job. Stored in table `machines`. */
export interface MachineRecord {
  readonly id: string;
  readonly attemptId: string;
  readonly environment: string;
  readonly region: string;
  readonly fit: string;
  readonly specHash: string;
  readonly pool?: string;
  readonly market: Market;
  readonly zone?: string;
  readonly instanceType?: string;
  readonly state: MachineState;
  readonly launchedAtMs: number;
  /** When the present state began. */
  readonly sinceMs: number;
  readonly readyAtMs?: number;
  /** When the owner of the present state acts if nothing else happens. */
  readonly deadlineMs: number;
  /** Past it the machine goes, whatever it does. Decided at launch. */
  readonly hardDeadlineMs: number;
  /** Registrations so far: makes runner names unique. */
  readonly registrations: number;
  readonly registration?: Registration;
  /** The job that the registration is meant for, or that runs. */
  readonly jobKey?: string;
  /** Whether it was ever stopped since launch: it then serves as `stopped`, not `hot`. */
  readonly wasStopped?: boolean;
  /** What is to happen once `booting` is over: a machine bought for the stopped tier is stopped. */
  readonly bankWhenReady?: boolean;
  /** When its provider takes it away, as was announced, epoch milliseconds: it gets no job any more. */
  readonly announcedEndMs?: number;
  /** Since when its provider has thought that it may be taken away, epoch milliseconds: replaced when it is idle. */
  readonly atRiskSinceMs?: number;
  /** A purchase of today would boot another image, as its provider says: replaced when it is idle. */
  readonly isSuperseded?: boolean;
  /** Sequence number of the last event taken from its agent. */
  readonly sequence: number;
  readonly cause?: Cause;
  readonly history: readonly HistoryLine[];
}

/** Whether GitHub has said on which runner a job runs, ours or not. A reservation says nothing about it. */
export function isPlaced({ state, runnerName }: Pick<JobRecord, "state" | "runnerName">): boolean {
  return state === "running" && runnerName !== undefined;
}

/** Whether a job has one of our machines, or may have one: it has none while it waits, nor on a runner that is not ours. */
export function takesMachine(job: Pick<JobRecord, "state" | "machineId" | "runnerName">): boolean {
  if (job.state === "running") return job.machineId !== undefined || !isPlaced(job);
  return job.state === "assigned";
}

const openReruns: ReadonlySet<string> = new Set(["weighed", "wanted", "asked", "accepted"]);

/** Whether somebody still has to act for the re-run of a job: its record stays open until then. */
export function isRerunOpen({ rerun }: Pick<JobRecord, "rerun">): boolean {
  return rerun !== undefined && openReruns.has(rerun.state);
}

/** Key of a job's record: GitHub reuses a job id over attempts in old hosts, so both are in it. */
export function jobKeyOf(event: { readonly jobId: string; readonly attempt: number }): string {
  return `${event.jobId}.${event.attempt}`;
}

/** Code of the history line that gives a machine with work its pool's drain deadline. */
export const draining = "draining";

const longestHistory = 16;

/** The history with one more line; the oldest go, repetitions of the last line are dropped. */
export function withHistory(
  history: readonly HistoryLine[],
  line: HistoryLine,
): readonly HistoryLine[] {
  const last = history.at(-1);
  if (last?.code === line.code && last.message === line.message) return history;
  return [...history.slice(1 - longestHistory), line];
}
