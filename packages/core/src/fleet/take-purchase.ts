import { FleetError } from "../ports/failure.ts";
import type { FleetContext } from "./context.ts";
import { isError, isRefusal, type ResultOf } from "./effects.ts";
import { causeOf, type Gates } from "./gates.ts";
import type { Ledger } from "./ledger.ts";
import { adoptMachine } from "./take-observation.ts";
import { listingLagMs } from "./timings.ts";

/** How often the listing is asked for the machines of an attempt whose answer was lost, milliseconds. */
const recoveryRetryMs = 10_000;

/** The provider answered a purchase, or failed to. */
export function launched(
  ledger: Ledger,
  context: FleetContext,
  gates: Gates,
  { attemptId, result }: ResultOf<"launched">,
): void {
  const attempt = ledger.attempts.get(attemptId);
  if (!attempt || attempt.state === "settled") return;
  const gate = `launch:${attempt.fit}`;
  if (isError(result)) {
    gates.fail(gate, result.error, context.nowMs);
    const cause = causeOf(result.error);
    ledger.decide({
      atMs: context.nowMs,
      subject: attempt.request.pool === undefined ? {} : { pool: attempt.request.pool },
      code: cause.code,
      message: `Launch of ${attempt.request.count} failed: ${cause.message}`,
    });
    // Unless it was refused, the listing must tell what it bought; so it must when recovery has asked a second time.
    if (isRefusal(result.error) && attempt.state === "open")
      ledger.putAttempt({ ...attempt, state: "settled" });
    else beginRecovery(ledger, context, attemptId);
    return;
  }
  for (const machine of result.machines) adoptMachine(ledger, context, attempt, machine);
  ledger.putAttempt({ ...attempt, state: "settled" });
  const missing = attempt.request.count - result.machines.length;
  if (missing <= 0) {
    gates.pass(gate);
    return;
  }
  const failure = result.failures[0];
  const error = new FleetError({
    kind: failure?.kind ?? "unknown",
    message: failure?.message ?? "The provider gave fewer machines than asked for and no reason",
  });
  // Part of it came: there is some capacity, so the rest is tried again soon rather than late.
  if (result.machines.length > 0) gates.pass(gate);
  gates.fail(gate, error, context.nowMs);
  ledger.decide({
    atMs: context.nowMs,
    subject: attempt.request.pool === undefined ? {} : { pool: attempt.request.pool },
    code: error.kind,
    message: `${missing} of ${attempt.request.count} machines not to be had: ${error.message}`,
  });
}

/** The answer to a launch is lost: the attempt stays open until the listing has had time to show what it bought. */
export function beginRecovery(ledger: Ledger, context: FleetContext, attemptId: string): void {
  const attempt = ledger.attempts.get(attemptId);
  if (!attempt || attempt.state === "settled") return;
  ledger.putAttempt({
    ...attempt,
    state: "recovering",
    deadlineMs: context.nowMs + recoveryRetryMs,
  });
  ledger.effect({ kind: "recover", attemptId });
  if (attempt.state === "recovering") return;
  const { pool, count } = attempt.request;
  ledger.decide({
    atMs: context.nowMs,
    subject: pool === undefined ? {} : { pool },
    code: "recovering",
    message: `The answer to a purchase of ${count} is lost: the provider is asked what it bought`,
  });
}

/** The provider was asked what a purchase bought whose answer was lost. */
export function recovered(
  ledger: Ledger,
  context: FleetContext,
  { attemptId, found, explained }: ResultOf<"recovered">,
): void {
  const attempt = ledger.attempts.get(attemptId);
  if (attempt?.state !== "recovering") return;
  if (!isError(found)) {
    for (const machine of found) {
      if (machine.state !== "terminated") adoptMachine(ledger, context, attempt, machine);
    }
    const complete = explained || found.length >= attempt.request.count;
    if (complete || context.nowMs - attempt.openedAtMs >= listingLagMs) {
      ledger.putAttempt({ ...attempt, state: "settled" });
      return;
    }
  }
  ledger.putAttempt({ ...attempt, deadlineMs: context.nowMs + recoveryRetryMs });
}
