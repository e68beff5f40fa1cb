export {
  type Assertion,
  type AssertionMetric,
  type AssertionProblem,
  type AssertionResult,
  assertionMetrics,
  checkAssertion,
  type ParsedAssertion,
  parseAssertion,
} from "./assertion.ts";
export {
  type Change,
  type ComparedReport,
  type Comparison,
  compareReports,
} from "./compare-reports.ts";
export {
  type GenerateJobsOptions,
  generateJobs,
  type JobPattern,
  jobPatterns,
} from "./generate-jobs.ts";
export type {
  BootProfile,
  BootProfiles,
  DelayProfile,
  Durations,
  SimulatedJob,
  SimulateFleetOptions,
} from "./options.ts";
export { type JobLineProblem, type ParsedJobs, parseJobs } from "./parse-jobs.ts";
export { defaultBootProfiles, defaultDelays } from "./profiles.ts";
export {
  type Baseline,
  type Cost,
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
  type SpareWindow,
  type Spread,
  type Trust,
  type UntriedWindow,
  type WaitLength,
  type WaitPhase,
  type Waits,
  type WaitsOverTime,
  type WeekHourWaits,
  type WorstJob,
  waitBoundsMs,
  waitPhases,
} from "./report.ts";
export { type SensitivityOptions, type SensitivityRow, sensitivity } from "./sensitivity.ts";
export { simulateFleet } from "./simulate-fleet.ts";
