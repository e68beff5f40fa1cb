export {
  type ClockContractOptions,
  type ClockTraits,
  describeClockContract,
} from "./contracts/clock.ts";
export {
  type DemandSourceContractOptions,
  type DemandSourceSubject,
  type DemandSourceTraits,
  describeDemandSourceContract,
} from "./contracts/demand-source.ts";
export {
  describeGitHubClientContract,
  type GitHubClientContractOptions,
} from "./contracts/github-client.ts";
export type { GitHubClientEnvironment } from "./contracts/github-client-suite.ts";
export {
  describeMachineProviderContract,
  type MachineProviderContractOptions,
} from "./contracts/machine-provider.ts";
export type { MachineProviderTraits } from "./contracts/machine-provider-suite.ts";
export {
  describeMessageQueueContract,
  type MessageQueueContractOptions,
} from "./contracts/message-queue.ts";
export type { MessageQueueTraits } from "./contracts/message-queue-suite.ts";
export type { ContractEnvironment, ContractTime } from "./contracts/stage.ts";
export {
  describeStateStoreContract,
  type StateStoreContractOptions,
} from "./contracts/state-store.ts";
export type { StateStoreTraits } from "./contracts/state-store-suite.ts";
export {
  describeTelemetryContract,
  type TelemetryContractOptions,
  type TelemetryTraits,
} from "./contracts/telemetry.ts";
export {
  createFakeGitHub,
  type FakeCheck,
  type FakeFileRequest,
  type FakeGitHub,
  type FakeGitHubEvent,
  type FakeGitHubExchange,
  type FakeGitHubLimits,
  type FakeGitHubOptions,
  type FakeJob,
  type FakeJobRequest,
  type FakeOutage,
  type FakeRepositoryRequest,
  type FakeRunner,
  type FakeWebhooks,
  type RunnerResult,
  type WebhookFaults,
  type WebhookHandler,
} from "./github/index.ts";
export { type FakeRunnerOptions, prepareFakeRunnerDirectory } from "./listener/index.ts";
export {
  type AssignmentBoard,
  createAssignmentBoard,
  createSimulatedMachines,
  type SimulatedMachines,
  type SimulatedMachinesOptions,
} from "./machines/index.ts";
export {
  createRecordingApi,
  type RecordedRun,
  type RecordingApi,
  recordRun,
} from "./recording-api.ts";
export { createSeededEntropy } from "./seeded-entropy.ts";
export {
  judgedInvariants,
  mutantNames,
  runSimulation,
  type Simulation,
  type SimulationOptions,
  unjudgedInvariants,
  type Violation,
} from "./simulation/index.ts";
export type { TestApi } from "./test-api.ts";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
export {
  type Baseline,
  type BootProfile,
  type BootProfiles,
  type Cost,
  type DelayProfile,
  type Durations,
  type FleetReport,
  type HourWaits,
  type JobCounts,
  type JobGroup,
  type MachineHours,
  noPool,
  type Peak,
  type PhasesMs,
  type PoolReport,
  type PoolSeries,
  type Provenance,
  type SeedSpread,
  type Series,
  type ServedShares,
  type SimulatedJob,
  type SimulateFleetOptions,
  type SpareWindow,
  type Spread,
  type Trust,
  type WaitPhase,
  type Waits,
  type WaitsOverTime,
  type WeekHourWaits,
  type WorstJob,
  waitPhases,
} from "./what-if/index.ts";
