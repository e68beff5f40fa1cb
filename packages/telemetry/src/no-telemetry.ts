import type { Telemetry } from "./telemetry.ts";

const nothing = Object.freeze({});

/** Telemetry that records nothing and costs nothing. The default everywhere. */
export const noTelemetry: Telemetry = Object.freeze({
  span: <T>(_name: string, _attributes: object, run: () => Promise<T>): Promise<T> => run(),
  inject: () => nothing,
  count: () => undefined,
  extract: <T>(_trace: unknown, run: () => Promise<T>): Promise<T> => run(),
});
