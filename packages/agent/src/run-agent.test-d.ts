import type { CallOptions, Clock } from "@runs-fleet/core";
import type { MachineMailbox } from "@runs-fleet/core/embedded/process";
import type { AgentEvent, AgentResult, Assignment } from "@runs-fleet/core/wire";
import { expectTypeOf, it } from "vitest";
import { type AgentOptions, runAgent } from "./index.ts";

/** What other people's code passes: the documented options, and nothing more. */
interface DocumentedOptions {
  machineId: string;
  runnerDirectory: string;
  clock?: Clock;
  power: { off(reason: string): Promise<void> };
  events: { send(event: AgentEvent, o?: CallOptions): Promise<void> };
  assignments: {
    read(machineId: string, o?: CallOptions): Promise<Assignment | undefined>;
    blank(assignment: Assignment, o?: CallOptions): Promise<boolean>;
    rung(signal: AbortSignal): Promise<void>;
  };
}

it("takes the documented options", () => {
  expectTypeOf<DocumentedOptions>().toExtend<AgentOptions>();
  expectTypeOf(runAgent).returns.resolves.toExtend<{ result: AgentResult; exitCode?: number }>();
});

it("takes the mailbox of a process machine as it is", () => {
  expectTypeOf<MachineMailbox & { machineId: string }>().toExtend<AgentOptions>();
});
