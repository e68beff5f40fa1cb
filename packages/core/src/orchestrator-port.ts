import type { Decision, FleetStatus } from "./fleet/status.ts";

/** A running orchestrator, as hosts see it. */
export interface Orchestrator {
  start(): Promise<void>;
  /** Drains: takes nothing new, lets the work in hand finish, releases the lease. */
  stop(deadlineMs?: number): Promise<void>;
  status(): Promise<FleetStatus>;
  /** Why something is as it is: the decisions about one job, machine or pool, oldest first. */
  explain(subject: Decision["subject"]): Promise<readonly Decision[]>;
  readonly handleWebhook: (request: Request) => Promise<Response>;
}
