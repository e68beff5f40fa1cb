import type { FleetContext } from "../../src/fleet/context.ts";
import type { Effect } from "../../src/fleet/effects.ts";
import { createLedger, type Ledger, type LoadedRecord } from "../../src/fleet/ledger.ts";
import type {
  AttemptRecord,
  JobRecord,
  MachineRecord,
  Registration,
} from "../../src/fleet/records.ts";
import { specHashOf } from "../../src/fleet/replacement.ts";
import type { Decision } from "../../src/fleet/status.ts";
import { defaultTimings } from "../../src/fleet/timings.ts";
import type { JobEvent } from "../../src/ports/demand-event.ts";
import type { Catalog, PoolConfig } from "../../src/routing/catalog.ts";
import type { AgentEvent } from "../../src/wire/agent-event.ts";
import type { Assignment } from "../../src/wire/assignment.ts";

/** Now, in tests of plans and transitions. */
export const nowMs = Date.parse("2026-11-24T09:00:00Z");

export const shard = "ci/local";

export const aShape = { os: "linux", cpu: { min: 2, max: 2 } } as const;

/** A pool with constant targets. */
export function aPool(
  name: string,
  {
    hot = 0,
    stopped = 0,
    ...changes
  }: Partial<PoolConfig> & { hot?: number; stopped?: number } = {},
): PoolConfig {
  return {
    name,
    environment: "ci",
    regions: [{ name: "local" }],
    shape: aShape,
    schedule: { default: { hot, stopped }, entries: [] },
    limits: { machines: 1_000 },
    ...changes,
  };
}

/** Everybody may do everything. */
export function aCatalog(changes: Partial<Catalog> = {}): Catalog {
  return {
    version: "1",
    defaultEnvironment: "ci",
    environments: [{ name: "ci", regions: ["local"] }],
    pools: [],
    images: [],
    policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
    ...changes,
  };
}

export function aContext(changes: Partial<FleetContext> = {}): FleetContext {
  return {
    nowMs,
    environment: "ci",
    region: "local",
    catalog: aCatalog(),
    timings: defaultTimings,
    ...changes,
  };
}

/** A queued job `<id>.1`, five seconds old. */
export function aJob(id: string, changes: Partial<JobRecord> = {}): JobRecord {
  return {
    key: `${id}.1`,
    jobId: id,
    runId: "1",
    attempt: 1,
    repository: "acme/app",
    repositoryId: "1",
    visibility: "private",
    fork: false,
    labels: ["runs-fleet"],
    state: "queued",
    placement: { environment: "ci", shape: aShape, policy: "everyone" },
    fit: "shape:a",
    demand: "acme||runs-fleet",
    createdAtMs: nowMs - 5_000,
    receivedAtMs: nowMs - 5_000,
    deadlineMs: nowMs + 60 * 60_000,
    history: [],
    ...changes,
  };
}

/** A machine that has been ready for an hour, and is what its pool wants. */
export function aMachine(id: string, changes: Partial<MachineRecord> = {}): MachineRecord {
  const sinceMs = nowMs - 60 * 60_000;
  const fit = changes.fit ?? (changes.pool === undefined ? "shape:a" : `pool:${changes.pool}`);
  return {
    id,
    attemptId: "attempt-0",
    environment: "ci",
    region: "local",
    fit,
    specHash: specHashOf(fit, aShape),
    market: "on-demand",
    state: "ready",
    launchedAtMs: sinceMs - 60_000,
    sinceMs,
    readyAtMs: sinceMs,
    deadlineMs: nowMs + 5 * 60 * 60_000,
    hardDeadlineMs: nowMs + 5 * 60 * 60_000,
    registrations: 0,
    sequence: 1,
    history: [],
    ...changes,
  };
}

/** The first registration of a machine. */
export function aRegistration(
  machineId: string,
  changes: Partial<Registration> = {},
): Registration {
  return {
    assignmentId: `assignment-${machineId}`,
    runnerName: `rf-${machineId}-1`,
    scope: "orgs/acme",
    runnerId: "77",
    labels: ["runs-fleet"],
    demand: "acme||runs-fleet",
    ...changes,
  };
}

