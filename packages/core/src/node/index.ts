export {
  type Drain,
  type DrainOptions,
  drainOnSignals,
  type EndSignal,
  type SignalSource,
} from "./drain-on-signals.ts";
export { type HttpServer, type ServeOptions, serveHttp } from "./serve.ts";
