export type { CliHost, CliStream, ExitCode } from "@runs-fleet/core/node";
export { runCli } from "./cli/run-cli.ts";
export { includedFiles } from "./file/read-files.ts";
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
