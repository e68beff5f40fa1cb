import type { Capacity } from "@runs-fleet/scheduling";
import type { Cause } from "../ports/cause.ts";

/** Why something was done, refused or delayed. */
export interface Decision {
  readonly atMs: number;
  readonly subject: {
    readonly pool?: string;
    readonly jobId?: string;
    readonly machineId?: string;
  };
  /** A cause code, or the reason of an action. */
  readonly code: string;
  readonly message: string;
}

/** A pool as `/status` shows it. */
export interface PoolStatus {
  readonly name: string;
  readonly target: Capacity;
  readonly ready: Capacity;
  readonly booting: number;
  readonly busy: number;
  readonly nextWakeAtMs?: number;
}

/** A job as `/status` shows it. */
export interface JobStatus {
  readonly id: string;
  readonly repository: string;
  readonly state: "queued" | "assigned" | "running" | "completed" | "cancelled" | "failed";
  /** Why it waits, or why it ended as it did. */
  readonly cause?: Cause;
  readonly queuedAtMs: number;
  /** Milliseconds per phase, in order: `queue`, `machine`, `github`, `register`, `run`. A phase under way is included. */
  readonly waitsMs: Readonly<Record<string, number>>;
  /** Labels as the job wrote them. */
  readonly labels: readonly string[];
  readonly pool?: string;
  /** How its machine was found. */
  readonly served?: "hot" | "stopped" | "cold";
  readonly machineId?: string;
  readonly conclusion?: string;
}

/** A machine as `/status` shows it. */
export interface MachineStatus {
  readonly id: string;
  readonly pool?: string;
  readonly region: string;
  readonly state: string;
  readonly jobId?: string;
  readonly deadlineMs: number;
}

/** What `/status` answers. */
export interface FleetStatus {
  readonly environment: string;
  readonly role: "controller" | "standby" | "draining";
  readonly epoch?: number;
  readonly catalogVersion: string;
  /** One sentence: whether all is well, and what holds the rest. */
  readonly headline: string;
  /** The latest, newest first. */
  readonly decisions: readonly Decision[];
  readonly pools: readonly PoolStatus[];
  /** Open jobs and the latest ended ones, newest first. */
  readonly jobs: readonly JobStatus[];
  readonly machines: readonly MachineStatus[];
}
