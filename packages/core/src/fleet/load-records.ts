import * as v from "valibot";
import { FleetError } from "../ports/failure.ts";
import type { Lease, StateStore, StoredRecord, Write } from "../ports/state-store.ts";
import { parseAssignment } from "../wire/parse.ts";
import { commitSize } from "./batch-chunks.ts";
import { type LoadedRecord, repositoriesId } from "./ledger.ts";
import { parseAttempt, parseJob, parseMachine, parseRepositories } from "./record-schemas.ts";

function parseRecord(stored: StoredRecord): LoadedRecord | undefined {
  const { table, version, value } = stored;
  switch (table) {
    case "jobs":
      return { table, version, record: parseJob(value) };
    case "machines":
      return { table, version, record: parseMachine(value) };
    case "attempts":
      return { table, version, record: parseAttempt(value) };
    case "assignments": {
      const record = parseAssignment(value);
      return record
        ? { table, version, record }
        : { table: "taken-assignments", version, record: { machineId: stored.id } };
    }
    case "configurations":
      // Other configurations of the shard are not the controller's.
      return stored.id === repositoriesId(stored.shard)
        ? { table, version, record: parseRepositories(value) }
        : undefined;
    case "pools":
    case "decisions":
      return undefined;
  }
}

/**
 * Loads the shard and stamps every open record with the lease's epoch, so that an earlier controller can change none
 * of them any more.
 *
 * @throws A {@link FleetError} `config` for a record that this version cannot read: better no controller than one that
 *   forgets machines; `conflict` when the lease was lost meanwhile.
 */
export async function loadRecords(
  store: StateStore,
  lease: Lease,
  commit: (writes: readonly Write[]) => Promise<void>,
  signal: AbortSignal,
): Promise<readonly LoadedRecord[]> {
  const records: LoadedRecord[] = [];
  let stamps: Write[] = [];
  for await (const stored of store.load(lease.shard, { signal })) {
    let parsed: LoadedRecord | undefined;
    try {
      parsed = parseRecord(stored);
    } catch (error) {
      if (!v.isValiError(error)) throw error;
      throw new FleetError({
        kind: "config",
        message: `Record ${stored.table}/${stored.id} is not readable by this version: ${error.message}`,
        cause: error,
      });
    }
    if (!parsed) continue;
    records.push({ ...parsed, version: stored.version + 1 });
    // Nobody changes what is empty: it is only ever deleted.
    if (parsed.table === "taken-assignments") continue;
    const { table, id, shard, open, version, value, expiresAtMs } = stored;
    stamps.push({
      table,
      id,
      shard,
      open,
      expected: version,
      value,
      ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    });
  }
  while (stamps.length > 0) {
    await commit(stamps.slice(0, commitSize));
    stamps = stamps.slice(commitSize);
  }
  return records;
}
