import type { FleetView } from "../../../fleet/fleet-view.ts";
import type { MachineRecord } from "../../../fleet/records.ts";
import type { FleetRules } from "../../../fleet/rules.ts";
import type { StateStore } from "../../../ports/state-store.ts";
import type { FaultDeed } from "../faults.ts";
import type { Invariant } from "../judge.ts";
import type { Arrival, Scenario } from "../plan-scenario.ts";
import type { ControllerPorts } from "../process-ports.ts";

/** Something that goes wrong besides what the seed plans: the trouble under which a bug shows. */
export type Provocation = FaultDeed & { readonly atMs: number };

/**
 * A bug to plant: one rule, or one port, that does a little less or a little other than it should. Each was met in
 * production by somebody; the judge has to notice it by the named invariant.
 */
export interface Mutant {
  /** Where it was met: part and number of the field notes, such as `A 5.1.7`. */
  readonly note: string;
  /** The invariant whose oracle has to notice. */
  readonly caughtBy: Invariant;
  /** @defaultValue nothing but the seed's own faults */
  readonly under?: readonly Provocation[];
  /** The world that the seed plans, with what the bug needs to show. */
  readonly world?: (scenario: Scenario) => Scenario;
  /** Jobs besides those that the seed plans: those on which a bug shows. */
  readonly jobs?: (scenario: Scenario) => readonly Arrival[];
  /** Inside every controller: a rule by which it decides. */
  readonly rules?: (rules: FleetRules) => FleetRules;
  /** Between every controller and its ports. */
  readonly ports?: (ports: ControllerPorts) => ControllerPorts;
  /** The one store of all processes. */
  readonly store?: (store: StateStore) => StateStore;
}

/** Mutants by name. Each is made anew for every simulation, because some remember things. */
export type Mutants = Readonly<Record<string, () => Mutant>>;

/** The instant so many minutes after the start, milliseconds. */
export const minutes = (count: number): number => count * 60_000;

/** A job of two minutes that comes so many minutes after the start, and says what is not so of itself. */
export function aJob(
  count: number,
  job: Pick<Arrival, "repository" | "labels" | "isWrong" | "isForeign"> & Partial<Arrival>,
): Arrival {
  // Far from the numbers of the seed's own runs.
  const run = 2_000_000 + count;
  return { run, atMs: minutes(count), durationMs: minutes(2), result: "succeeded", ...job };
}

/** The records with other machines in them; `undefined` leaves one out. */
export function viewWith(
  view: FleetView,
  seen: (machine: MachineRecord) => MachineRecord | undefined,
): FleetView {
  const machines = new Map<string, MachineRecord>();
  for (const machine of view.machines.values()) {
    const shown = seen(machine);
    if (shown) machines.set(shown.id, shown);
  }
  return { jobs: view.jobs, attempts: view.attempts, machines };
}
