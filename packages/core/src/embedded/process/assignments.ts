import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { FleetError } from "../../ports/failure.ts";
import type { Lease, StateStore, StoredRecord, Write } from "../../ports/state-store.ts";
import type { Assignment } from "../../wire/assignment.ts";
import { parseAssignment } from "../../wire/parse.ts";
import { copyJson } from "../copy-json.ts";
import { maxValueBytes } from "../limits.ts";
import {
  decideAssignment,
  readDecision,
  removeAssignment,
  writeAssignment,
} from "./assignment-files.ts";
import { isAbsent } from "./files.ts";
import { endedIn, isMachineName } from "./layout.ts";
import { viewMachine } from "./machine-state.ts";
import { ringMachine } from "./ring.ts";

/** The assignment in a record, when the record is one for a machine of ours. */
function assignmentOf(id: string, value: unknown): Assignment | undefined {
  if (!isMachineName(id)) return undefined;
  const assignment = parseAssignment(value);
  return assignment?.machineId === id ? assignment : undefined;
}

const isAssignment = ({ table }: { readonly table: string }): boolean => table === "assignments";

/** The writes as they are now: their values may be changed while we look at files. */
function copyWrites(writes: readonly Write[]): readonly Write[] {
  return writes.map((write) =>
    write.value === undefined ? write : { ...write, value: copyJson(write.value, maxValueBytes) },
  );
}

/** Writes the machine's document and rings; a machine that is gone needs none. */
async function mirror(directory: string, assignment: Assignment): Promise<void> {
  const machine = join(directory, assignment.machineId);
  try {
    await writeAssignment(machine, assignment);
  } catch (error) {
    if (isAbsent(error)) return;
    throw error;
  }
  const view = await viewMachine(machine, assignment.machineId);
  if (view) await ringMachine(machine, view.generation, randomUUID());
}

/** Takes the assignment back unless the agent has it; answers whether nobody can take it any more. */
async function withdraw(directory: string, assignment: Assignment): Promise<boolean> {
  const machine = join(directory, assignment.machineId);
  try {
    return (await decideAssignment(machine, assignment.id, "withdrawn")) === "withdrawn";
  } catch (error) {
    if (!isAbsent(error)) throw error;
    const gone = join(endedIn(directory), assignment.machineId);
    return (await readDecision(gone, assignment.id)) !== "taken";
  }
}

/**
 * A store whose assignments reach process machines: each record of `assignments` (its id is the machine's, its value
 * the wire `Assignment`) is also a document in the machine's directory, written after the commit.
 *
 * A deletion with an expected version is the controller taking the assignment back: it wins or loses against the agent
 * before anything is committed, and rejects with `conflict` when the agent has it. A deletion of `any` version clears
 * up and never conflicts with the agent. Loading a shard writes the documents that a killed host still owed.
 *
 * A document that cannot be written does not fail the commit, which has happened; it is tried again with the next one.
 */
export function withProcessAssignments(
  store: StateStore,
  options: { readonly directory: string },
): StateStore {
  const directory = resolve(options.directory);
  const owed = new Map<string, Assignment>();

  async function mirrorOrOwe(assignment: Assignment): Promise<void> {
    owed.delete(assignment.machineId);
    await mirror(directory, assignment).catch(() => owed.set(assignment.machineId, assignment));
  }

  /** The stored assignments that the writes delete, each with whether it is a taking back. */
  async function deletions(writes: readonly Write[]) {
    const found: { readonly assignment: Assignment; readonly takesBack: boolean }[] = [];
    for (const write of writes) {
      if (!isAssignment(write) || write.value !== undefined) continue;
      const stored = await store.get("assignments", write.id);
      const assignment = stored && assignmentOf(write.id, stored.value);
      if (!assignment) continue;
      const takesBack = write.expected === stored.version;
      // Another version: the commit itself will refuse.
      if (takesBack || write.expected === "any") found.push({ assignment, takesBack });
    }
    return found;
  }

  async function remirror(record: StoredRecord): Promise<void> {
    const assignment = assignmentOf(record.id, record.value);
    if (assignment) await mirrorOrOwe(assignment);
  }

  async function commit(
    lease: Lease,
    writes: readonly Write[],
    call: Parameters<StateStore["commit"]>[2],
  ): Promise<void> {
    for (const assignment of [...owed.values()]) await mirrorOrOwe(assignment);
    const deleted = await deletions(writes);
    for (const { assignment, takesBack } of deleted) {
      if ((await withdraw(directory, assignment)) || !takesBack) continue;
      throw new FleetError({
        kind: "conflict",
        message: `Machine ${assignment.machineId} has taken assignment ${assignment.id}`,
        details: { machineId: assignment.machineId, assignmentId: assignment.id },
      });
    }
    await store.commit(lease, writes, call);
    for (const { assignment } of deleted) {
      owed.delete(assignment.machineId);
      await removeAssignment(join(directory, assignment.machineId), assignment.id);
    }
    for (const write of writes) {
      const assignment = isAssignment(write) && assignmentOf(write.id, write.value);
      if (assignment) await mirrorOrOwe(assignment);
    }
  }

  return {
    leases: store.leases,
    deliveries: store.deliveries,
    get: (table, id, call) => store.get(table, id, call),
    // What concerns no machine goes straight on.
    commit: (lease, writes, call) =>
      owed.size > 0 || writes.some(isAssignment)
        ? commit(lease, copyWrites(writes), call)
        : store.commit(lease, writes, call),
    load: async function* (shard, call) {
      for await (const record of store.load(shard, call)) {
        if (isAssignment(record) && record.open) await remirror(record);
        yield record;
      }
    },
  };
}
