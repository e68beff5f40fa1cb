import type { ObservedMachine } from "../ports/machine-provider.ts";
import { requeueJob } from "./change-job.ts";
import { hardDeadlineFrom, moveMachine, retireMachine } from "./change-machine.ts";
import type { FleetContext } from "./context.ts";
import { isForStopped } from "./launch-needs.ts";
import type { Ledger } from "./ledger.ts";
import {
  type AttemptRecord,
  draining,
  type Interruption,
  type MachineRecord,
  withHistory,
} from "./records.ts";
import { listingLagMs } from "./timings.ts";
import { without } from "./without.ts";

/** Writes down a machine that an attempt bought. Doing it twice changes nothing. */
export function adoptMachine(
  ledger: Ledger,
  context: FleetContext,
  attempt: AttemptRecord,
  observed: ObservedMachine,
): void {
  if (ledger.machines.has(observed.id) || ledger.hasGone(observed.id)) return;
  const { request } = attempt;
  const machine: MachineRecord = {
    id: observed.id,
    attemptId: request.id,
    environment: request.environment,
    region: request.region,
    fit: attempt.fit,
    specHash: request.specHash,
    ...(request.pool === undefined ? {} : { pool: request.pool }),
    market: observed.market,
    ...(observed.zone === undefined ? {} : { zone: observed.zone }),
    ...(observed.instanceType === undefined ? {} : { instanceType: observed.instanceType }),
    state: "booting",
    launchedAtMs: observed.launchedAtMs,
    sinceMs: context.nowMs,
    deadlineMs: context.nowMs + context.timings.bootDeadlineMs,
    hardDeadlineMs: Math.min(request.deadlineMs, hardDeadlineFrom(context)),
    registrations: 0,
    ...(isForStopped(attempt.reason) ? { bankWhenReady: true } : {}),
    sequence: 0,
    history: [
      {
        atMs: context.nowMs,
        code: "launched",
        message: `Bought by attempt ${request.id} for ${attempt.reason}`,
      },
    ],
  };
  ledger.putMachine(machine);
  ledger.decide({
    atMs: context.nowMs,
    subject: {
      machineId: machine.id,
      ...(machine.pool === undefined ? {} : { pool: machine.pool }),
    },
    code: "launched",
    message: `Bought for ${attempt.reason}`,
  });
}

/** States in which the machine was handed no assignment: what it was handed it may have read, and run. */
const neverRead: ReadonlySet<string> = new Set(["booting", "ready", "claimed"]);

/** A machine is no more: its job, if GitHub has not concluded it, waits again or is left to GitHub. */
export function loseMachine(
  ledger: Ledger,
  context: FleetContext,
  machine: MachineRecord,
  message: string,
): void {
  const expected = machine.state === "ending" || machine.state === "retiring";
  const job = machine.jobKey === undefined ? undefined : ledger.jobs.get(machine.jobKey);
  ledger.dropAssignment(machine.id);
  moveMachine(ledger, context, machine, "gone", {
    code: expected ? "gone" : "machine-lost",
    message,
  });
  if (!job || expected) return;
  const interruption: Interruption = {
    kind: machine.announcedEndMs === undefined ? "lost" : "announced",
    atMs: context.nowMs,
    ...(machine.announcedEndMs === undefined ? {} : { endsAtMs: machine.announcedEndMs }),
    machineId: machine.id,
    ...(machine.registration ? { runnerName: machine.registration.runnerName } : {}),
  };
  if (job.state === "assigned" && neverRead.has(machine.state)) {
    requeueJob(ledger, context, job, {
      code: "machine-lost",
      message: `${machine.id}: ${message}`,
    });
  } else if (job.state === "assigned") {
    // Its runner may have run the job to its end: GitHub is asked before anyone buys another machine for it.
    ledger.putJob({ ...job, interruption });
    ledger.effect({ kind: "verify", jobKey: job.key });
  } else if (job.state === "running") {
    const code = interruption.kind === "lost" ? "machine-lost" : "interrupted";
    const cause = { code, message: `${machine.id}: ${message}` } as const;
    const history = withHistory(job.history, { atMs: context.nowMs, ...cause });
    ledger.putJob({ ...job, cause, interruption, history });
    ledger.effect({ kind: "verify", jobKey: job.key });
  }
}

/** States in which a machine may be replaced, now or soon. */
const waiting: ReadonlySet<string> = new Set(["booting", "ready", "stopping", "stopped"]);

/** Writes down whether a machine that waits boots what its pool boots by now: an image may also be taken back. */
function noteImage(
  ledger: Ledger,
  machine: MachineRecord,
  { isSuperseded = false }: ObservedMachine,
): MachineRecord {
  if (!waiting.has(machine.state) || (machine.isSuperseded ?? false) === isSuperseded)
    return machine;
  const noted = isSuperseded ? { ...machine, isSuperseded } : without(machine, "isSuperseded");
  ledger.putMachine(noted);
  return noted;
}

