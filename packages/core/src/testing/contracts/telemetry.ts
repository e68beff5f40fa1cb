import type { Telemetry, TraceCarrier } from "@runs-fleet/telemetry";
import type { TestApi } from "../test-api.ts";
import { type ContractEnvironment, createCases, failureOf } from "./stage.ts";

/** What telemetry can and cannot do. */
export interface TelemetryTraits {
  /** Carries trace context; telemetry that records nothing does not. @defaultValue false */
  readonly propagates?: boolean;
}

/** Options of {@link describeTelemetryContract}. */
export interface TelemetryContractOptions {
  /** The test runner's functions. */
  readonly api: TestApi;
  /** Telemetry that nothing was recorded with, for one case. */
  create(environment: ContractEnvironment): Promise<Telemetry>;
  /** What is special about the telemetry. */
  readonly traits?: TelemetryTraits;
}

const traceId = "0af7651916cd43dd8448eb211c80319c";
const carrier: TraceCarrier = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };

function traceIdOf(trace: TraceCarrier): string | undefined {
  return trace["traceparent"]?.split("-")[1];
}

/** Declares the cases that every {@link Telemetry} must pass: above all, that it never changes what it observes. */
export function describeTelemetryContract(options: TelemetryContractOptions): void {
  const { api, traits = {} } = options;
  const { expect } = api;
  const check = createCases(api, options.create);

  api.describe("Telemetry contract", () => {
    check("runs what a span holds once, and answers its value", async (telemetry) => {
      let runs = 0;
      const value = await telemetry.span("fleet.test", { count: 1, name: "x" }, async () => {
        runs += 1;
        return "value";
      });
      expect([value, runs]).toEqual(["value", 1]);
    });

    check("passes the rejection of a span on, as it is", async (telemetry) => {
      const error = new TypeError("broken");
      let caught: unknown;
      try {
        await telemetry.span("fleet.test", {}, () => Promise.reject(error));
      } catch (reason) {
        caught = reason;
      }
      expect(caught === error).toBe(true);
    });

    check(
      "turns an exception thrown at once into a rejection or passes it on",
      async (telemetry) => {
        const run = async () =>
          telemetry.span("fleet.test", {}, () => {
            throw new RangeError("broken");
          });
        expect(await failureOf(run())).toBe("RangeError");
      },
    );

    check("injects strings only", async (telemetry) => {
      const injected = await telemetry.span("fleet.test", {}, async () => telemetry.inject());
      expect(Object.values(injected).every((value) => typeof value === "string")).toBe(true);
    });

    check("extracts from anything, and runs once", async (telemetry) => {
      const traces = [undefined, {}, carrier, { traceparent: "garbage" }, { unknown: "x" }];
      const values: unknown[] = [];
      for (const [index, trace] of traces.entries()) {
        values.push(await telemetry.extract(trace, async () => index));
      }
      expect(values).toEqual([0, 1, 2, 3, 4]);
    });

    check("passes the rejection of an extraction on, as it is", async (telemetry) => {
      const rejected = telemetry.extract(carrier, () => Promise.reject(new RangeError("broken")));
      expect(await failureOf(rejected)).toBe("RangeError");
    });

    check("counts without complaint", async (telemetry) => {
      telemetry.count("fleet.jobs", 1);
      telemetry.count("fleet.jobs", 3, { outcome: "served" });
    });

    if (!traits.propagates) return;

    check("continues the trace that it extracted", async (telemetry) => {
      const injected = await telemetry.extract(carrier, () =>
        telemetry.span("fleet.test", {}, async () => telemetry.inject()),
      );
      expect(traceIdOf(injected)).toBe(traceId);
      expect(injected["traceparent"] === carrier["traceparent"]).toBe(false);
    });

    check("keeps nested spans in one trace, across waits", async (telemetry) => {
      const ids = await telemetry.span("fleet.outer", {}, async () => {
        const outer = traceIdOf(telemetry.inject());
        await Promise.resolve();
        const inner = await telemetry.span("fleet.inner", {}, async () => {
          await Promise.resolve();
          return traceIdOf(telemetry.inject());
        });
        return [outer, inner];
      });
      expect(ids[0] !== undefined && ids[0] === ids[1]).toBe(true);
    });

    check("keeps the traces of concurrent work apart", async (telemetry) => {
      const run = () =>
        telemetry.extract(undefined, () =>
          telemetry.span("fleet.test", {}, async () => {
            await Promise.resolve();
            return traceIdOf(telemetry.inject());
          }),
        );
      const ids = await Promise.all([run(), run()]);
      expect(ids[0] === ids[1]).toBe(false);
    });
  });
}
