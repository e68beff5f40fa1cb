import type { Cause } from "../ports/cause.ts";
import type { Json } from "../ports/json.ts";
import type { TableName, Write } from "../ports/state-store.ts";
import type { Assignment } from "../wire/assignment.ts";
import { chunkWrites } from "./batch-chunks.ts";
import type { Effect } from "./effects.ts";
import { jobMatters, machineMatters } from "./plan-relevance.ts";
import { type AttemptRecord, isRerunOpen, type JobRecord, type MachineRecord } from "./records.ts";
import type { Decision } from "./status.ts";
import { keepEndedMs } from "./timings.ts";
import { attemptRules, checkedState, isTerminal, jobRules, machineRules } from "./transitions.ts";

/** What is to be stored and then done: the outcome of taking in events and planning. */
export interface Batch {
  /** One commit after the other. */
  readonly commits: readonly {
    readonly writes: readonly Write[];
    /** Whether a write spends money or hands out a credential. */
    readonly checked: boolean;
  }[];
  readonly effects: readonly Effect[];
}

/**
 * The open records of a shard in memory, with the changes that are not stored yet.
 *
 * Changes show at once to those who read; {@link Ledger.seal} hands them out for one commit. A failed commit makes the
 * whole ledger worthless: it is thrown away and loaded again.
 */
export interface Ledger {
  readonly shard: string;
  readonly jobs: ReadonlyMap<string, JobRecord>;
  readonly machines: ReadonlyMap<string, MachineRecord>;
  readonly attempts: ReadonlyMap<string, AttemptRecord>;
  /** By machine id. */
  readonly assignments: ReadonlyMap<string, Assignment>;
  /** Machines whose assignment was found taken when the shard was loaded: an empty record that is still there. */
  readonly takenAssignments: ReadonlySet<string>;
  machineOfRunner(runnerName: string): MachineRecord | undefined;
  /** Whether the job ended while this ledger was kept. */
  hasEnded(jobKey: string): boolean;
  /** Whether the machine went while this ledger was kept: answers and listings that are late may still show it. */
  hasGone(machineId: string): boolean;
  /** The latest ended jobs, oldest first. */
  readonly ended: readonly JobRecord[];
  /** When each repository was last heard of, epoch milliseconds: those that the sweep asks about. */
  readonly repositories: ReadonlyMap<string, number>;
  seeRepository(repository: string): void;
  /** Why jobs wait, by their keys: planned anew in each pass, so it is not stored. */
  readonly waits: ReadonlyMap<string, Cause>;
  setWaits(waits: ReadonlyMap<string, Cause>): void;
  /** The earliest deadline that was written since this was asked last with `reset`, epoch milliseconds. */
  soonestMs(reset?: boolean): number;
  /** How many records are to be written. */
  pendingWrites(): number;
  /** Whether something is to be done once they are written, or somebody else waits to read one of them. */
  isUrgent(): boolean;
  /** Grows with every change of a record that plans could see: the same number, the same plan of what is to be done. */
  revision(): number;
  putJob(record: JobRecord): void;
  putMachine(record: MachineRecord): void;
  putAttempt(record: AttemptRecord): void;
  putAssignment(assignment: Assignment): void;
  dropAssignment(machineId: string): void;
  /** The assignment document was deleted by a commit of its own. */
  forgetAssignment(machineId: string): void;
  /** Version of a stored record, for a commit outside the batch. */
  versionOf(table: TableName, id: string): number | undefined;
  effect(effect: Effect): void;
  decide(decision: Decision): void;
  /** Hands out the changes since the last call. */
  seal(): Batch;
}

/** Names the record that remembers which repositories a shard has heard of. */
export function repositoriesId(shard: string): string {
  return `repositories:${shard}`;
}

/** A record as loaded, ready for a ledger. */
export type LoadedRecord =
  | { readonly table: "jobs"; readonly version: number; readonly record: JobRecord }
  | { readonly table: "machines"; readonly version: number; readonly record: MachineRecord }
  | { readonly table: "attempts"; readonly version: number; readonly record: AttemptRecord }
  | { readonly table: "assignments"; readonly version: number; readonly record: Assignment }
  | {
      /** An assignment that its machine has taken: there is nothing in it any more, and it has to go with the machine. */
      readonly table: "taken-assignments";
      readonly version: number;
      readonly record: { readonly machineId: string };
    }
  | {
      readonly table: "configurations";
      readonly version: number;
      readonly record: Readonly<Record<string, number>>;
    };

