import type { Decision, FleetStatus, PoolDetail } from "./fleet/status.ts";
import type { ConfigurationStanding } from "./ports/configuration-source.ts";
import type { Catalog } from "./routing/catalog.ts";

/** A running orchestrator, as hosts see it. */
export interface Orchestrator {
  /** Reads the configuration, then competes for the lease and controls the shard until `stop`. Once only. */
  start(): Promise<void>;
  /** Drains: takes nothing new, lets the work in hand finish, releases the lease. */
  stop(deadlineMs?: number): Promise<void>;
  /** How things stand; a process that stands by reads it from the store. */
  status(): Promise<FleetStatus>;
  /** The pools of this environment and region with their configuration and curves, in the order of the status. */
  pools(): Promise<readonly PoolDetail[]>;
  /** The configuration that decisions are made from, with how things stand with its source. */
  configuration(): Promise<{
    /** The configuration in force. */
    readonly catalog: Catalog;
    /** Absent: nothing watches over it, or nothing is known yet. */
    readonly standing?: ConfigurationStanding;
  }>;
  /**
   * Has the source of the configuration looked at now, and takes over what is in force then.
   *
   * @returns What came of it. `undefined`: nothing watches over it; it was read again.
   */
  refreshConfiguration(): Promise<unknown>;
  /**
   * Why something is as it is: the decisions about one job, machine or pool, oldest first. Before them, marked `current`,
   * comes how it stands now: of a pool always, of a job while it waits.
   */
  explain(subject: Decision["subject"]): Promise<readonly Decision[]>;
  /** Answers one webhook request of GitHub's; it never rejects. */
  readonly handleWebhook: (request: Request) => Promise<Response>;
}
