export { judgedInvariants, unjudgedInvariants, type Violation } from "./judge.ts";
export {
  mutantNames,
  runSimulation,
  type Simulation,
  type SimulationOptions,
} from "./run-simulation.ts";
