export { type Unreached, unreached } from "./coverage-map.ts";
export { judgedInvariants, type Violation } from "./judge.ts";
export { type MutantFacts, mutantFacts } from "./mutants/index.ts";
export {
  runSimulation,
  type Simulation,
  type SimulationOptions,
} from "./run-simulation.ts";