/** An open attempt to buy one machine. */
export function anAttempt(
  id: string,
  changes: Partial<AttemptRecord> = {},
  count = 1,
): AttemptRecord {
  return {
    request: {
      id,
      token: id,
      shard,
      environment: "ci",
      region: "local",
      count,
      shape: aShape,
      markets: ["spot", "on-demand"],
      specHash: "spec",
      deadlineMs: nowMs + 60 * 60_000,
    },
    fit: "shape:a",
    state: "open",
    openedAtMs: nowMs - 1_000,
    reason: "demand",
    deadlineMs: nowMs + 120_000,
    ...changes,
  };
}

export function anAssignment(machineId: string): Assignment {
  return {
    id: `assignment-${machineId}`,
    machineId,
    jitConfig: "secret",
    runnerName: `rf-${machineId}-1`,
    labels: ["runs-fleet"],
    deadlineMs: nowMs + 60 * 60_000,
  };
}

/** What GitHub says about job `<id>.1`. */
export function anEvent(
  id: string,
  action: JobEvent["action"],
  changes: Partial<JobEvent> = {},
): JobEvent {
  return {
    kind: "job",
    action,
    jobId: id,
    runId: "1",
    attempt: 1,
    repository: "acme/app",
    repositoryId: "1",
    visibility: "private",
    fork: false,
    labels: ["runs-fleet"],
    headSha: "abc",
    createdAtMs: nowMs - 5_000,
    deliveryId: "d",
    receivedAtMs: nowMs,
    ...(action === "completed" ? { conclusion: "success" } : {}),
    ...changes,
  };
}

type ReportChanges = { readonly [name: string]: unknown };

/** What a machine says; `sequence` defaults to 2, one more than {@link aMachine} has seen. */
export function aReport(
  machineId: string,
  kind: AgentEvent["kind"],
  changes: ReportChanges = {},
): AgentEvent {
  const named = kind === "registered" || kind === "job-started";
  return {
    id: `${machineId}-${kind}`,
    machineId,
    atMs: nowMs,
    sequence: 2,
    kind,
    ...(named ? { runnerName: `rf-${machineId}-1` } : {}),
    ...(kind === "finished" ? { result: "succeeded", timingsMs: {} } : {}),
    ...(kind === "interrupted" ? { endsAtMs: nowMs + 120_000 } : {}),
    ...changes,
  } as AgentEvent;
}

/** A ledger as a new controller would load it, and what it is told to do and decides. */
export interface LedgerStage {
  readonly ledger: Ledger;
  readonly decisions: readonly Decision[];
  /** Hands out the pending writes and answers the effects with them. */
  effects(): readonly Effect[];
}

export function aLedger(records: {
  readonly jobs?: readonly JobRecord[];
  readonly machines?: readonly MachineRecord[];
  readonly attempts?: readonly AttemptRecord[];
  readonly assignments?: readonly Assignment[];
  /** Machines whose assignment is there and empty. */
  readonly taken?: readonly string[];
  readonly now?: () => number;
}): LedgerStage {
  const { jobs = [], machines = [], attempts = [], assignments = [], taken = [] } = records;
  const { now = () => nowMs } = records;
  const loaded: LoadedRecord[] = [
    ...jobs.map((record) => ({ table: "jobs", version: 1, record }) as const),
    ...machines.map((record) => ({ table: "machines", version: 1, record }) as const),
    ...attempts.map((record) => ({ table: "attempts", version: 1, record }) as const),
    ...assignments.map((record) => ({ table: "assignments", version: 1, record }) as const),
    ...taken.map(
      (machineId) => ({ table: "taken-assignments", version: 1, record: { machineId } }) as const,
    ),
  ];
  const decisions: Decision[] = [];
  const ledger = createLedger({
    shard,
    records: loaded,
    now,
    onDecision: (decision) => decisions.push(decision),
  });
  return { ledger, decisions, effects: () => ledger.seal().effects };
}
