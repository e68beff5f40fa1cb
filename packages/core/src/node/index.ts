export { type CliHost, type CliStream, cliOutput, type ExitCode, openCliHost } from "./cli-host.ts";
export {
  type Drain,
  type DrainOptions,
  drainOnSignals,
  type EndSignal,
  type SignalSource,
} from "./drain-on-signals.ts";
export { type HttpServer, type ServeOptions, serveHttp } from "./serve.ts";
