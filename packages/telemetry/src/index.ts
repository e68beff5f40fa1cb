export { noTelemetry } from "./no-telemetry.ts";
export type { Telemetry, TraceCarrier } from "./telemetry.ts";
