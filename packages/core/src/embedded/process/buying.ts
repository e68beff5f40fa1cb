import { join } from "node:path";
import type { CallOptions } from "../../ports/call-options.ts";
import { type FailureKind, FleetError } from "../../ports/failure.ts";
import type {
  LaunchAttempt,
  LaunchFailure,
  LaunchResult,
  ObservedMachine,
} from "../../ports/machine-provider.ts";
import { assertLaunch } from "../launch-fingerprint.ts";
import { bootMachine } from "./boot.ts";
import type { FleetDirectory } from "./fleet-directory.ts";
import { claimSlot, readSettled, recordAttempt, settle } from "./launch.ts";
import { machineIdFor } from "./layout.ts";
import type { MachineRecord } from "./machine-record.ts";
import { type MachineView, markTerminated, viewMachine } from "./machine-state.ts";
import type { ProcessMachineFault, ProcessMachineSettings } from "./options.ts";

/** The machine as the port speaks of it. */
export function observe(view: MachineView): ObservedMachine {
  const { record } = view;
  return {
    id: view.id,
    ...(record && { attemptId: record.attemptId }),
    state: view.state,
    market: record?.market ?? "on-demand",
    ...(record?.zone !== undefined && { zone: record.zone }),
    instanceType: "process",
    launchedAtMs: record?.launchedAtMs ?? 0,
  };
}

const occupying: ReadonlySet<string> = new Set(["pending", "running", "stopping", "shutting-down"]);

/** How many machines of the region take up room now. */
async function countOccupied(
  fleet: FleetDirectory,
  settings: ProcessMachineSettings,
): Promise<number> {
  if (settings.capacity === Number.POSITIVE_INFINITY) return 0;
  const views = await fleet.view();
  return views.filter(
    ({ record, state }) => record?.region === settings.region && occupying.has(state),
  ).length;
}

/** Whether no further machine of the region may run. */
export async function isFull(
  fleet: FleetDirectory,
  settings: ProcessMachineSettings,
): Promise<boolean> {
  return (await countOccupied(fleet, settings)) >= settings.capacity;
}

function recordFor(
  attempt: LaunchAttempt,
  slot: number,
  fault: ProcessMachineFault,
  nowMs: number,
): MachineRecord {
  return {
    id: machineIdFor(attempt.token, slot),
    attemptId: attempt.id,
    token: attempt.token,
    environment: attempt.environment,
    region: attempt.region,
    ...(attempt.zone !== undefined && { zone: attempt.zone }),
    market: attempt.markets[0] ?? "on-demand",
    ...(attempt.pool !== undefined && { pool: attempt.pool }),
    specHash: attempt.specHash,
    deadlineMs: attempt.deadlineMs,
    launchedAtMs: nowMs,
    tags: attempt.tags ?? {},
    hangs: fault.hang ?? false,
    bootDelayMs: fault.bootDelayMs ?? 0,
  };
}

function summarise(
  refused: ReadonlyMap<FailureKind, number>,
  attempt: LaunchAttempt,
): readonly LaunchFailure[] {
  return [...refused].map(([kind, count]) => ({
    kind,
    offering: `process:${attempt.zone ?? attempt.region}:${attempt.markets[0]}`,
    message: `${count} of ${attempt.count} machines were not bought: ${kind}`,
  }));
}

async function observeAll(
  directory: string,
  ids: readonly string[],
): Promise<readonly ObservedMachine[]> {
  const views = await Promise.all(ids.map((id) => viewMachine(join(directory, id), id)));
  return views.flatMap((view) => (view ? [observe(view)] : []));
}

/** Starts the machine of a slot that is new, or was left without a process by a host that died. */
async function startFirstBoot(
  path: string,
  id: string,
  settings: ProcessMachineSettings,
): Promise<void> {
  const view = await viewMachine(path, id);
  if (view?.record === undefined || view.state !== "pending") return;
  try {
    await bootMachine({
      path,
      record: view.record,
      generation: view.generation,
      command: settings.command,
      environment: settings.environment,
      nowMs: settings.clock.now(),
    });
  } catch (error) {
    await markTerminated(path, { atMs: settings.clock.now(), reason: "it could not be started" });
    throw error;
  }
}

/**
 * Buys what the attempt asks for, as far as there is room, and writes down that it is done. Run again for the same
 * token, by this host or another one, it finishes what was begun: each slot of the attempt is one machine for ever.
 */
export async function buyMachines(
  attempt: LaunchAttempt,
  fleet: FleetDirectory,
  settings: ProcessMachineSettings,
  options?: CallOptions,
): Promise<LaunchResult> {
  options?.signal?.throwIfAborted();
  assertLaunch(attempt, settings.region);
  const { directory, clock } = settings;
  await recordAttempt(directory, attempt);
  const settled = await readSettled(directory, attempt.token);
  if (settled) {
    return {
      machines: await observeAll(directory, settled.machineIds),
      failures: settled.failures,
    };
  }
  const refused = new Map<FailureKind, number>();
  const refuse = (kind: FailureKind): void => {
    refused.set(kind, (refused.get(kind) ?? 0) + 1);
  };
  const ids: string[] = [];
  let occupied = await countOccupied(fleet, settings);
  for (let slot = 0; slot < attempt.count; slot += 1) {
    options?.signal?.throwIfAborted();
    const id = machineIdFor(attempt.token, slot);
    const path = join(directory, id);
    const existing = await viewMachine(path, id);
    if (existing === undefined) {
      const fault = settings.fault(attempt, slot) ?? {};
      const nowMs = clock.now();
      const refusal =
        fault.refuse ??
        (nowMs >= attempt.deadlineMs ? "config" : undefined) ??
        (occupied >= settings.capacity ? "capacity" : undefined);
      if (refusal !== undefined) {
        refuse(refusal);
        continue;
      }
      const claim = await claimSlot(directory, recordFor(attempt, slot, fault, nowMs));
      if (claim === "ended") continue;
      if (claim === "bought") occupied += 1;
    }
    try {
      await startFirstBoot(path, id, settings);
      ids.push(id);
    } catch (error) {
      if (!FleetError.isInstance(error)) throw error;
      refuse(error.kind);
    }
  }
  const failures = summarise(refused, attempt);
  await settle(directory, attempt.token, { machineIds: ids, failures });
  return { machines: await observeAll(directory, ids), failures };
}
