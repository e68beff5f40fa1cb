import { FleetError } from "../../ports/failure.ts";

/** A value that can be bound and read. */
export type SqlValue = string | number | null;

/** The part of a prepared statement that we use. */
export interface Statement {
  run(...values: readonly SqlValue[]): {
    readonly changes: number;
    readonly lastInsertRowid: number | bigint;
  };
  get(...values: readonly SqlValue[]): unknown;
  all(...values: readonly SqlValue[]): unknown[];
}

/** The part of a connection that we use; every call blocks until it is done. */
export interface Database {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  close(): void;
}

/** The package is looked for at the first use, so that hosts without a database need not install it. */
async function loadLibsql() {
  try {
    const { default: LibsqlDatabase } = await import("libsql");
    return LibsqlDatabase;
  } catch (cause) {
    throw new FleetError({
      kind: "config",
      message: "The package libsql cannot be loaded; install it beside @runs-fleet/core",
      cause,
    });
  }
}

/**
 * Opens a database file with libsql, an optional dependency of the host.
 *
 * @param lockWaitMs - How long a call blocks for a lock before it fails.
 * @throws A {@link FleetError} `config` when libsql is not installed.
 */
export async function openLibsql(path: string, lockWaitMs: number): Promise<Database> {
  const LibsqlDatabase = await loadLibsql();
  const database = new LibsqlDatabase(path, { timeout: lockWaitMs });
  return {
    prepare: (sql) => database.prepare<SqlValue[]>(sql),
    exec: (sql) => {
      database.exec(sql);
    },
    close: () => {
      database.close();
    },
  };
}
