export type { CliHost, CliStream, ExitCode } from "@runs-fleet/core/node";
export { runCli } from "./cli/run-cli.ts";
export { includedFiles } from "./file/read-files.ts";
export {
  type ImportedRunsOn,
  type ImportRunsOnOptions,
  importRunsOn,
} from "./import-runs-on/import-runs-on.ts";
export type { ImportLoss, LossKind } from "./import-runs-on/losses.ts";
export {
  type FormatIssuesOptions,
  formatIssues,
  type IssueFormat,
} from "./issues/format-issues.ts";
export type { ConfigIssue, Position } from "./issues/issue.ts";
export {
  type FleetConfig,
  type ParseConfigOptions,
  type ParsedConfig,
  parseConfig,
} from "./parse-config.ts";
export { formatPlan, type PlanFormat } from "./plan/format-plan.ts";
export {
  type ConfigPlan,
  type PlannedChange,
  type PlannedPool,
  type PlannedStep,
  type PlannedTotals,
  type PlanOptions,
  planConfig,
} from "./plan/plan-config.ts";
export type { PoolUsage } from "./plan/pool-usage.ts";
export type { UpcomingChange } from "./preview/upcoming.ts";
export {
  isRepositoryFile,
  type ParsedRepositoryFile,
  type ParseRepositoryFileOptions,
  parseRepositoryFile,
} from "./repository/parse-repository-file.ts";
export { jsonSchema } from "./schema/json-schema.ts";
export {
  type ConfigInForce,
  type ConfigReader,
  type ConfigReaderOptions,
  createConfigReader,
} from "./watch/create-config-reader.ts";
export {
  type ConfigWatcher,
  type ConfigWatcherOptions,
  createConfigWatcher,
  type WatchOutcome,
} from "./watch/create-config-watcher.ts";
