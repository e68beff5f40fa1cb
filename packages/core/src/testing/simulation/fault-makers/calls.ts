import type { FailureKind } from "../../../ports/failure.ts";
import type { CallDeed } from "../faults.ts";
import { aim, around, type Makers, seconds } from "./maker.ts";

const failures: readonly [FailureKind, ...FailureKind[]] = ["throttled", "unavailable", "unknown"];

/** What happens to calls of ports. */
export const callFaults: Makers<CallDeed["kind"]> = {
  "calls-fail": (dice) => ({
    kind: "calls-fail",
    ...aim(dice),
    when: around(dice),
    failure: dice.pick(failures),
    rate: dice.pick([0.1, 0.3, 0.7, 1]),
    forMs: dice.whole(10, 180) * seconds,
  }),
  "calls-slow": (dice) => ({
    kind: "calls-slow",
    ...aim(dice),
    delayMs: dice.pick([3, 10, 30]) * seconds,
    rate: dice.pick([0.1, 0.5]),
    forMs: dice.whole(20, 180) * seconds,
  }),
  "renewals-lost": (dice) => ({
    kind: "renewals-lost",
    when: around(dice),
    forMs: dice.whole(4, 30) * seconds,
  }),
  "loads-break": (dice) => ({
    kind: "loads-break",
    rate: dice.pick([0.5, 0.8]),
    forMs: dice.whole(30, 120) * seconds,
  }),
};
