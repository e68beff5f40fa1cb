export type { CliHost, CliStream, ExitCode } from "@runs-fleet/core/node";
export { runCli } from "./cli/run-cli.ts";
