import type { MemoryMachineProviderOptions } from "../../embedded/memory-machine-options.ts";
import type { MachineProvider } from "../../ports/machine-provider.ts";

/** What those who play on machines want to hear, and what they refuse. */
export interface MachineHooks
  extends Required<Pick<MemoryMachineProviderOptions, "onNews">>,
    Pick<MemoryMachineProviderOptions, "refuse"> {
  /** Told of a spot notice. */
  readonly onInterruption: (machineId: string, endsAtMs: number) => void;
}

/** Where machines come from. */
export interface MachineHost {
  /** What an orchestrator calls. */
  readonly provider: MachineProvider;
  /** The same, but its listings tell what is so, and count as no calls: for judges. */
  readonly truth: MachineProvider;
  /** The machine's own system shuts down. */
  shutDown(machineId: string): Promise<void>;
  /** Ends a machine without a word. */
  kill(machineId: string): Promise<void>;
}
