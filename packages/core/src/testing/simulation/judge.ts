import type { Clock } from "../../ports/clock.ts";
import type { Trace } from "./trace.ts";

/** The invariants, by the names of the architecture page: each has an oracle. */
export const judgedInvariants = [
  "no-lost-job",
  "known-demand",
  "no-busy-kill",
  "no-double-launch",
  "no-leak",
  "bounded",
  "floor-held",
  "exact-schedule",
  "single-writer",
  "fair",
  "call-budget",
  "ack-after-persist",
  "one-trace",
  "explained",
  "last-good",
  "isolated",
  "one-rerun",
  "observe-only",
  "told-in-time",
  "narrowed",
  "renewed",
] as const;

/** One of {@link judgedInvariants}. */
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
