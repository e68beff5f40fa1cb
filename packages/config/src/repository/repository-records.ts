import type { CallOptions, Clock, Json, Lease, StateStore } from "@runs-fleet/core";
import { parseRepositoryRecord, type RepositoryRecord } from "./repository-record.ts";

/** What is on record about a repository, and the record's version, by which it is changed. */
export interface LoadedRepository {
  /** Absent: nothing is on record. */
  readonly record?: RepositoryRecord;
  readonly expected: number | "absent";
}

/** Records of repositories in a store, each for itself. */
export interface RepositoryRecords {
  /** What is on record. */
  load(repository: string, options?: CallOptions): Promise<LoadedRepository>;
  /**
   * Replaces what is on record.
   *
   * @throws A `FleetError` `conflict` when it is no longer as it was loaded, or the lease is somebody else's.
   */
  save(
    lease: Lease,
    repository: string,
    record: RepositoryRecord,
    loaded: LoadedRepository,
    options?: CallOptions,
  ): Promise<void>;
}

/** A repository without jobs and pushes for so long is forgotten, and looked at anew. */
const keptMs = 30 * 24 * 60 * 60_000;

/** The records of a shard. They are read one by one, and never all: none of them is open. */
export function createRepositoryRecords(
  store: StateStore,
  shard: string,
  clock: Clock,
): RepositoryRecords {
  // No repository has a colon in its name, so that no configuration has such an id.
  const idOf = (repository: string): string => `narrowing:${repository.toLowerCase()}`;
  return {
    load: async (repository, options) => {
      const record = await store.get("configurations", idOf(repository), options);
      return record === undefined
        ? { expected: "absent" }
        : { record: parseRepositoryRecord(record.value), expected: record.version };
    },
    save: (lease, repository, record, { expected }, options) => {
      const value = JSON.parse(JSON.stringify(record)) as Json;
      // From now on, also when it is still to be looked at: what it says counts until then.
      const expiresAtMs = clock.now() + keptMs;
      const write = { table: "configurations", id: idOf(repository), shard, open: false } as const;
      return store.commit(lease, [{ ...write, expected, value, expiresAtMs }], options);
    },
  };
}
