export type { CliHost, CliStream, ExitCode } from "./cli/host.ts";
export { runCli } from "./cli/run-cli.ts";
