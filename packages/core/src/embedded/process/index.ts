export { withProcessAssignments } from "./assignments.ts";
export { createMachineMailbox, type MachineMailbox } from "./machine-mailbox.ts";
export type { ProcessMachineFault, ProcessMachineProviderOptions } from "./options.ts";
export { createProcessMachineProvider } from "./provider.ts";
export { createProcessReports, type ProcessReportsOptions } from "./reports.ts";
