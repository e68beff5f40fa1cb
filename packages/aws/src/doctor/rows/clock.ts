import type { RecordedAnswer } from "../call-recorder.ts";
import type { DoctorRow } from "../row.ts";

/** How far clocks of processes may be apart, milliseconds: leases count on it. */
export const mostSkewMs = 3_000;

/** Servers say the time to the second. */
const dateStepMs = 1_000;

/** How far this machine's clock is ahead of the server's, milliseconds; behind is negative. */
export interface ClockSkew {
  /** The best guess. */
  readonly skewMs: number;
  /** How wrong the guess may be, either way. */
  readonly uncertainMs: number;
}

/** The skew that is known best of some answers; `undefined` when none says the time. */
export function skewOf(answers: readonly RecordedAnswer[]): ClockSkew | undefined {
  let best: ClockSkew | undefined;
  for (const { serverMs, sentMs, receivedMs } of answers) {
    if (serverMs === undefined) continue;
    const travelMs = Math.max(0, receivedMs - sentMs);
    // The server's second has begun at some time between.
    const uncertainMs = (dateStepMs + travelMs) / 2;
    const skewMs = (sentMs + receivedMs) / 2 - (serverMs + dateStepMs / 2);
    if (best === undefined || uncertainMs < best.uncertainMs) best = { skewMs, uncertainMs };
  }
  return best;
}

/** Whether clocks agree. */
export const clockRow: DoctorRow = {
  id: "clock",
  question: "Does this machine's clock agree with AWS's?",
  why: "AWS refuses requests that are 5 minutes off, and leases of controllers count on clocks that agree to 3 s",
  onlyOnAws: "an emulator's clock is this machine's own",
  after: ["identity"],
  async run({ recorder }) {
    const skew = skewOf(recorder.answers);
    if (skew === undefined) {
      return { verdict: "unproven", detail: "no answer so far says what time it is" };
    }
    const skewMs = Math.round(skew.skewMs);
    const uncertainMs = Math.ceil(skew.uncertainMs);
    const evidence = { skewMs, uncertainMs };
    const detail = `${skewMs < 0 ? "behind" : "ahead"} by ${Math.abs(skewMs)} ms, give or take ${uncertainMs} ms`;
    if (Math.abs(skewMs) - uncertainMs > mostSkewMs) {
      return { verdict: "disproven", detail, evidence, advice: "set the clock: NTP or chrony" };
    }
    return { verdict: "proven", detail, evidence };
  },
};
