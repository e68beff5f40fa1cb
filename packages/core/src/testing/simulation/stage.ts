import type { Clock } from "../../ports/clock.ts";
import type { MachineNotice } from "../../ports/machine-notice.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import type { SimulatedMachines } from "../machines/index.ts";
import type { Judge } from "./judge.ts";
import type { Processes } from "./processes.ts";
import type { Trace } from "./trace.ts";
import type { Trouble } from "./trouble.ts";
import type { Truth } from "./truth.ts";

/** What faults act on. */
export interface Stage {
  readonly seed: number;
  readonly clock: Clock;
  readonly truth: Truth;
  readonly trouble: Trouble;
  readonly trace: Trace;
  readonly judge: Judge;
  readonly processes: Processes;
  readonly machines: SimulatedMachines;
  /** Where machines report. */
  readonly reports: MessageQueue<AgentEvent>;
  /** Where the provider tells of machines. */
  readonly notices: MessageQueue<MachineNotice>;
  /** Report ids with the machine that the queue saw sending them, where it is not the one that they speak of. */
  readonly forgers: Map<string, string>;
  /** Reaches GitHub. */
  readonly fetch: typeof fetch;
  /** Labels that jobs ask for. */
  readonly labels: readonly string[];
}
