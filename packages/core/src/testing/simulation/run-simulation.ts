import type { Violation } from "./judge.ts";
import { mutants } from "./mutants.ts";
import { planFaults } from "./plan-faults.ts";
import { planScenario } from "./plan-scenario.ts";
import { type SimulationPlan, simulate } from "./simulate.ts";

/** What to simulate. */
export interface SimulationOptions {
  /** Decides everything: jobs, machines, faults, chance. A safe integer. */
  readonly seed: number;
  /** Virtual hours in which jobs and faults come; some time to come to rest follows. */
  readonly hours: number;
  /** Plants a bug by its name, see {@link mutantNames}. */
  readonly mutant?: string;
  /** Ids of the only faults of the plan that happen, for shrinking. @defaultValue all */
  readonly onlyFaults?: readonly string[];
}

/** What a simulation came to. */
export interface Simulation {
  /** One line per effect, fault and transition of note. The same for the same options, to the byte. */
  readonly trace: string;
  /** Invariants that did not hold, oldest first. */
  readonly violations: readonly Violation[];
  /** Counts and durations by name. */
  readonly stats: Readonly<Record<string, number>>;
  /** Ids of the faults that happened, in their order. */
  readonly faults: readonly string[];
}

/** Names of the bugs that can be planted, with the invariant whose oracle has to notice. */
export const mutantNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(mutants).map(([name, make]) => [name, make().caughtBy]),
);

const longestHours = 24 * 366;

/**
 * Lets real orchestrators live in a simulated world (GitHub, machines, queues, store, dying processes) for some virtual
 * hours, with all that goes wrong there, and judges what they do by the invariants.
 *
 * @throws A RangeError for a seed that is no safe integer, hours outside (0, 8784], or an unknown mutant.
 * @example
 * const { violations } = await runSimulation({ seed: 7, hours: 24 });
 */
export async function runSimulation(options: SimulationOptions): Promise<Simulation> {
  const { seed, hours, mutant, onlyFaults } = options;
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a safe integer, is ${seed}`);
  if (!(hours > 0 && hours <= longestHours))
    throw new RangeError(`hours must lie in (0, ${longestHours}], is ${hours}`);
  const make = mutant === undefined ? undefined : mutants[mutant];
  if (mutant !== undefined && make === undefined)
    throw new RangeError(`There is no mutant ${mutant}: ${Object.keys(mutants).join(", ")}`);
  const scenario = planScenario(seed, hours);
  const planned = planFaults({ seed, hours, processes: scenario.processes });
  const wanted = onlyFaults === undefined ? undefined : new Set(onlyFaults);
  const faults = planned.filter(({ id }) => wanted?.has(id) ?? true);
  const plan: SimulationPlan = { seed, scenario, faults, ...(make ? { mutant: make() } : {}) };
  const outcome = await simulate(plan);
  return { ...outcome, faults: faults.map(({ id }) => id) };
}