/** A repository is written down again only after this long, and forgotten after a day of silence, milliseconds. */
const repositoryNewsMs = 60 * 60_000;
const repositoryForgottenMs = 24 * 60 * 60_000;
const mostRepositories = 2_000;
const endedKept = 500;
const endedKeysKept = 50_000;

const nothing: Batch = Object.freeze({ commits: [], effects: [] });

function forgetOldest(keys: Set<string>): void {
  if (keys.size <= endedKeysKept) return;
  for (const key of keys) {
    if (keys.size <= endedKeysKept / 2) return;
    keys.delete(key);
  }
}

/** Makes a ledger of what was loaded. */
export function createLedger(options: {
  readonly shard: string;
  readonly records: readonly LoadedRecord[];
  readonly now: () => number;
  readonly onDecision?: (decision: Decision) => void;
  readonly onMachineGone?: (machine: MachineRecord) => void;
  /** Told of every job that is new or in another state. */
  readonly onJobMoved?: (job: JobRecord) => void;
}): Ledger {
  const { shard, now, onDecision, onMachineGone, onJobMoved } = options;
  const jobs = new Map<string, JobRecord>();
  const machines = new Map<string, MachineRecord>();
  const attempts = new Map<string, AttemptRecord>();
  const assignments = new Map<string, Assignment>();
  const takenAssignments = new Set<string>();
  const repositories = new Map<string, number>();
  const seenId = repositoriesId(shard);
  const runners = new Map<string, string>();
  const versions = new Map<string, number>();
  const endedKeys = new Set<string>();
  const goneIds = new Set<string>();
  let ended: JobRecord[] = [];
  let waits: ReadonlyMap<string, Cause> = new Map();
  let dirty = new Map<string, Write>();
  let revision = 0;
  let soonest = Number.POSITIVE_INFINITY;
  /** Whether any job seen so far comes from a repository with a limit. */
  let limited = options.records.some(
    ({ table, record }) => table === "jobs" && record.placement?.perRepository !== undefined,
  );
  let effects: Effect[] = [];
  /** Whether a machine waits to read what is to be written. */
  let isAwaited = false;

  const stage = (
    table: TableName,
    id: string,
    value: unknown,
    open: boolean,
    expected?: "any",
  ): void => {
    const key = `${table}/${id}`;
    dirty.set(key, {
      table,
      id,
      shard,
      open,
      expected: expected ?? versions.get(key) ?? "absent",
      value: value as Json | undefined,
      ...(open ? {} : { expiresAtMs: now() + keepEndedMs }),
    });
  };

  const remember = (record: JobRecord): void => {
    endedKeys.add(record.key);
    ended.push(record);
    if (ended.length > endedKept * 2) ended = ended.slice(-endedKept);
    forgetOldest(endedKeys);
  };

  for (const loaded of options.records) {
    if (loaded.table === "configurations") {
      versions.set(`configurations/${seenId}`, loaded.version);
      for (const [name, atMs] of Object.entries(loaded.record)) repositories.set(name, atMs);
      continue;
    }
    if (loaded.table === "taken-assignments") {
      takenAssignments.add(loaded.record.machineId);
      continue;
    }
    const id =
      loaded.table === "jobs"
        ? loaded.record.key
        : loaded.table === "attempts"
          ? loaded.record.request.id
          : loaded.table === "assignments"
            ? loaded.record.machineId
            : loaded.record.id;
    versions.set(`${loaded.table}/${id}`, loaded.version);
    if (loaded.table === "jobs") jobs.set(id, loaded.record);
    else if (loaded.table === "attempts") attempts.set(id, loaded.record);
    else if (loaded.table === "assignments") assignments.set(id, loaded.record);
    else {
      machines.set(id, loaded.record);
      if (loaded.record.registration) runners.set(loaded.record.registration.runnerName, id);
    }
  }

  return {
    shard,
    jobs,
    machines,
    attempts,
    assignments,
    takenAssignments,
    get ended() {
      return ended;
    },
    machineOfRunner: (runnerName) => {
      const id = runners.get(runnerName);
      return id === undefined ? undefined : machines.get(id);
    },
    repositories,
    seeRepository: (repository) => {
      const nowMs = now();
      if (nowMs - (repositories.get(repository) ?? 0) < repositoryNewsMs) return;
      repositories.delete(repository);
      repositories.set(repository, nowMs);
      for (const [name, atMs] of repositories) {
        const old = nowMs - atMs > repositoryForgottenMs;
        // The map is in the order of hearing, so the longest silent go first: the record has a size.
        if (old || repositories.size > mostRepositories) repositories.delete(name);
      }
      stage("configurations", seenId, Object.fromEntries(repositories), true);
    },
    get waits() {
      return waits;
    },
    setWaits: (next) => {
      waits = next;
    },
    hasGone: (machineId) => goneIds.has(machineId),
    hasEnded: (jobKey) => endedKeys.has(jobKey),
    pendingWrites: () => dirty.size,
    isUrgent: () => effects.length > 0 || isAwaited,
    revision: () => revision,
    soonestMs: (reset = false) => {
      const atMs = soonest;
      if (reset) soonest = Number.POSITIVE_INFINITY;
      return atMs;
    },
    putJob: (record) => {
      const before = jobs.get(record.key);
      if (before) checkedState(jobRules, before.state, record.state);
      limited ||= record.placement?.perRepository !== undefined;
      if (jobMatters(before, record, limited)) revision += 1;
      soonest = Math.min(soonest, record.deadlineMs);
      const over = isTerminal(jobRules, record.state);
      // A developer who was not told yet, and a re-run that is wanted, keep the record open: the next controller sees to them.
      const open = !over || record.checkTriesLeft !== undefined || isRerunOpen(record);
      if (open) jobs.set(record.key, record);
      else jobs.delete(record.key);
      // Also one that ended before this ledger was kept, and is closed only now: the store may hold its record open for a while.
      if (over && !endedKeys.has(record.key)) remember(record);
      else if (over) ended = ended.map((one) => (one.key === record.key ? record : one));
      stage("jobs", record.key, record, open);
      if (before?.state !== record.state) onJobMoved?.(record);
    },
    putMachine: (record) => {
      const before = machines.get(record.id);
      if (before) checkedState(machineRules, before.state, record.state);
      if (machineMatters(before, record)) revision += 1;
      soonest = Math.min(soonest, record.deadlineMs, record.hardDeadlineMs);
      const open = !isTerminal(machineRules, record.state);
      const runnerName = before?.registration?.runnerName;
      if (runnerName !== undefined && (!open || runnerName !== record.registration?.runnerName)) {
        runners.delete(runnerName);
      }
      if (open) {
        machines.set(record.id, record);
        if (record.registration) runners.set(record.registration.runnerName, record.id);
      } else {
        machines.delete(record.id);
        goneIds.add(record.id);
        forgetOldest(goneIds);
        onMachineGone?.(record);
      }
      stage("machines", record.id, record, open);
    },
    putAttempt: (record) => {
      const id = record.request.id;
      const before = attempts.get(id);
      if (before) checkedState(attemptRules, before.state, record.state);
      revision += 1;
      soonest = Math.min(soonest, record.deadlineMs);
      const open = !isTerminal(attemptRules, record.state);
      if (open) attempts.set(id, record);
      else attempts.delete(id);
      stage("attempts", id, record, open);
    },
    putAssignment: (assignment) => {
      assignments.set(assignment.machineId, assignment);
      isAwaited = true;
      stage("assignments", assignment.machineId, assignment, true);
    },
    dropAssignment: (machineId) => {
      const isKnown = assignments.delete(machineId);
      const isTaken = takenAssignments.delete(machineId);
      if (!isKnown && !isTaken) return;
      stage("assignments", machineId, undefined, false, "any");
    },
    forgetAssignment: (machineId) => {
      assignments.delete(machineId);
      versions.delete(`assignments/${machineId}`);
    },
    versionOf: (table, id) => versions.get(`${table}/${id}`),
    effect: (effect) => {
      effects.push(effect);
    },
    decide: (decision) => onDecision?.(decision),
    seal: () => {
      if (dirty.size === 0 && effects.length === 0) return nothing;
      const writes = [...dirty.values()];
      const commits = chunkWrites(writes).map((chunk) => ({
        writes: chunk,
        checked: chunk.some(({ table }) => table === "attempts" || table === "assignments"),
      }));
      const batch: Batch = { commits, effects };
      for (const write of writes) {
        const key = `${write.table}/${write.id}`;
        if (write.value === undefined) versions.delete(key);
        else if (!write.open) versions.delete(key);
        else versions.set(key, (versions.get(key) ?? 0) + 1);
      }
      dirty = new Map();
      effects = [];
      isAwaited = false;
      return batch;
    },
  };
}
