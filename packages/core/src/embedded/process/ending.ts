import { pause } from "./files.ts";
import type { MachineView } from "./machine-state.ts";
import { isAlive, killGroup, type ProcessIdentity, signalProcess } from "./process-identity.ts";

/** How long a killed process may take to disappear, milliseconds. */
const reapMs = 2_000;

/** Waits until the process has ended; `false`: it lives on after `limitMs`. */
async function waitForEnd(target: ProcessIdentity, limitMs: number): Promise<boolean> {
  let stepMs = 2;
  for (let waitedMs = 0; ; waitedMs += stepMs, stepMs = Math.min(50, stepMs * 2)) {
    if (!(await isAlive(target))) return true;
    if (waitedMs >= limitMs) return false;
    await pause(stepMs);
  }
}

/** Kills whatever of the machine still runs, its process and the groups it started, and waits for their end. */
export async function killMachine(view: MachineView): Promise<void> {
  const targets = [...(view.process ? [view.process] : []), ...view.groups];
  await Promise.all(targets.map((target) => killGroup(target)));
  await Promise.all(targets.map((target) => waitForEnd(target, reapMs)));
}

/** Asks the machine's process to end, gives it `graceMs`, then kills what is left. */
export async function endMachine(view: MachineView, graceMs: number): Promise<void> {
  if (view.process && (await signalProcess(view.process, "SIGTERM"))) {
    await waitForEnd(view.process, graceMs);
  }
  await killMachine(view);
}
