import { join } from "node:path";
import type { CallOptions } from "../../ports/call-options.ts";
import { type FailureKind, FleetError } from "../../ports/failure.ts";
import type { Outcome } from "../../ports/machine-provider.ts";
import { bootMachine } from "./boot.ts";
import { isFull } from "./buying.ts";
import { endMachine } from "./ending.ts";
import { createMarker } from "./files.ts";
import type { FleetDirectory } from "./fleet-directory.ts";
import { isMachineName, startOf, stopOf } from "./layout.ts";
import { type MachineView, markTerminated, viewMachine } from "./machine-state.ts";
import type { ProcessMachineSettings } from "./options.ts";
import { ringMachine } from "./ring.ts";

/** One change of one machine; answers why it was refused, or nothing. */
type Change = (
  view: MachineView,
  settings: ProcessMachineSettings,
  fleet: FleetDirectory,
) => Promise<FailureKind | undefined>;

/** What is done to each machine of a batch. */
interface MachineChange {
  /** What it means that there is no such machine; `undefined`: nothing is wrong. */
  readonly whenAbsent: FailureKind | undefined;
  readonly apply: Change;
  /** Whether each machine has to see what became of the ones before it. */
  readonly oneByOne?: boolean;
}

/** Applies the change to each machine; one that fails does not hold up the others. */
export async function changeMachines(
  ids: readonly string[],
  settings: ProcessMachineSettings,
  fleet: FleetDirectory,
  change: MachineChange,
  options?: CallOptions,
): Promise<readonly Outcome[]> {
  options?.signal?.throwIfAborted();
  const one = async (id: string): Promise<Outcome> => {
    let failure: FailureKind | undefined;
    try {
      const view = isMachineName(id)
        ? await viewMachine(join(settings.directory, id), id)
        : undefined;
      failure = view ? await change.apply(view, settings, fleet) : change.whenAbsent;
    } catch (error) {
      failure = FleetError.isInstance(error) ? error.kind : "unavailable";
    }
    return failure === undefined ? { id, ok: true } : { id, ok: false, failure };
  };
  if (!change.oneByOne) return Promise.all(ids.map(one));
  const outcomes: Outcome[] = [];
  for (const id of ids) outcomes.push(await one(id));
  return outcomes;
}

/** The next boot of a stopped machine is asked for and under way. */
const startMachine: Change = async (view, settings, fleet) => {
  const { record } = view;
  if (record === undefined) return "unknown";
  switch (view.state) {
    case "running":
      return undefined;
    case "stopping":
      return "conflict";
    case "terminated":
    case "shutting-down":
      return "not-found";
    case "stopped":
      if (await isFull(fleet, settings)) return "capacity";
      await createMarker(startOf(view.path, view.generation + 1), "");
      break;
    case "pending":
      // Its host may have died before the process ran.
      break;
  }
  await bootMachine({
    path: view.path,
    record,
    generation: view.state === "stopped" ? view.generation + 1 : view.generation,
    command: settings.command,
    environment: settings.environment,
    nowMs: settings.clock.now(),
  });
  return undefined;
};

/** The machine's process has ended and its directory stays. */
const stopMachine: Change = async (view, settings) => {
  switch (view.state) {
    case "stopped":
      return undefined;
    case "pending":
      return "conflict";
    case "terminated":
    case "shutting-down":
      return "not-found";
    case "running":
    case "stopping":
      // A spot machine that was stopped cannot be started by us again.
      if (view.record?.market !== "on-demand") return "config";
      await createMarker(stopOf(view.path, view.generation), "");
      await endMachine(view, settings.stopGraceMs);
      return undefined;
  }
};

/** The machine has ended for good, with everything that it started. */
const terminateMachine: Change = async (view, settings) => {
  await markTerminated(view.path, { atMs: settings.clock.now(), reason: "it was terminated" });
  // Looked at again after the mark: a process that boots meanwhile sees either the mark, or is seen here.
  const now = await viewMachine(view.path, view.id);
  if (now) await endMachine(now, settings.terminateGraceMs);
  return undefined;
};

/** Rings the doorbell with the nonce. */
const ringWith =
  (nonce: string): Change =>
  async (view) => {
    if (view.state === "terminated" || view.state === "shutting-down") return "not-found";
    if (view.state === "stopped" || view.state === "stopping") return "conflict";
    return (await ringMachine(view.path, view.generation, nonce)) ? undefined : "not-found";
  };

/** The changes of a machine's power that the port knows. */
export const changes = {
  start: { whenAbsent: "not-found", apply: startMachine, oneByOne: true },
  stop: { whenAbsent: "not-found", apply: stopMachine },
  terminate: { whenAbsent: undefined, apply: terminateMachine },
  ring: (nonce: string) => ({ whenAbsent: "not-found", apply: ringWith(nonce) }) as const,
} as const;
