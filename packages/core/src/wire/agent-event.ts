import type { TraceCarrier } from "@runs-fleet/telemetry";

/** How the machine's one job ended, as far as the machine knows. */
export type AgentResult =
  | "succeeded"
  | "failed"
  | "cancelled"
  | "no-job"
  | "runner-outdated"
  | "unknown";

/** What all events of a machine carry. */
export interface AgentEventBase {
  /** Unique; a repeated event keeps it. */
  readonly id: string;
  /** Machine that reports; believed only when the queue verified the same sender. */
  readonly machineId: string;
  /** Epoch milliseconds by the machine's clock. */
  readonly atMs: number;
  /** Grows with each event of one boot of the machine, from 1. */
  readonly sequence: number;
  /** Trace of the job that it is about. */
  readonly trace?: TraceCarrier;
}

/** What a machine reports. */
export type AgentEvent = AgentEventBase &
  (
    | { readonly kind: "ready" | "acknowledged" }
    | { readonly kind: "registered" | "job-started"; readonly runnerName: string }
    | {
        readonly kind: "finished";
        readonly result: AgentResult;
        readonly exitCode?: number;
        /** Durations of the phases, milliseconds. */
        readonly timingsMs: Readonly<Record<string, number>>;
      }
    | { readonly kind: "interrupted"; readonly endsAtMs: number }
  );
