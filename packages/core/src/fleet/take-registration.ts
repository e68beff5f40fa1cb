import { requeueJob } from "./change-job.ts";
import { mayBecome, moveMachine, retireMachine } from "./change-machine.ts";
import type { FleetContext } from "./context.ts";
import { isError, type ResultOf } from "./effects.ts";
import { causeOf, type Gates } from "./gates.ts";
import type { Ledger } from "./ledger.ts";
import type { MachineRecord } from "./records.ts";
import { without } from "./without.ts";

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
  unclaim(
    ledger,
    context,
    machine,
    machine.announcedEndMs === undefined
      ? {
          code: "registration-failed",
          message: "GitHub did not answer the registration in time",
        }
      : { code: "interrupted", message: "The machine is about to be taken away" },
  );
}

/** Keys of the gates that hold back registrations: of everybody at a place, and of jobs that ask for the same. */
export function mintGates(
  scope: string,
  demand = "",
): { readonly scope: string; readonly demand: string } {
  return { scope: `mint:${scope}`, demand: `mint:${scope}:${demand}` };
}

/** GitHub registered a runner, or failed to. */
export function minted(
  ledger: Ledger,
  context: FleetContext,
  gates: Gates,
  { machineId, runnerName, scope, result }: ResultOf<"minted">,
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
  if (current.announcedEndMs !== undefined) {
    // As is this one: nobody is sent to a machine that is about to go.
    abandonClaim(ledger, context, current);
    return;
  }
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

/** An assignment was taken back, or the agent was faster. */
export function withdrawn(
  ledger: Ledger,
  context: FleetContext,
  { machineId, result }: ResultOf<"withdrawn">,
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
  const why =
    machine.announcedEndMs === undefined
      ? {
          code: "machine-lost",
          message: `${machine.id} did not take its assignment in ${context.timings.acknowledgeMs} ms`,
        }
      : { code: "interrupted", message: `${machine.id} is about to be taken away` };
  if (job?.state === "assigned") requeueJob(ledger, context, job, why);
  ledger.putMachine({ ...without(machine, "jobKey"), deadlineMs: context.nowMs });
  ledger.effect({ kind: "deregister", machineId });
}

/** A runner that took no job lost its registration, or GitHub says that it is busy. */
export function deregistered(
  ledger: Ledger,
  context: FleetContext,
  { machineId, result }: ResultOf<"deregistered">,
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
  const why =
    machine.announcedEndMs === undefined
      ? {
          code: "registration-failed",
          message: `The runner of ${machine.id} took no job in time; its registration is removed`,
        }
      : { code: "interrupted", message: `${machine.id} is about to be taken away` };
  if (job?.state === "assigned") requeueJob(ledger, context, job, why);
  retireMachine(ledger, context, without(machine, "jobKey"), why);
}
