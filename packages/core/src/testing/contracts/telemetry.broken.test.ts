import { AsyncLocalStorage } from "node:async_hooks";
import type { Telemetry, TraceCarrier } from "@runs-fleet/telemetry";
import { afterAll } from "vitest";
import { type Defect, describeDefects } from "../../../test/defects.ts";
import { createSeededEntropy } from "../seeded-entropy.ts";
import { describeTelemetryContract } from "./telemetry.ts";

/** Telemetry with one defect. */
interface TelemetryDefect extends Defect {
  breakTelemetry(telemetry: Telemetry): Partial<Telemetry>;
}

const current = new AsyncLocalStorage<{ traceId: string; spanId: string } | undefined>();
// While a context is followed every promise of the process is dearer, also those of other files.
afterAll(() => current.disable());

/** The smallest telemetry that carries context. */
function createPropagating(): Telemetry {
  const entropy = createSeededEntropy(7);
  const newId = () => entropy.uuid().replaceAll("-", "");
  const parse = (trace: TraceCarrier | undefined) => {
    const [, traceId, spanId] = trace?.["traceparent"]?.split("-") ?? [];
    return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
  };
  return {
    async span(_name, _attributes, run) {
      const traceId = current.getStore()?.traceId ?? newId();
      return current.run({ traceId, spanId: newId().slice(0, 16) }, run);
    },
    inject() {
      const span = current.getStore();
      return span === undefined ? {} : { traceparent: `00-${span.traceId}-${span.spanId}-01` };
    },
    count: () => undefined,
    extract: async (trace, run) => current.run(parse(trace) ?? current.getStore(), run),
  };
}

const defects: readonly TelemetryDefect[] = [
  {
    name: "runs a span twice",
    caught: "runs what a span holds once, and answers its value",
    breakTelemetry: () => ({
      async span(_name, _attributes, run) {
        await run();
        return run();
      },
    }),
  },
  {
    name: "loses the value of a span",
    caught: "runs what a span holds once, and answers its value",
    breakTelemetry: ({ span }) => ({
      span: (name, attributes, run) =>
        span(name, attributes, async () => {
          await run();
          return undefined as never;
        }),
    }),
  },
  {
    name: "swallows a rejection",
    caught: "passes the rejection of a span on, as it is",
    breakTelemetry: ({ span }) => ({
      span: (name, attributes, run) =>
        span(name, attributes, () => run().catch(() => undefined as never)),
    }),
  },
  {
    name: "wraps a rejection",
    caught: "passes the rejection of a span on, as it is",
    breakTelemetry: ({ span }) => ({
      span: (name, attributes, run) =>
        span(name, attributes, () =>
          run().catch((cause) => {
            throw new Error("span failed", { cause });
          }),
        ),
    }),
  },
  {
    name: "hides an exception that is thrown at once",
    caught: "turns an exception thrown at once into a rejection or passes it on",
    breakTelemetry: () => ({
      async span(_name, _attributes, run) {
        let running: ReturnType<typeof run>;
        try {
          running = run();
        } catch {
          return undefined as never;
        }
        return running;
      },
    }),
  },
  {
    name: "injects what is no string",
    caught: "injects strings only",
    breakTelemetry: () => ({ inject: () => ({ sampled: true }) as unknown as TraceCarrier }),
  },
  {
    name: "fails on a trace that it cannot read",
    caught: "extracts from anything, and runs once",
    breakTelemetry: ({ extract }) => ({
      async extract(trace, run) {
        if (trace?.["traceparent"] === "garbage") throw new TypeError("bad traceparent");
        return extract(trace, run);
      },
    }),
  },
  {
    name: "wraps the rejection of an extraction",
    caught: "passes the rejection of an extraction on, as it is",
    breakTelemetry: ({ extract }) => ({
      extract: (trace, run) =>
        extract(trace, run).catch((cause) => {
          throw new Error("extraction failed", { cause });
        }),
    }),
  },
  {
    name: "cannot count without attributes",
    caught: "counts without complaint",
    breakTelemetry: () => ({
      count(_name, _value, attributes) {
        if (attributes === undefined) throw new TypeError("attributes are missing");
      },
    }),
  },
  {
    name: "begins a new trace where it should continue one",
    caught: "continues the trace that it extracted",
    breakTelemetry: () => ({ extract: (_trace, run) => run() }),
  },
  {
    name: "hands its parent on as itself",
    caught: "continues the trace that it extracted",
    breakTelemetry: () => ({ span: (_name, _attributes, run) => run() }),
  },
  {
    name: "loses its context at the first wait",
    caught: "keeps nested spans in one trace, across waits",
    breakTelemetry: () => {
      let traceparent: string | undefined;
      let spans = 0;
      return {
        inject: () => (traceparent === undefined ? {} : { traceparent }),
        async span(_name, _attributes, run) {
          spans += 1;
          traceparent = `00-${String(spans).padStart(32, "0")}-b7ad6b7169203331-01`;
          const running = run();
          return running;
        },
      };
    },
  },
  {
    name: "puts everything into one trace",
    caught: "keeps the traces of concurrent work apart",
    breakTelemetry: ({ extract }) => ({
      extract: (_trace, run) =>
        extract({ traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` }, run),
    }),
  },
];

describeDefects({
  noun: "telemetry",
  defects,
  declare: (api, broken) =>
    describeTelemetryContract({
      api,
      async create() {
        const telemetry = createPropagating();
        return { ...telemetry, ...broken?.breakTelemetry(telemetry) };
      },
      traits: { propagates: true },
    }),
});
