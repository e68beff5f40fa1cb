import { machinesOf, type Truth } from "./truth.ts";

/** What machines of a simulation cost, in time; what an hour of it costs is for whoever reads it. */
export interface CostMeter {
  /** Counts one more minute of what there is now. */
  minute(): Promise<void>;
  /** vCPU minutes that ran by market, and machine minutes that stood still, by name. */
  totals(): Readonly<Record<string, number>>;
}

/** A meter that reads 0. */
export function createCostMeter(truth: Truth): CostMeter {
  let onDemand = 0;
  let spot = 0;
  let stopped = 0;
  const vcpusOf = (attemptId: string | undefined): number =>
    truth.purchases.get(attemptId ?? "")?.attempt.shape.cpu?.min ?? 1;
  return {
    minute: async () => {
      for (const { state, market, attemptId } of await machinesOf(truth)) {
        if (state === "stopped") stopped += 1;
        else if (market === "spot") spot += vcpusOf(attemptId);
        else onDemand += vcpusOf(attemptId);
      }
    },
    totals: () => ({
      "minutes.onDemandVcpu": onDemand,
      "minutes.spotVcpu": spot,
      "minutes.stopped": stopped,
    }),
  };
}
