export {
  createMinuteBudget,
  defaultMintsPerMinute,
  type MinuteBudget,
} from "./capacity/minute-budget.ts";
export {
  createPollingSource,
  createWebhookHandler,
  type PollingSourceOptions,
  signBody,
  type WebhookHandlerOptions,
} from "./demand/index.ts";
export { parseDemandEvent } from "./demand/parse-demand-event.ts";
export { parseMachineNotice } from "./fleet/parse-machine-notice.ts";
export type {
  Decision,
  FleetStatus,
  JobStatus,
  MachineStatus,
  PoolDetail,
  PoolStatus,
} from "./fleet/status.ts";
export { defaultTimings, type Timings } from "./fleet/timings.ts";
export { createHttpHandler, type HttpHandlerOptions } from "./http/index.ts";
export { createOrchestrator, type OrchestratorOptions } from "./orchestrator.ts";
export type { Orchestrator } from "./orchestrator-port.ts";
export type { PoolWords } from "./pools/next-words.ts";
export type { PoolHistory, PoolPoint } from "./pools/pool-history.ts";
export type { CallOptions } from "./ports/call-options.ts";
export type { Cause, CauseCode, RouteCode } from "./ports/cause.ts";
export type { Clock, Entropy } from "./ports/clock.ts";
export type {
  ConfigurationSource,
  ConfigurationStanding,
} from "./ports/configuration-source.ts";
export type { DeliveryLog } from "./ports/delivery-log.ts";
export type { DemandEvent, JobEvent, PushEvent, Visibility } from "./ports/demand-event.ts";
export type { DemandSource, SourcedDemand } from "./ports/demand-source.ts";
export { type Failure, type FailureKind, FleetError } from "./ports/failure.ts";
export type {
  Check,
  FileContents,
  GitHubChecks,
  GitHubClient,
  GitHubContents,
  GitHubDeliveries,
  GitHubJobs,
  GitHubRunner,
  GitHubRunners,
} from "./ports/github-client.ts";
export type { Json } from "./ports/json.ts";
export type { MachineNotice } from "./ports/machine-notice.ts";
export type {
  CallRate,
  LaunchAttempt,
  LaunchFailure,
  LaunchResult,
  MachineProvider,
  ObservedMachine,
  ObservedState,
  Outcome,
  ProviderPace,
} from "./ports/machine-provider.ts";
export type { Delivery, Message, MessageQueue, SendOutcome } from "./ports/message-queue.ts";
export type {
  Lease,
  Leases,
  StateStore,
  StoredRecord,
  TableName,
  Write,
} from "./ports/state-store.ts";
export { systemClock, systemEntropy } from "./ports/system-clock.ts";
export type {
  Arch,
  Bounds,
  Catalog,
  ImageSource,
  LabelAlias,
  LabelCatalog,
  LabelIssue,
  LabelIssueCode,
  Market,
  Narrowing,
  Os,
  ParsedLabels,
  Placement,
  Policy,
  PoolConfig,
  Ramp,
  RoutedJob,
  RouteIssue,
  RunnerRequest,
  Shape,
} from "./routing/index.ts";
export {
  cpuOfFamilies,
  ignoredLabelKeys,
  labelSetKey,
  matchesSome as matchesRepository,
  namesFamily,
  parseCatalog,
  parseLabels,
  poolSmoothing,
  route,
  shapeKey,
  tagKeyProblem,
  vcpusOfType,
  withImageSource,
} from "./routing/index.ts";