function observe(
  ledger: Ledger,
  context: FleetContext,
  machine: MachineRecord,
  observed: ObservedMachine,
): void {
  switch (observed.state) {
    case "terminated":
    case "shutting-down":
      loseMachine(ledger, context, machine, `The provider says ${observed.state}`);
      return;
    case "stopped":
      if (machine.state === "stopping") {
        moveMachine(ledger, context, { ...machine, wasStopped: true }, "stopped", {
          code: "stopped",
          message: "One start away",
        });
      }
      return;
    // A listing lags: that it runs, or is about to, says nothing that its agent does not say better.
    case "pending":
    case "running":
    case "stopping":
      return;
  }
}

/** What the listing knows that we do not: to be looked up before anything is done about it. */
export interface Strangers {
  readonly ids: readonly string[];
}

/**
 * From when on a listing may be expected to know a machine: a start counts like a launch, for the provider tells both by
 * one time.
 */
function bornAtMs({ state, launchedAtMs, wasStopped, sinceMs, readyAtMs }: MachineRecord): number {
  if (!wasStopped || state === "stopping" || state === "stopped") return launchedAtMs;
  return state === "booting" ? sinceMs : (readyAtMs ?? sinceMs);
}

/**
 * Takes in a complete listing of the region.
 *
 * A machine that it omits is lost only when its launch, or its last start, is older than the listing's lag, or it has said
 * itself that it ends.
 *
 * @param listedAtMs - When the listing was asked for: what was launched later cannot be in it.
 */
export function takeListing(
  ledger: Ledger,
  context: FleetContext,
  listing: readonly ObservedMachine[],
  listedAtMs: number,
): Strangers {
  const listed = new Set<string>();
  const strangers: string[] = [];
  for (const observed of listing) {
    listed.add(observed.id);
    const machine = ledger.machines.get(observed.id);
    if (machine) {
      if (machine.sinceMs <= listedAtMs || observed.state === "terminated") {
        observe(ledger, context, noteImage(ledger, machine, observed), observed);
      }
      continue;
    }
    const attempt =
      observed.attemptId === undefined ? undefined : ledger.attempts.get(observed.attemptId);
    if (observed.state === "terminated" || observed.state === "shutting-down") continue;
    // One under recovery may have been written down and gone before our time: its owner looks that up.
    if (attempt?.state === "open") adoptMachine(ledger, context, attempt, observed);
    else if (!attempt) strangers.push(observed.id);
  }
  for (const machine of [...ledger.machines.values()]) {
    if (listed.has(machine.id)) continue;
    const young = listedAtMs - bornAtMs(machine) < listingLagMs;
    const ends = machine.state === "ending" || machine.state === "retiring";
    if (machine.sinceMs > listedAtMs || (young && !ends)) continue;
    loseMachine(ledger, context, machine, "The provider lists it no more");
  }
  return { ids: strangers };
}

/** How long a machine that nobody remembers may run before it is ended, from its launch. */
export function strangerDeadlineMs(context: FleetContext): number {
  const { bootDeadlineMs, maxRuntimeMs } = context.timings;
  return bootDeadlineMs + maxRuntimeMs + 2 * listingLagMs;
}

const overdue = Object.freeze({
  code: "hard-deadline",
  cause: "deadline-exceeded",
  message: "Past the deadline that was set when it was launched",
} as const);

const drained = Object.freeze({
  code: "drain-deadline",
  cause: "interrupted",
  message: "Past the time that its pool gives to work when its target falls",
} as const);

/** Ends what is past its hard deadline, job or no job: decided at launch, the last word against leaks. */
export function endOverdue(ledger: Ledger, context: FleetContext): void {
  for (const machine of [...ledger.machines.values()]) {
    if (machine.state === "stopped" || machine.state === "retiring") continue;
    if (machine.hardDeadlineMs > context.nowMs) continue;
    const job = machine.jobKey === undefined ? undefined : ledger.jobs.get(machine.jobKey);
    if (job?.state === "assigned" && neverRead.has(machine.state)) {
      requeueJob(ledger, context, job, {
        code: "machine-lost",
        message: `${machine.id} reached its hard deadline`,
      });
    }
    // A claim sets the deadline anew: a drain before it is over.
    const last = machine.history.findLast(({ code }) => code === draining || code === "claimed");
    const why = last?.code === draining ? drained : overdue;
    if (job?.state === "running") {
      ledger.putJob({
        ...job,
        cause: { code: why.cause, message: `${machine.id}: ${why.message}` },
      });
    }
    retireMachine(ledger, context, machine, { code: why.code, message: why.message });
  }
}
