import type { Cause } from "../ports/cause.ts";
import type { Entropy } from "../ports/clock.ts";
import type { Market } from "../routing/shape.ts";
import { tagsOf } from "../routing/tags.ts";
import { assignJob } from "./change-job.ts";
import {
  adoptJob,
  hardDeadlineFrom,
  mayBecome,
  moveMachine,
  retireMachine,
} from "./change-machine.ts";
import type { FleetContext } from "./context.ts";
import { isForStopped } from "./launch-needs.ts";
import type { Ledger } from "./ledger.ts";
import type { AssignmentPlan, Wait } from "./plan-assignments.ts";
import type { Drain } from "./plan-drains.ts";
import type { LaunchPlan, PlannedLaunch } from "./plan-launches.ts";
import { draining, type MachineRecord, withHistory } from "./records.ts";
import type { Registrar } from "./registrar.ts";
import { specHashOf } from "./replacement.ts";
import type { Retirement } from "./shed-pool.ts";
import { textHash } from "./text-hash.ts";
import { without } from "./without.ts";

/** How long a launch may go unanswered before its machines are looked for, milliseconds. */
const launchDeadlineMs = 120_000;
/** Longest name of a runner. Source: GITHUB 2.1. */
const longestRunnerName = 64;

/** How the names of a shard's runners begin: other shards may register in the same organisation. */
export function runnerPrefix(shard: string): string {
  return `rf-${textHash(shard).slice(0, 6)}-`;
}

/** A runner's name leads back to its machine; the number tells its registrations apart. */
function runnerNameOf(shard: string, machine: MachineRecord): string {
  const prefix = runnerPrefix(shard);
  const suffix = `-${machine.registrations + 1}`;
  // What tells machines apart is at the end of their ids: a long one loses its beginning.
  const id = machine.id.slice(-(longestRunnerName - prefix.length - suffix.length));
  return `${prefix}${id}${suffix}`;
}

/** Writes the pairings into the ledger and asks for the registrations. */
export function carryOutAssignments(
  ledger: Ledger,
  context: FleetContext,
  plan: AssignmentPlan,
  tools: { readonly registrar: Registrar; readonly entropy: Entropy },
): void {
  for (const { job, machine } of plan.adoptions) {
    adoptJob(ledger, context, machine, job.key);
    assignJob(ledger, context, job, machine, {
      code: "adopted",
      message: `The runner on ${machine.id} has its labels and no job`,
    });
  }
  for (const { job, machine } of plan.claims) {
    const runnerName = runnerNameOf(ledger.shard, machine);
    assignJob(ledger, context, job, machine, {
      code: "claimed",
      message: `Gets ${machine.id}`,
    });
    moveMachine(
      ledger,
      context,
      machine,
      "claimed",
      { code: "claimed", message: `For job ${job.jobId} of ${job.repository}` },
      {
        jobKey: job.key,
        registrations: machine.registrations + 1,
        // From here the machine's time is the job's: counted anew, so that a spare's age costs no job its runtime.
        hardDeadlineMs: hardDeadlineFrom(context),
        registration: {
          assignmentId: tools.entropy.uuid(),
          runnerName,
          scope: tools.registrar.scopeOf(job.repository),
          labels: job.labels,
          demand: job.demand ?? "",
        },
      },
    );
    ledger.effect({ kind: "mint", machineId: machine.id });
  }
}

/** Notes why jobs wait; a reason that is not new is not told again. */
export function noteWaits(ledger: Ledger, context: FleetContext, waits: readonly Wait[]): void {
  const next = new Map<string, Cause>();
  for (const { job, cause } of waits) {
    next.set(job.key, cause);
    if (ledger.waits.get(job.key)?.code === cause.code) continue;
    const pool = job.placement?.pool;
    ledger.decide({
      atMs: context.nowMs,
      subject: { jobId: job.key, ...(pool === undefined ? {} : { pool }) },
      ...cause,
    });
  }
  ledger.setWaits(next);
}

function marketsOf({ shape, reason }: PlannedLaunch): readonly Market[] {
  // A spot machine cannot be stopped and started, so the stopped tier is never spot.
  if (shape.spot === false || isForStopped(reason)) return ["on-demand"];
  return ["spot", "on-demand"];
}

/** Starts stopped machines and stores the purchases before they are made. */
export function carryOutLaunches(
  ledger: Ledger,
  context: FleetContext,
  plan: LaunchPlan,
  entropy: Entropy,
): void {
  for (const machine of plan.starts) {
    moveMachine(
      ledger,
      context,
      without(machine, "readyAtMs", "bankWhenReady"),
      "booting",
      { code: "starting", message: "Wanted: a stopped machine is one start away" },
      // Its guards were off while it was stopped; they count from this boot.
      { hardDeadlineMs: hardDeadlineFrom(context), wasStopped: true, sequence: 0 },
    );
    ledger.effect({ kind: "start", machineId: machine.id });
  }
  for (const launch of plan.launches) {
    const id = entropy.uuid();
    const tags = tagsOf(context.catalog, context.environment, launch.pool);
    ledger.putAttempt({
      request: {
        id,
        // A purchase is one attempt in one region: its own id is all that the token must tell apart.
        token: id,
        shard: ledger.shard,
        environment: context.environment,
        region: context.region,
        count: launch.count,
        shape: launch.shape,
        markets: marketsOf(launch),
        ...(launch.pool === undefined ? {} : { pool: launch.pool }),
        specHash: specHashOf(launch.fit, launch.shape),
        deadlineMs: hardDeadlineFrom(context),
        ...(Object.keys(tags).length === 0 ? {} : { tags }),
      },
      fit: launch.fit,
      state: "open",
      openedAtMs: context.nowMs,
      reason: launch.reason,
      deadlineMs: context.nowMs + launchDeadlineMs,
    });
    ledger.decide({
      atMs: context.nowMs,
      subject: launch.pool === undefined ? {} : { pool: launch.pool },
      code: `launch-for-${launch.reason}`,
      message: `Buys ${launch.count} of ${launch.fit}`,
    });
    ledger.effect({ kind: "launch", attemptId: id });
  }
}

/** Gives machines with work a time by which they must be done. It counts as their hard deadline, earlier than the old one. */
export function carryOutDrains(
  ledger: Ledger,
  context: FleetContext,
  drains: readonly Drain[],
): void {
  for (const { machine, untilMs, message } of drains) {
    const line = { atMs: context.nowMs, code: draining, message };
    ledger.putMachine({
      ...machine,
      hardDeadlineMs: untilMs,
      deadlineMs: Math.min(machine.deadlineMs, untilMs),
      history: withHistory(machine.history, line),
    });
    ledger.decide({
      ...line,
      subject: {
        machineId: machine.id,
        ...(machine.pool === undefined ? {} : { pool: machine.pool }),
        ...(machine.jobKey === undefined ? {} : { jobId: machine.jobKey }),
      },
    });
  }
}

/** Sheds machines: stored first, then stopped or terminated. */
export function carryOutRetirements(
  ledger: Ledger,
  context: FleetContext,
  retirements: readonly Retirement[],
): void {
  for (const { machine, action, code, message } of retirements) {
    if (action === "terminate") {
      retireMachine(ledger, context, machine, { code, message });
    } else if (mayBecome(machine, "stopping")) {
      moveMachine(ledger, context, without(machine, "bankWhenReady"), "stopping", {
        code,
        message,
      });
      ledger.effect({ kind: "stop", machineId: machine.id });
    }
  }
}
