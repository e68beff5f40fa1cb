import type { Durations } from "./options.ts";

/** The duration that the share `part` of all durations does not exceed, whole milliseconds. `part` is in [0, 1). */
export function durationAt({ minMs, p50Ms, p95Ms, maxMs }: Durations, part: number): number {
  if (part < 0.5) return Math.round(minMs + ((p50Ms - minMs) * part) / 0.5);
  if (part < 0.95) return Math.round(p50Ms + ((p95Ms - p50Ms) * (part - 0.5)) / 0.45);
  return Math.round(p95Ms + ((maxMs - p95Ms) * (part - 0.95)) / 0.05);
}
