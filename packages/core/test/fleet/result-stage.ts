import type { Effect, EffectResult } from "../../src/fleet/effects.ts";
import { createGates, type Gates } from "../../src/fleet/gates.ts";
import { takeResult } from "../../src/fleet/take-result.ts";
import { type FailureKind, FleetError } from "../../src/ports/failure.ts";
import { aContext, aLedger, type LedgerStage } from "./builders.ts";

/** Every kind of failure there is. */
export const failureKinds: readonly FailureKind[] = [
  "capacity",
  "quota",
  "throttled",
  "auth",
  "config",
  "not-found",
  "conflict",
  "unavailable",
  "unknown",
];

/** What a result carries instead of an answer. */
export const failed = (kind: FailureKind): { readonly error: FleetError } => ({
  error: new FleetError({ kind, message: "no" }),
});

/** A ledger that takes results in. */
export interface ResultStage extends LedgerStage {
  readonly gates: Gates;
  effects(): readonly Effect[];
  take(result: EffectResult, now?: ReturnType<typeof aContext>): void;
}

export function aResultStage(records: Parameters<typeof aLedger>[0]): ResultStage {
  const gates = createGates(() => 0.5);
  const made = aLedger(records);
  return {
    ...made,
    gates,
    take: (result, now = aContext()) => takeResult(made.ledger, now, gates, result),
  };
}
