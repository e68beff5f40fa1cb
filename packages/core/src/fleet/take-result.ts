import { type FailureKind, FleetError } from "../ports/failure.ts";
import { requeueJob } from "./change-job.ts";
import { mayBecome, moveMachine, retireMachine } from "./change-machine.ts";
import type { FleetContext } from "./context.ts";
import { type EffectResult, isError, isRefusal } from "./effects.ts";
import { causeOf, type Gates } from "./gates.ts";
import type { Ledger } from "./ledger.ts";
import type { MachineRecord } from "./records.ts";
import { takeDemand } from "./take-demand.ts";
import { adoptMachine, loseMachine } from "./take-observation.ts";
import { listingLagMs } from "./timings.ts";
import { without } from "./without.ts";

/** How often the listing is asked for the machines of an attempt whose answer was lost, milliseconds. */
const recoveryRetryMs = 10_000;

/** How soon a start that was not answered is asked for again, milliseconds. */
const startRetryMs = 10_000;

function isTransient(failure: FailureKind | undefined): boolean {
  return failure === "throttled" || failure === "unavailable";
}

/** Takes in what came of an effect. */
export function takeResult(
  ledger: Ledger,
  context: FleetContext,
  gates: Gates,
  result: EffectResult,
): void {
  switch (result.kind) {
    case "launched":
      launched(ledger, context, gates, result);
      return;
    case "recovered":
      recovered(ledger, context, result);
      return;
    case "minted":
      minted(ledger, context, gates, result);
      return;
    case "withdrawn":
      withdrawn(ledger, context, result);
      return;
    case "deregistered":
      deregistered(ledger, context, result);
      return;
    case "outcome":
      outcome(ledger, context, gates, result);
      return;
    case "verified":
      verified(ledger, context, result);
      return;
    case "checked":
      checked(ledger, context, result);
      return;
  }
}

type Of<Kind extends EffectResult["kind"]> = Extract<EffectResult, { kind: Kind }>;

