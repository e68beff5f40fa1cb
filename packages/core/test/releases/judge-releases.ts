import { createGates } from "../../src/fleet/gates.ts";
import { createPlanMemory } from "../../src/fleet/plan-memory.ts";
import { planPass } from "../../src/fleet/plan-pass.ts";
import type { MachineRecord } from "../../src/fleet/records.ts";
import { type FleetRules, fleetRules } from "../../src/fleet/rules.ts";
import { workStates } from "../../src/fleet/transitions.ts";
import { createSeededEntropy } from "../../src/testing/seeded-entropy.ts";
import { createDice, createStream, type Dice } from "../../src/testing/simulation/dice.ts";
import { mutants } from "../../src/testing/simulation/mutants/index.ts";
import { aCatalog, aContext, aPool, aShape } from "../fleet/builders.ts";
import { move } from "./adversary.ts";
import { workOf } from "./machines.ts";
import { createWorld, settle, type World } from "./world.ts";

/** What a run came to. */
export interface ReleaseTally {
  /** Machines looked at, by plan. A decision is one machine, looked at once by one plan that may end it. */
  readonly decisions: Readonly<Record<string, number>>;
  /** Of those that planRetirements looked at: how many had work in truth, and how many of them the books did not know of. */
  readonly atWork: number;
  readonly unknownToBooks: number;
  /** What was ended or stopped, by act and reason. */
  readonly released: ReadonlyMap<string, number>;
  /** Machines that had work and were ended all the same. */
  readonly kills: readonly string[];
  readonly scenes: number;
}

/** Wrong rules for which this world is fatal, by their names among the planted bugs of the simulator. */
export const fatalRules: readonly string[] = [
  "sheds-without-its-guards",
  "believes-forged-reports",
  "takes-busy-for-idle",
  "believes-any-finish-report",
  "ends-a-machine-before-it-takes-back",
];

/** The real rules with one of {@link fatalRules} in them. */
export function wrongRules(name: string): FleetRules {
  const rules = mutants[name]?.().rules?.(fleetRules);
  if (rules === undefined) throw new RangeError(`There is no wrong rule ${name}`);
  return rules;
}

const movesPerScene = 400;
/** A pass follows each so many moves: much may change between two looks. */
const movesPerPass = 2;

/** The same pools over and over, with other targets, shapes, limits and drain deadlines; some are taken out. */
const catalogs = [
  [3, 2, 0],
  [0, 0, 1],
  [1, 4, 2],
  [6, 0, 0],
  [2, 1, 3],
].flatMap(([p = 0, q = 0, r = 0], index) => {
  const shape = index % 2 === 0 ? aShape : { ...aShape, cpu: { min: 4, max: 4 } };
  const idle = { idleTimeoutMs: index % 2 === 0 ? 0 : 60_000, reuseHorizonMs: 0 };
  const limits = { machines: 12, maxSurge: 2, maxUnavailable: index % 3 };
  const pools = [
    aPool("p", { hot: p, stopped: r, shape, limits, ...idle }),
    aPool("q", { hot: q, shape: { ...aShape, spot: true }, limits, ...idle }),
    aPool("r", { hot: r, stopped: 1, limits, drainDeadlineMs: 300_000, ...idle }),
  ];
  const environments = [{ name: "ci", regions: ["local"], machines: 24 }];
  return [
    aCatalog({ version: `${index}`, environments, pools }),
    aCatalog({ version: `${index}-few`, environments, pools: pools.slice(0, 1 + (index % 3)) }),
  ];
}) as unknown as readonly [ReturnType<typeof aCatalog>];

interface Counts {
  readonly decisions: Record<string, number>;
  atWork: number;
  unknownToBooks: number;
  world: World | undefined;
}

function lookAt(counts: Counts, machines: ReadonlyMap<string, MachineRecord>): void {
  for (const { id, state } of machines.values()) {
    const machine = counts.world?.machines.get(id);
    if (machine === undefined || workOf(machine) === undefined) continue;
    counts.atWork += 1;
    if (!workStates.has(state)) counts.unknownToBooks += 1;
  }
}

function countWith(counts: Counts, rules: FleetRules): FleetRules {
  const { decisions } = counts;
  const count = (plan: string, machines: ReadonlyMap<string, unknown>): void => {
    decisions[plan] = (decisions[plan] ?? 0) + machines.size;
  };
  return {
    ...rules,
    planRetirements: (view, ...rest) => {
      count("planRetirements", view.machines);
      lookAt(counts, view.machines);
      return rules.planRetirements(view, ...rest);
    },
    planDrains: (view, ...rest) => {
      count("planDrains", view.machines);
      return rules.planDrains(view, ...rest);
    },
    actOnDeadlines: (ledger, ...rest) => {
      count("actOnDeadlines", ledger.machines);
      return rules.actOnDeadlines(ledger, ...rest);
    },
    endOverdue: (ledger, ...rest) => {
      count("endOverdue", ledger.machines);
      rules.endOverdue(ledger, ...rest);
    },
  };
}

function playScene(dice: Dice, seed: number, rules: FleetRules, world: World): void {
  const gates = createGates(() => 0.5);
  const memory = createPlanMemory({
    gates,
    mintsPerMinute: 60,
    registrar: { scopeOf: () => "orgs/acme", mint: () => Promise.reject(new Error("unused")) },
    entropy: createSeededEntropy(seed),
  });
  let catalog = dice.pick(catalogs);
  const context = () => aContext({ nowMs: world.nowMs, catalog });
  for (let moved = 0; moved < movesPerScene && world.kills.length === 0; moved += 1) {
    if (dice.chance(0.02)) catalog = dice.pick(catalogs);
    move(world, dice, context(), rules, gates);
    settle(world);
    if (moved % movesPerPass > 0) continue;
    planPass(world.ledger, context(), memory, false, rules);
    settle(world);
  }
}

/**
 * Puts a fleet into the hands of an adversary who loses, delays, repeats and forges what a controller hears, gives runners
 * to other jobs, and answers at random, and looks at every machine that the real plans end: did it have work in truth?
 *
 * @param options - `decisions`: how many machines {@link fleetRules.planRetirements} alone has to look at. `rules`: other
 *   than the real ones; a run ends with the first machine that is ended at work.
 */
export function judgeReleases(options: {
  readonly seed: number;
  readonly decisions: number;
  readonly rules?: FleetRules;
  readonly onProgress?: (decisions: number) => void;
}): ReleaseTally {
  const { seed, rules = fleetRules, onProgress = () => undefined } = options;
  const decisions: Record<string, number> = {};
  const released = new Map<string, number>();
  const counts: Counts = { decisions, atWork: 0, unknownToBooks: 0, world: undefined };
  const counting = countWith(counts, rules);
  const kills: string[] = [];
  let scenes = 0;
  while ((decisions["planRetirements"] ?? 0) < options.decisions && kills.length === 0) {
    scenes += 1;
    const dice = createDice(createStream(seed, `scene ${scenes}`));
    const world = createWorld();
    counts.world = world;
    playScene(dice, seed, counting, world);
    for (const [name, count] of world.released)
      released.set(name, (released.get(name) ?? 0) + count);
    kills.push(...world.kills.map((kill) => `scene ${scenes}: ${kill}`));
    onProgress(decisions["planRetirements"] ?? 0);
  }
  const { atWork, unknownToBooks } = counts;
  return { decisions, atWork, unknownToBooks, released, kills, scenes };
}
