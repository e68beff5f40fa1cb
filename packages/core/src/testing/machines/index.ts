export { type AssignmentBoard, createAssignmentBoard } from "./assignment-board.ts";
export type { MachineHooks, MachineHost } from "./machine-host.ts";
export {
  createSimulatedMachines,
  type SimulatedMachines,
  type SimulatedMachinesOptions,
} from "./simulated-machines.ts";
