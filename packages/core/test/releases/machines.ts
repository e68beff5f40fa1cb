import type { ObservedMachine } from "../../src/ports/machine-provider.ts";
import type { Market } from "../../src/routing/shape.ts";
import type { AgentEvent } from "../../src/wire/agent-event.ts";
import type { Assignment } from "../../src/wire/assignment.ts";

/** A registration as GitHub holds it. `waiting`: its machine may take a job with it at any moment. */
export interface TrueRunner {
  readonly name: string;
  readonly id: string;
  readonly demand: string;
  state: "waiting" | "busy" | "over";
  jobId?: string;
  /** Whether its machine has said so. */
  isOnline?: boolean;
}

/** A machine as it really is, whatever the books say. */
export interface TrueMachine {
  readonly id: string;
  readonly attemptId: string;
  readonly market: Market;
  readonly launchedAtMs: number;
  power: "on" | "off" | "gone";
  /** Whether its agent is up. */
  isUp: boolean;
  sequence: number;
  /** What it has to do, and whether its agent has read that. */
  document?: { readonly assignment: Assignment; isRead: boolean };
  runner?: TrueRunner;
}

/** Why the machine must not be touched; `undefined`: nothing runs there, and nothing can begin to. */
export function workOf({ power, document, runner }: TrueMachine): string | undefined {
  if (power !== "on") return undefined;
  if (runner?.state === "busy") return `its runner ${runner.name} has job ${runner.jobId}`;
  if (document === undefined) return undefined;
  if (!document.isRead) return "its assignment is unread";
  return runner?.state === "waiting" ? `its runner ${runner.name} may take a job` : undefined;
}

/** The next words of its agent. */
export function reportOf(
  machine: TrueMachine,
  atMs: number,
  words: { readonly kind: AgentEvent["kind"]; readonly [name: string]: unknown },
): AgentEvent {
  machine.sequence += 1;
  const { id, sequence } = machine;
  return {
    ...words,
    id: `${id}-${sequence}-${words.kind}`,
    machineId: id,
    atMs,
    sequence,
  } as AgentEvent;
}

/** The machine in a sound listing. */
export function listed({ id, attemptId, market, launchedAtMs, power }: TrueMachine) {
  const state = power === "on" ? "running" : power === "off" ? "stopped" : "terminated";
  return { id, attemptId, market, launchedAtMs, state } satisfies ObservedMachine;
}
