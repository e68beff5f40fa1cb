import type { TraceCarrier } from "@runs-fleet/telemetry";

/** What a machine is told to do: run one job with this registration. Written by the controller, blanked by the agent. */
export interface Assignment {
  readonly id: string;
  readonly machineId: string;
  /** The credential of the runner, base64. Never logged. */
  readonly jitConfig: string;
  readonly runnerName: string;
  readonly labels: readonly string[];
  /** Epoch milliseconds past which the assignment is void. */
  readonly deadlineMs: number;
  readonly trace?: TraceCarrier;
}
