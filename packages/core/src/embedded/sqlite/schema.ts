import { FleetError } from "../../ports/failure.ts";
import type { Database } from "./libsql.ts";

/**
 * Each entry brings the schema from the version before it (its index) to the next one. Entries are never changed, only
 * added: files of every older version exist somewhere.
 *
 * A message with `due_ms` 0 is ready, with another one it is hidden until then. Turns are explained at `createFairTurns`.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE records (
    table_name TEXT NOT NULL, id TEXT NOT NULL, shard TEXT NOT NULL, open INTEGER NOT NULL,
    version INTEGER NOT NULL, epoch INTEGER NOT NULL, expires_at_ms INTEGER, value TEXT NOT NULL,
    PRIMARY KEY (table_name, id)
  );
  CREATE INDEX records_open ON records (shard) WHERE open = 1;
  CREATE INDEX records_expiring ON records (expires_at_ms) WHERE expires_at_ms IS NOT NULL;
  CREATE TABLE leases (
    shard TEXT PRIMARY KEY, owner TEXT NOT NULL, epoch INTEGER NOT NULL, expires_at_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE deliveries (id TEXT PRIMARY KEY, expires_at_ms INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX deliveries_expiring ON deliveries (expires_at_ms);
  CREATE TABLE queues (name TEXT PRIMARY KEY, served_turn INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE message_groups (
    queue TEXT NOT NULL, name TEXT NOT NULL, last_turn INTEGER NOT NULL, PRIMARY KEY (queue, name)
  ) WITHOUT ROWID;
  CREATE TABLE messages (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, turn INTEGER NOT NULL,
    body TEXT NOT NULL, trace TEXT, due_ms INTEGER NOT NULL DEFAULT 0,
    receives INTEGER NOT NULL DEFAULT 0, receipt TEXT NOT NULL DEFAULT ''
  );
  CREATE INDEX messages_ready ON messages (queue, turn, sequence) WHERE due_ms = 0;
  CREATE INDEX messages_hidden ON messages (queue, due_ms) WHERE due_ms > 0;
  CREATE TABLE deduplication (
    queue TEXT NOT NULL, id TEXT NOT NULL, expires_at_ms INTEGER NOT NULL, PRIMARY KEY (queue, id)
  ) WITHOUT ROWID;
  CREATE INDEX deduplication_expiring ON deduplication (queue, expires_at_ms);
  CREATE TABLE dead_letters (
    sequence INTEGER PRIMARY KEY, queue TEXT NOT NULL, body TEXT NOT NULL, receives INTEGER NOT NULL,
    code TEXT NOT NULL, message TEXT NOT NULL, at_ms INTEGER NOT NULL
  );
  CREATE INDEX dead_letters_of_queue ON dead_letters (queue, sequence);
  `,
];

function readVersion(database: Database): number {
  database.exec("CREATE TABLE IF NOT EXISTS runs_fleet_schema (version INTEGER NOT NULL)");
  const row = database.prepare("SELECT MAX(version) AS version FROM runs_fleet_schema").get();
  return (row as { readonly version: number | null }).version ?? 0;
}

/**
 * The file has the newest schema. Processes that start together agree: each looks under the lock.
 *
 * @throws A {@link FleetError} `config` when a newer version of this package has changed the file.
 */
export function migrate(database: Database, path: string): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = readVersion(database);
    if (version > migrations.length) {
      throw new FleetError({
        kind: "config",
        message: `Database ${path} has schema version ${version}, newer than ${migrations.length}; update the host`,
      });
    }
    for (const [index, sql] of migrations.entries()) {
      if (index < version) continue;
      database.exec(sql);
      database.prepare("INSERT INTO runs_fleet_schema (version) VALUES (?)").run(index + 1);
    }
    database.exec("COMMIT");
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}
