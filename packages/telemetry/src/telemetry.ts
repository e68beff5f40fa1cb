/** W3C trace context as plain strings: `traceparent` and, when there is one, `tracestate`. */
export type TraceCarrier = Readonly<Record<string, string>>;

/**
 * What the orchestrator needs of a telemetry system. Hosts that want none pass {@link noTelemetry}.
 *
 * Attribute values never hold secrets: tokens, JIT configurations and bodies stay out.
 */
export interface Telemetry {
  /** Runs `run` inside a span; a rejection marks the span as failed and is passed on. */
  span<T>(
    name: string,
    attributes: Readonly<Record<string, string | number>>,
    run: () => Promise<T>,
  ): Promise<T>;
  /** The current context as a carrier; an empty object when there is none. */
  inject(): TraceCarrier;
  /** Adds `value` to a counter. Attribute values must be few (no job ids). */
  count(name: string, value: number, attributes?: Readonly<Record<string, string>>): void;
  /** Runs `run` with the context of `trace` as parent; without one, in the current context. */
  extract<T>(trace: TraceCarrier | undefined, run: () => Promise<T>): Promise<T>;
}