function launched(
  ledger: Ledger,
  context: FleetContext,
  gates: Gates,
  { attemptId, result }: Of<"launched">,
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

function recovered(
  ledger: Ledger,
  context: FleetContext,
  { attemptId, found, explained }: Of<"recovered">,
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

function unclaim(
  ledger: Ledger,
  context: FleetContext,
  machine: MachineRecord,
  why: { readonly code: string; readonly message: string },
): void {
  const job = machine.jobKey === undefined ? undefined : ledger.jobs.get(machine.jobKey);
  moveMachine(ledger, context, without(machine, "jobKey", "registration"), "ready", why);
  if (job?.state === "assigned") requeueJob(ledger, context, job, why);
}

/** A claim whose registration never came is given up; the machine is ready again. */
export function abandonClaim(ledger: Ledger, context: FleetContext, machine: MachineRecord): void {
  unclaim(ledger, context, machine, {
    code: "registration-failed",
    message: "GitHub did not answer the registration in time",
  });
}

/** Keys of the gates that hold back registrations: of everybody at a place, and of jobs that ask for the same. */
export function mintGates(
  scope: string,
  demand = "",
): { readonly scope: string; readonly demand: string } {
  return { scope: `mint:${scope}`, demand: `mint:${scope}:${demand}` };
}

function minted(
  ledger: Ledger,
  context: FleetContext,
  gates: Gates,
  { machineId, runnerName, scope, result }: Of<"minted">,
): void {
  const machine = ledger.machines.get(machineId);
  const current =
    machine?.state === "claimed" && machine.registration?.runnerName === runnerName
      ? machine
      : undefined;
  const gate = mintGates(scope, machine?.registration?.demand);
  if (isError(result)) {
    const { code, message } = causeOf(result.error);
    // A wrong label or group is the job's own: it must not hold up everybody else in the organisation.
    if (code === "config") gates.fail(gate.demand, result.error, context.nowMs);
    // A name that is taken is an earlier try of ours: the next one has another name. Says nothing about GitHub.
    else if (code !== "conflict") gates.fail(gate.scope, result.error, context.nowMs);
    if (current) {
      unclaim(ledger, context, current, {
        code: code === "throttled" ? "mint-budget" : "registration-failed",
        message,
      });
    }
    return;
  }
  gates.pass(gate.scope);
  gates.pass(gate.demand);
  // Not claimed any more: the registration is an orphan, which the runner sweep removes.
  if (!current?.registration) return;
  const registration = { ...current.registration, scope, runnerId: result.runnerId };
  const job = current.jobKey === undefined ? undefined : ledger.jobs.get(current.jobKey);
  ledger.putAssignment({
    id: registration.assignmentId,
    machineId,
    jitConfig: result.jitConfig,
    runnerName,
    labels: registration.labels,
    deadlineMs: current.hardDeadlineMs,
    ...(job?.trace === undefined ? {} : { trace: job.trace }),
  });
  if (job?.state === "assigned") {
    ledger.putJob({ ...job, runnerName, assignedAtMs: context.nowMs });
  }
  moveMachine(
    ledger,
    context,
    current,
    "assigned",
    { code: "assigned", message: `Registered at GitHub as ${runnerName}` },
    { registration },
  );
  ledger.effect({ kind: "ring", machineId });
}

function withdrawn(
  ledger: Ledger,
  context: FleetContext,
  { machineId, result }: Of<"withdrawn">,
): void {
  if (result === "withdrawn") ledger.forgetAssignment(machineId);
  const machine = ledger.machines.get(machineId);
  if (machine?.state !== "withdrawing" || isError(result)) return;
  if (result === "read") {
    ledger.dropAssignment(machineId);
    moveMachine(ledger, context, machine, "acknowledged", {
      code: "acknowledged",
      message: "The agent read its assignment before it could be taken back",
    });
    return;
  }
  const job = machine.jobKey === undefined ? undefined : ledger.jobs.get(machine.jobKey);
  const why = {
    code: "machine-lost",
    message: `${machine.id} did not take its assignment in ${context.timings.acknowledgeMs} ms`,
  };
  if (job?.state === "assigned") requeueJob(ledger, context, job, why);
  ledger.putMachine({ ...without(machine, "jobKey"), deadlineMs: context.nowMs });
  ledger.effect({ kind: "deregister", machineId });
}

function deregistered(
  ledger: Ledger,
  context: FleetContext,
  { machineId, result }: Of<"deregistered">,
): void {
  const machine = ledger.machines.get(machineId);
  if (!machine || isError(result)) return;
  const waits =
    machine.state === "acknowledged" ||
    machine.state === "registered" ||
    machine.state === "withdrawing";
  if (!waits) return;
  if (result === "busy") {
    // GitHub's word: a job runs there. Our own knowledge was behind.
    if (mayBecome(machine, "running")) {
      moveMachine(ledger, context, machine, "running", {
        code: "busy",
        message: "GitHub says that its runner is busy",
      });
    }
    return;
  }
  const job = machine.jobKey === undefined ? undefined : ledger.jobs.get(machine.jobKey);
  const why = {
    code: "registration-failed",
    message: `The runner of ${machine.id} took no job in time; its registration is removed`,
  };
  if (job?.state === "assigned") requeueJob(ledger, context, job, why);
  retireMachine(ledger, context, without(machine, "jobKey"), why);
}

function outcome(
  ledger: Ledger,
  context: FleetContext,
  gates: Gates,
  { action, outcome: { id, ok, failure } }: Of<"outcome">,
): void {
  const machine = ledger.machines.get(id);
  if (!machine || action === "ring") return;
  if (action === "start") {
    if (ok) gates.pass(`start:${machine.fit}`);
    else if (machine.state === "booting" && isTransient(failure)) {
      // Nothing is wrong with the machine, and it may have started: it is asked for again while it has time to boot.
      ledger.putMachine({ ...machine, deadlineMs: context.nowMs + startRetryMs });
    } else if (machine.state === "booting") {
      gates.fail(
        `start:${machine.fit}`,
        new FleetError({ kind: failure ?? "unknown", message: "Start failed" }),
        context.nowMs,
      );
      retireMachine(ledger, context, machine, {
        code: failure ?? "unknown",
        message: "Could not be started; the next tier takes over",
      });
    }
    return;
  }
  if (failure === "not-found") {
    loseMachine(ledger, context, machine, "The provider does not know it");
    return;
  }
  // A stop that failed never becomes a termination; its deadline asks again.
  if (action === "terminate" && ok && machine.state === "retiring") {
    ledger.decide({
      atMs: context.nowMs,
      subject: { machineId: id },
      code: "terminating",
      message: "The provider accepted its termination",
    });
  }
}

function verified(ledger: Ledger, context: FleetContext, { jobKey, event }: Of<"verified">): void {
  const job = ledger.jobs.get(jobKey);
  if (!job || event === undefined || isError(event)) return;
  if (event.action !== "queued") {
    takeDemand(ledger, context, event);
    return;
  }
  if (job.state !== "assigned" || job.machineId === undefined) return;
  const machine = ledger.machines.get(job.machineId);
  const spent =
    !machine ||
    machine.state === "ending" ||
    machine.state === "retiring" ||
    machine.state === "running";
  if (!spent) return;
  // Its runner ran something, and it was not this job: somebody else's job is on our books as waiting.
  if (machine?.jobKey === jobKey) ledger.putMachine(without(machine, "jobKey"));
  requeueJob(ledger, context, job, {
    code: "taken-by-sibling",
    message: "Its runner ran another job with the same labels",
  });
}

function checked(ledger: Ledger, context: FleetContext, { jobKey, ok }: Of<"checked">): void {
  const job = ledger.jobs.get(jobKey);
  if (job?.checkTriesLeft === undefined) return;
  const left = job.checkTriesLeft - 1;
  if (ok || left <= 0) {
    ledger.putJob(without(job, "checkTriesLeft"));
    return;
  }
  ledger.putJob({ ...job, checkTriesLeft: left, deadlineMs: context.nowMs + 30_000 });
}
