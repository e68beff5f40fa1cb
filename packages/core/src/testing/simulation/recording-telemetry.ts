import { AsyncLocalStorage } from "node:async_hooks";
import type { Telemetry, TraceCarrier } from "@runs-fleet/telemetry";

interface Context {
  readonly traceId: string;
  readonly spanId: string;
}

/** All traces of a simulation, across its processes. */
export interface Traces {
  /** What a process reports to. */
  readonly telemetry: Telemetry;
  /** Runs `run` as the service at the other end of a call would: inside a new trace, whose id is handed to it. */
  begin<T>(run: (traceId: string) => Promise<T>): Promise<T>;
  /** Names of the spans of a trace. */
  spansOf(traceId: string): ReadonlySet<string>;
  /** Follows nothing any more: what died in the midst of a span never leaves it. */
  end(): void;
}

const shape = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The trace that a carrier names. */
export function traceIdOf(carrier: TraceCarrier | undefined): string | undefined {
  return shape.exec(carrier?.["traceparent"] ?? "")?.[1];
}

function contextOf(carrier: TraceCarrier | undefined): Context | undefined {
  const [, traceId, spanId] = shape.exec(carrier?.["traceparent"] ?? "") ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}

/** Traces with ids that count up: the same in every run. */
export function createTraces(): Traces {
  const storage = new AsyncLocalStorage<Context>();
  const spans = new Map<string, Set<string>>();
  const none: ReadonlySet<string> = new Set();
  let last = 0;
  let open = 0;
  const close = (): void => {
    open -= 1;
    if (open === 0) storage.disable();
  };
  /** Inside a context. Between them nothing is followed: it makes every promise of the process three times as dear. */
  const within = <T>(context: Context, run: () => T): T => {
    open += 1;
    let result: T;
    try {
      result = storage.run(context, run);
    } catch (error) {
      close();
      throw error;
    }
    if (result instanceof Promise) result.then(close, close);
    else close();
    return result;
  };
  const nextId = (digits: number): string => {
    last += 1;
    return last.toString(16).padStart(digits, "0");
  };
  const telemetry: Telemetry = {
    span: (name, _attributes, run) => {
      const traceId = storage.getStore()?.traceId ?? nextId(32);
      const known = spans.get(traceId) ?? new Set();
      spans.set(traceId, known.add(name));
      return within({ traceId, spanId: nextId(16) }, run);
    },
    inject: (): TraceCarrier => {
      const context = storage.getStore();
      return context === undefined
        ? {}
        : { traceparent: `00-${context.traceId}-${context.spanId}-01` };
    },
    count: () => undefined,
    extract: (trace, run) => {
      const context = contextOf(trace);
      return context === undefined ? run() : within(context, run);
    },
  };
  return {
    telemetry,
    begin: (run) => {
      const traceId = nextId(32);
      return within({ traceId, spanId: nextId(16) }, () => run(traceId));
    },
    spansOf: (traceId) => spans.get(traceId) ?? none,
    end: () => storage.disable(),
  };
}
