import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { systemClock } from "../../ports/system-clock.ts";
import { isBusy, translate } from "./errors.ts";
import { type Database, openLibsql } from "./libsql.ts";
import type { ResolvedSqliteOptions } from "./options.ts";
import { migrate } from "./schema.ts";

/** How long one call blocks the process for a lock, milliseconds: short, because nothing else runs meanwhile. */
const blockMs = 25;

/** Longest pause between two tries, milliseconds. */
const longestPauseMs = 40;

/** Pages of 4 KiB in the log after which it is merged into the file: seldom enough that the pause is no part of the p99. */
const checkpointPages = 8_000;

/** Calls `attempt` until it is not refused for a lock. Locks are a matter of real time, whatever clock the host uses. */
export async function untilUnlocked<T>(attempt: () => T, timeoutMs: number): Promise<T> {
  const endMs = systemClock.monotonicMs() + timeoutMs;
  for (let pauseMs = 1; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error) || systemClock.monotonicMs() >= endMs) throw error;
    }
    await systemClock.sleep(pauseMs);
  }
}

/** The file may hold credentials (assignments do): it is created for its owner alone. SQLite's side files copy its mode. */
async function createFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, "a", 0o600);
  await file.close();
}

/**
 * A connection with the newest schema, a write-ahead log and the durability asked for.
 *
 * @throws A {@link FleetError} `config` or `unavailable`.
 */
export async function openDatabase(options: ResolvedSqliteOptions): Promise<Database> {
  const { path, durability, lockTimeoutMs } = options;
  let database: Database | undefined;
  try {
    await createFile(path);
    const opened = await openLibsql(path, blockMs);
    database = opened;
    await untilUnlocked(() => opened.exec("PRAGMA journal_mode = WAL"), lockTimeoutMs);
    opened.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
    opened.exec(`PRAGMA synchronous = ${durability === "power" ? "FULL" : "NORMAL"}`);
    await untilUnlocked(() => migrate(opened, path), lockTimeoutMs);
    return opened;
  } catch (error) {
    database?.close();
    throw translate(error, path);
  }
}
