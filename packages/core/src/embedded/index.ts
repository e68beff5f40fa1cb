export type { DeadLetter } from "./dead-letter.ts";
export { createMemoryDeliveries } from "./memory-deliveries.ts";
export {
  createMemoryDemandSource,
  type MemoryDemandSource,
  type MemoryDemandSourceOptions,
} from "./memory-demand-source.ts";
export type {
  MachineCall,
  MachineNews,
  MemoryMachineProviderOptions,
} from "./memory-machine-options.ts";
export {
  createMemoryMachineProvider,
  type MemoryMachineProvider,
  type Ring,
} from "./memory-machine-provider.ts";
export {
  createMemoryQueue,
  type MemoryQueue,
  type MemoryQueueOptions,
} from "./memory-queue.ts";
export { createMemoryStore, type MemoryStoreOptions } from "./memory-store.ts";
