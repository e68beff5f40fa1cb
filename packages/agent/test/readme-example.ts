import { createChildProcessLauncher, runAgent } from "@runs-fleet/agent";
import { createMachineMailbox } from "@runs-fleet/core/embedded/process";
import { systemClock } from "@runs-fleet/core/wire";

/** The whole life of a machine that is a process; one in a cloud brings `events`, `assignments` and `power` of its own. */
export async function live(directory: string, machineId: string, signal: AbortSignal) {
  const mailbox = createMachineMailbox(directory);
  const { result } = await runAgent({
    machineId,
    runnerDirectory: mailbox.runnerDirectory,
    events: mailbox.events,
    assignments: mailbox.assignments,
    power: mailbox.power,
    launcher: createChildProcessLauncher(systemClock, mailbox.adopt),
    signal,
  });
  return result; // "succeeded", "failed", "cancelled", "no-job", "runner-outdated" or "unknown"
}
