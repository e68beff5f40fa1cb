import type { TraceCarrier } from "@runs-fleet/telemetry";

/** What a machine is told to do: run one job with this registration. Written by the controller, blanked by the agent. */
export interface Assignment {
  /** Names the assignment; a machine gets a new one for each registration. */
  readonly id: string;
  /** Machine that it is meant for. */
  readonly machineId: string;
  /** The credential of the runner, base64. Never logged. */
  readonly jitConfig: string;
  /** Name under which the runner is registered at GitHub. */
  readonly runnerName: string;
  /** Labels that the runner is registered with. */
  readonly labels: readonly string[];
  /** Epoch milliseconds past which the assignment is void. */
  readonly deadlineMs: number;
  /** Trace of the job that it was made for. */
  readonly trace?: TraceCarrier;
}
