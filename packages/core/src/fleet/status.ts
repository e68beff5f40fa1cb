import type { Capacity, Compiled } from "@runs-fleet/scheduling";
import type { PoolWords } from "../pools/next-words.ts";
import type { PoolHistory } from "../pools/pool-history.ts";
import type { Cause } from "../ports/cause.ts";
import type { ConfigurationStanding } from "../ports/configuration-source.ts";
import type { PoolConfig } from "../routing/catalog.ts";

/** Why something was done, refused or delayed. */
export interface Decision {
  /** When it was decided, epoch milliseconds. */
  readonly atMs: number;
  /** What it is about; none of them set: the controller as a whole. */
  readonly subject: {
    readonly pool?: string;
    readonly jobId?: string;
    readonly machineId?: string;
  };
  /** A cause code, or the reason of an action. */
  readonly code: string;
  /** One sentence for people. Holds no secret. */
  readonly message: string;
  /** How things stand at `atMs`, computed when it was asked for. Absent: a record of what was decided then. */
  readonly current?: true;
}

/** A pool as `/status` shows it. */
export interface PoolStatus {
  /** Name of the pool in the catalog. */
  readonly name: string;
  /** {@link Catalog.version} of the configuration that it runs by. */
  readonly version: string;
  /** Machines that the schedule wants now, ready and unclaimed. */
  readonly target: Capacity;
  /** Machines that are there now, ready and unclaimed. */
  readonly ready: Capacity;
  /** Machines on their way: bought or started, and not ready yet. */
  readonly booting: number;
  /** Machines of purchases that the provider has not answered yet. */
  readonly buying: number;
  /** Machines that are claimed or run a job. */
  readonly busy: number;
  /** Every machine of it that is not gone, and every purchase that may still bring one. */
  readonly machines: number;
  /** What it may not exceed; `limits.machines` bounds {@link PoolStatus.machines}. */
  readonly limits: PoolConfig["limits"];
  /** Why it has fewer machines than it wants. Absent: it lacks none, or they are bought in the next pass. */
  readonly cause?: Cause;
  /** IANA time zone of its schedule, in which {@link PoolStatus.words} speak. */
  readonly timeZone: string;
  /** What it has and why, and what happens next, in plain sentences. */
  readonly words: PoolWords;
  /** When the target may change next, epoch milliseconds. Absent: not told. */
  readonly nextWakeAtMs?: number;
}

/** A job as `/status` shows it. */
export interface JobStatus {
  /** GitHub's job id and the attempt, such as `4027.1`. */
  readonly id: string;
  /** `owner/name` of the repository whose job it is. */
  readonly repository: string;
  /** How far it has come; the last three are final. */
  readonly state: "queued" | "assigned" | "running" | "completed" | "cancelled" | "failed";
  /** Why it waits, or why it ended as it did. */
  readonly cause?: Cause;
  /** When GitHub queued it, epoch milliseconds. */
  readonly queuedAtMs: number;
  /** Milliseconds per phase, in order: `queue`, `machine`, `github`, `register`, `run`. A phase under way is included. */
  readonly waitsMs: Readonly<Record<string, number>>;
  /** Labels as the job wrote them. */
  readonly labels: readonly string[];
  /** Pool that serves it. Absent: machines bought for its shape alone, or refused before it was routed. */
  readonly pool?: string;
  /** How its machine was found. */
  readonly served?: "hot" | "stopped" | "cold";
  /** Machine whose registration is meant for it, or on which it runs. */
  readonly machineId?: string;
  /** GitHub's conclusion, such as `success`; only when it has ended. */
  readonly conclusion?: string;
}

/** A machine as `/status` shows it. */
export interface MachineStatus {
  /** The provider's id of the machine. */
  readonly id: string;
  /** Pool that it belongs to. Absent: bought for a shape alone. */
  readonly pool?: string;
  /** Region in which it was bought. */
  readonly region: string;
  /** State of its record, such as `booting`, `ready` or `running`. */
  readonly state: string;
  /** Job that its registration is meant for, or that runs, as {@link JobStatus.id} names it. */
  readonly jobId?: string;
  /** Past it the machine is terminated, whatever it does. Epoch milliseconds. */
  readonly deadlineMs: number;
}

/** What `/status` answers. */
export interface FleetStatus {
  /** The environment that the orchestrator serves. */
  readonly environment: string;
  /** What this process does: acts, stands by, or finishes its work. */
  readonly role: "controller" | "standby" | "draining";
  /** Number of the lease, one more with each controller. Absent unless this process is the controller. */
  readonly epoch?: number;
  /** {@link Catalog.version} of the configuration in force. */
  readonly catalogVersion: string;
  /** How things stand with its source. Absent: nothing watches over it, or nothing is known yet. */
  readonly configuration?: ConfigurationStanding;
  /** One sentence: whether all is well, and what holds the rest. */
  readonly headline: string;
  /** The latest, newest first. */
  readonly decisions: readonly Decision[];
  /** Pools of this environment and region. */
  readonly pools: readonly PoolStatus[];
  /** Open jobs and the latest ended ones, newest first. */
  readonly jobs: readonly JobStatus[];
  /** Every machine that is not gone. */
  readonly machines: readonly MachineStatus[];
}

/** What is known of a pool besides its status: too much to be told of all pools at once. */
export interface PoolDetail {
  /** Name of the pool in the catalog. */
  readonly name: string;
  /** Region in which its machines are counted here; its schedule counts those of all its regions. */
  readonly region: string;
  /** The configuration in force. */
  readonly config: PoolConfig;
  /** Its schedule with the smoothing in force, a learnt lead included. Absent: it cannot be read. */
  readonly schedule?: Compiled;
  /** What it had. Absent: this process is not the controller, or has just become it. */
  readonly history?: PoolHistory;
}
