export { type AssignmentBoard, createAssignmentBoard } from "./assignment-board.ts";
export {
  createSimulatedMachines,
  type SimulatedMachines,
  type SimulatedMachinesOptions,
} from "./simulated-machines.ts";
