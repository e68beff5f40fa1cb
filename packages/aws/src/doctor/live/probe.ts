import type { AgentEvent } from "@runs-fleet/core/wire";
import type { Purchase } from "../../ec2/launch/purchase.ts";

/** The one machine of a run with `live`, and what was seen of it. */
export interface Probe {
  /** Set before anything is sent: what may have been bought. */
  purchase?: Purchase;
  /** The fleet that bought it. */
  fleetId?: string;
  /** The machine. */
  machineId?: string;
  /** When EC2 had answered, epoch milliseconds. */
  boughtAtMs?: number;
  /** Its reports, as they were received. */
  readonly reports: SeenReport[];
  /** Its document, from when it was written. */
  assignmentId?: string;
  /** From the ring to the report of the machine that it has taken its document, milliseconds. */
  ringMs?: number;
}

/** A report of the machine. */
export interface SeenReport {
  /** What it says. */
  readonly event: AgentEvent;
  /** Who SQS says has sent it. */
  readonly sender: string;
  /** When it was received, epoch milliseconds. */
  readonly receivedAtMs: number;
}

/** No machine yet. */
export function createProbe(): Probe {
  return { reports: [] };
}
