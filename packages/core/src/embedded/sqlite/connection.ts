import { setImmediate } from "node:timers";
import { FleetError } from "../../ports/failure.ts";
import { isSqliteError, translate } from "./errors.ts";
import type { Database, Statement } from "./libsql.ts";
import { openDatabase, untilUnlocked } from "./open-database.ts";
import type { ResolvedSqliteOptions } from "./options.ts";

/** Most changes of one transaction: it holds the lock, and blocks the process, no longer than some milliseconds. */
const mostChanges = 512;

/** Prepares each statement once. */
export type Prepare = (sql: string) => Statement;

/** A database file that is opened at the first use. */
export interface Connection extends AsyncDisposable {
  /** Answers a query. */
  read<T>(query: (prepare: Prepare) => T, signal?: AbortSignal): Promise<T>;
  /**
   * Makes a change and resolves when it is durable. Changes that are asked for together share one transaction, in the
   * order of the calls; a change that fails must have written nothing, because the others are kept.
   */
  write<T>(change: (prepare: Prepare) => T, signal?: AbortSignal): Promise<T>;
}

interface PendingChange {
  /** Runs inside the transaction; answers what to do once that is durable. */
  readonly run: (prepare: Prepare) => () => void;
  readonly reject: (reason: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

interface OpenConnection {
  readonly database: Database;
  readonly prepare: Prepare;
}

function withCache(database: Database): OpenConnection {
  const statements = new Map<string, Statement>();
  return {
    database,
    prepare(sql) {
      let statement = statements.get(sql);
      if (statement === undefined) {
        statement = database.prepare(sql);
        statements.set(sql, statement);
      }
      return statement;
    },
  };
}

/**
 * Merges the log into the file and closes it. SQLite would merge by itself, but not before libsql's statements are
 * collected as garbage.
 */
function close({ database }: OpenConnection): void {
  try {
    database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  } catch {
    // Others use the file: the log stays, and is merged by them or at the next opening.
  }
  database.close();
}

/** All changes or none; answers what to tell those who asked. A change that refuses is left out. */
function transact(connection: OpenConnection, changes: readonly PendingChange[]): (() => void)[] {
  const { database, prepare } = connection;
  database.exec("BEGIN IMMEDIATE");
  try {
    const answers = changes.map(({ run, reject, signal }) => {
      if (signal?.aborted) return () => reject(signal.reason);
      try {
        return run(prepare);
      } catch (error) {
        if (isSqliteError(error)) throw error;
        return () => reject(error);
      }
    });
    database.exec("COMMIT");
    return answers;
  } catch (error) {
    try {
      database.exec("ROLLBACK");
    } catch {
      // Some failures, such as a full disk, have rolled back already.
    }
    throw error;
  }
}

/** A connection of its own: nothing is opened yet. */
export function createConnection(options: ResolvedSqliteOptions): Connection {
  let opening: Promise<OpenConnection> | undefined;
  let flushing: Promise<void> | undefined;
  let pending: PendingChange[] = [];
  let isClosed = false;

  function open(): Promise<OpenConnection> {
    if (isClosed) {
      const message = `Database ${options.path} was closed by this process`;
      return Promise.reject(new FleetError({ kind: "config", message }));
    }
    if (opening === undefined) {
      opening = openDatabase(options).then(withCache);
      // A later call tries again: the cause may be gone.
      opening.catch(() => {
        opening = undefined;
      });
    }
    return opening;
  }

  async function flush(connection: OpenConnection): Promise<void> {
    // The end of this turn of the event loop: all who write in it share the transaction.
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    while (pending.length > 0) {
      const changes = pending.slice(0, mostChanges);
      pending = pending.slice(mostChanges);
      try {
        const answers = await untilUnlocked(
          () => transact(connection, changes),
          options.lockTimeoutMs,
        );
        for (const answer of answers) answer();
      } catch (error) {
        const reason = translate(error, options.path);
        for (const { reject } of changes) reject(reason);
      }
    }
    // In the same step as the look at what is pending, so that nobody waits for a flush that is over.
    flushing = undefined;
  }

  return {
    async read(query, signal) {
      signal?.throwIfAborted();
      const { prepare } = await open();
      signal?.throwIfAborted();
      try {
        return await untilUnlocked(() => query(prepare), options.lockTimeoutMs);
      } catch (error) {
        throw translate(error, options.path);
      }
    },
    async write(change, signal) {
      signal?.throwIfAborted();
      const connection = await open();
      return new Promise((resolve, reject) => {
        pending.push({
          run: (prepare) => {
            const value = change(prepare);
            return () => resolve(value);
          },
          reject,
          signal,
        });
        flushing ??= flush(connection);
      });
    },
    async [Symbol.asyncDispose]() {
      if (isClosed) return;
      const opened = opening;
      isClosed = true;
      try {
        const connection = await opened;
        await flushing;
        if (connection !== undefined) close(connection);
      } catch {
        // It never opened: there is nothing to close.
      }
    },
  };
}
