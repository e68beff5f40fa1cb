import type { WorstJob } from "@runs-fleet/core/testing";
import { duration } from "./format.ts";

/** A line of a job's story. */
export interface ChainLine {
  /** Seen from when the job was queued: `+4.2 s`; `−3 min` for what its machine did before. */
  readonly offset: string;
  readonly text: string;
}

/**
 * What was decided about a job, without repetitions: the controller notes some decisions once for the job and once for its
 * machine, of which the second says more.
 */
export function chainOf({ decisions, queuedAtMs }: WorstJob): readonly ChainLine[] {
  const seen = new Set<string>();
  return decisions
    .filter(
      (one) =>
        !decisions.some(
          (other) =>
            other !== one &&
            other.atMs === one.atMs &&
            other.code === one.code &&
            other.message.endsWith(`: ${one.message}`),
        ),
    )
    .filter(({ atMs, code, message }) => {
      const key = `${atMs} ${code} ${message}`;
      return !seen.has(key) && seen.add(key).size > 0;
    })
    .map(({ atMs, code, message }) => {
      const afterMs = atMs - queuedAtMs;
      return {
        offset: afterMs < 0 ? `−${duration(-afterMs)}` : `+${duration(afterMs)}`,
        text: `${code}: ${message}`,
      };
    });
}
