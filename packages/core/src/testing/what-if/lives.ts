import type { Decision } from "../../fleet/status.ts";
import type { Os } from "../../routing/index.ts";
import type { SimulatedJob } from "./options.ts";

/** How a job stands at GitHub; a job that the controller gives up goes on waiting there. */
export type JobFate = "waiting" | "running" | "completed" | "interrupted" | "cancelled";

/** A job and what was seen of it. Instants are epoch milliseconds. */
export interface JobLife {
  /** Place in the input, from 0. */
  readonly index: number;
  readonly job: SimulatedJob;
  /** GitHub's id of the job. */
  readonly jobId: string;
  /** Shard that it is told to: `environment/region`. */
  readonly shard: string;
  /** Pool that serves it, or `noPool`; also for a job that will be refused. */
  readonly pool: string;
  /** Number of the only runner group whose runners may take it. */
  readonly groupId: number;
  /** Account that owns the repository, lower-cased. */
  readonly owner: string;
  readonly labelSet: string;
  /** Most jobs of its repository that are given machines at once. Absent: no limit. */
  readonly repositoryLimit?: number;
  fate: JobFate;
  /** Set when the controller gave it up; it may have been started in spite of that. */
  verdict?: {
    readonly kind: "refused" | "failed";
    readonly code: string;
    readonly message: string;
  };
  receivedAtMs?: number;
  startedAtMs?: number;
  endedAtMs?: number;
  runnerName?: string;
  served?: "hot" | "stopped" | "cold";
  /** The machine that ran it, as it was then. */
  machine?: MachineLife;
  /** Ready machines of the pool that were left when this job had claimed its own. */
  leftHot?: number;
  readonly decisions: Decision[];
}

/** What a machine is paid for at a moment. */
export type MachineUse = "boot" | "idle" | "busy" | "stopped";

/** A machine and what was seen of its present boot. Instants are epoch milliseconds. */
export interface MachineLife {
  readonly id: string;
  /** Name of the pool, or `noPool`. */
  readonly pool: string;
  readonly environment: string;
  readonly os: Os;
  readonly isSpot: boolean;
  /** Place among the machines that were bought for its pool, from 0. */
  readonly ordinal: number;
  /** One more with each boot and each end: what was meant for an earlier one must not happen. */
  power: number;
  /** `undefined`: it is off for good. */
  use: MachineUse | undefined;
  bootedAtMs: number;
  readyAtMs?: number;
  claimedAtMs?: number;
  readAtMs?: number;
  /** Runner that lives on it, from its connection to its end. */
  runnerName?: string;
  /** What its record tells. */
  history: readonly { readonly atMs: number; readonly code: string; readonly message: string }[];
}
