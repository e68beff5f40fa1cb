import type { Violation } from "./judge.ts";
import { mutants } from "./mutants/index.ts";
import { planFaults } from "./plan-faults.ts";
import { planFileFaults } from "./plan-gradual.ts";
import { planScenario, risesOf } from "./plan-scenario.ts";
import { type SimulationPlan, simulate } from "./simulate.ts";

/** What to simulate. */
export interface SimulationOptions {
  /** Decides everything: jobs, machines, faults, chance. A safe integer. */
  readonly seed: number;
  /** Virtual hours in which jobs and faults come; some time to come to rest follows. */
  readonly hours: number;
  /** Plants a bug by its name, see {@link mutantFacts}; what makes it show happens besides the seed's own faults. */
  readonly mutant?: string;
  /** Where machines come from: a strict EC2, or a provider that does at once what it is told. @defaultValue `ec2` */
  readonly cloud?: "ec2" | "memory";
  /** Ends it within a minute of the first violation of this invariant. @defaultValue it goes on to its end */
  readonly until?: string;
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
  /** How long the jobs waited that ran, shortest first, milliseconds. */
  readonly waitsMs: readonly number[];
  /** Ids of the faults that happened, in their order. */
  readonly faults: readonly string[];
  /** What it reached of all that can happen, see {@link unreached}; sorted. */
  readonly reached: readonly string[];
  /** When it began, epoch milliseconds of its own clock. */
  readonly startMs: number;
}

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
  const { seed, hours, mutant, onlyFaults, until, cloud = "ec2" } = options;
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a safe integer, is ${seed}`);
  if (!(hours > 0 && hours <= longestHours))
    throw new RangeError(`hours must lie in (0, ${longestHours}], is ${hours}`);
  const make = mutant === undefined ? undefined : mutants[mutant];
  if (mutant !== undefined && make === undefined)
    throw new RangeError(`There is no mutant ${mutant}: ${Object.keys(mutants).join(", ")}`);
  const bug = make?.();
  const drawnScenario = planScenario(seed, hours);
  const own = bug?.world?.(drawnScenario) ?? drawnScenario;
  const more = bug?.jobs?.(own) ?? [];
  const scenario = { ...own, arrivals: [...own.arrivals, ...more] };
  const provoked = (bug?.under ?? []).map((deed, index) => ({ ...deed, id: `m${index + 1}` }));
  const { processes } = scenario;
  const drawn = planFaults({ seed, hours, processes, risesMs: risesOf(scenario) });
  const ofFiles = planFileFaults(seed, scenario);
  const planned = [...drawn, ...ofFiles, ...provoked].sort((left, right) => left.atMs - right.atMs);
  const wanted = onlyFaults === undefined ? undefined : new Set(onlyFaults);
  const faults = planned.filter(({ id }) => wanted?.has(id) ?? true);
  const plan: SimulationPlan = {
    ...{ seed, scenario, faults, cloud, until },
    ...(bug ? { mutant: bug } : {}),
  };
  const outcome = await simulate(plan);
  return { ...outcome, faults: faults.map(({ id }) => id), startMs: scenario.startMs };
}
