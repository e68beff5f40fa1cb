import type { Clock } from "../../ports/clock.ts";
import type { Trace } from "./trace.ts";

/** Names of DESIGN 5 that this world can judge. */
export const judgedInvariants = [
  "no-lost-job",
  "known-demand",
  "no-busy-kill",
  "no-double-launch",
  "no-leak",
  "bounded",
  "floor-held",
  "single-writer",
  "call-budget",
  "ack-after-persist",
  "explained",
] as const;

/** Names of DESIGN 5 that it cannot judge yet, and why. */
export const unjudgedInvariants: Readonly<Record<string, string>> = {
  fair: "GitHub hands a runner to the oldest job by itself; who waits on which limit is not visible from outside",
  "exact-schedule": "judged against a minute-by-minute reading in the scheduling package",
  "one-trace": "the world runs without telemetry",
  "last-good": "the catalog becomes unreadable here, never bad",
  isolated: "the world has one environment",
};

/** An invariant that this world can judge. */
export type Invariant = (typeof judgedInvariants)[number];

/** An invariant that did not hold. */
export interface Violation {
  /** Name of the invariant. */
  readonly invariant: string;
  /** Epoch milliseconds of the simulation's clock. */
  readonly atMs: number;
  /** What was found, in one sentence. */
  readonly detail: string;
}

/** Collects what oracles find. */
export interface Judge {
  /** Counts one look at an invariant; `problem` says what is wrong. One `key` is reported once. */
  check(invariant: Invariant, key: string, problem: string | undefined): void;
  readonly violations: readonly Violation[];
  /** How often each invariant was looked at. */
  readonly checks: Readonly<Record<string, number>>;
}

/** A judge who has seen nothing yet. */
export function createJudge(clock: Clock, trace: Trace): Judge {
  const violations: Violation[] = [];
  const checks: Record<string, number> = {};
  const seen = new Set<string>();
  for (const name of judgedInvariants) checks[name] = 0;
  return {
    violations,
    checks,
    check: (invariant, key, problem) => {
      checks[invariant] = (checks[invariant] ?? 0) + 1;
      if (problem === undefined || seen.has(`${invariant} ${key}`)) return;
      seen.add(`${invariant} ${key}`);
      violations.push({ invariant, atMs: clock.now(), detail: problem });
      trace.add("judge", `VIOLATION ${invariant}: ${problem}`);
    },
  };
}
