import { noTelemetry, type Telemetry } from "@runs-fleet/telemetry";

/** Telemetry that only counts, in memory. */
export function createCounters(): Telemetry & { readonly totals: ReadonlyMap<string, number> } {
  const totals = new Map<string, number>();
  return {
    ...noTelemetry,
    totals,
    count: (name, value) => {
      totals.set(name, (totals.get(name) ?? 0) + value);
    },
  };
}
