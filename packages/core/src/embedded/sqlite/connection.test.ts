import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createConnection, type Prepare } from "./connection.ts";
import { isBusy, translate } from "./errors.ts";
import { openLibsql } from "./libsql.ts";
import { resolveOptions } from "./options.ts";

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "runs-fleet-connection-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const path = () => join(directory, "state", "deep", "fleet.db");

function connect(at = path(), durability: "process" | "power" = "process", lockTimeoutMs = 5_000) {
  return createConnection(resolveOptions({ path: at, durability, lockTimeoutMs }));
}

const insert = (id: string) => (prepare: Prepare) =>
  prepare("INSERT INTO deliveries (id, expires_at_ms) VALUES (?, 1)").run(id);

async function idsOf(connection: ReturnType<typeof connect>): Promise<unknown[]> {
  const rows = await connection.read((prepare) =>
    prepare("SELECT id FROM deliveries ORDER BY id").all(),
  );
  return rows.map((row) => (row as { id: string }).id);
}

/** The kind of failure of a first query. */
async function failureOf(at: string): Promise<unknown> {
  await using connection = connect(at);
  return connection.read(() => "none").catch((error: { kind?: string }) => error.kind);
}

describe("a connection to a database file", () => {
  it("creates the file and its directory for their owner alone", async () => {
    await using connection = connect();
    await connection.write(insert("a"));
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect((await stat(`${path()}-wal`)).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, "state", "deep"))).mode & 0o777).toBe(0o700);
  });

  it.each([
    ["process", 1],
    ["power", 2],
  ] as const)("keeps a write-ahead log, flushed for durability %s", async (durability, level) => {
    await using connection = connect(path(), durability);
    const settings = await connection.read((prepare) => [
      prepare("PRAGMA journal_mode").get(),
      prepare("PRAGMA synchronous").get(),
    ]);
    expect(settings).toMatchObject([{ journal_mode: "wal" }, { synchronous: level }]);
  });

  it("puts changes of one moment into one transaction, which a failure of SQLite undoes", async () => {
    await using connection = connect();
    await connection.write(insert("there"));
    const together = [insert("a"), insert("there"), insert("b")].map((change) =>
      connection.write(change),
    );
    const ends = await Promise.allSettled(together);
    expect(ends.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await idsOf(connection)).toEqual(["there"]);
  });

  it("keeps the other changes of a transaction when one of them refuses or is cancelled", async () => {
    await using connection = connect();
    await connection.read(() => undefined);
    const controller = new AbortController();
    const refuse = () => {
      throw new RangeError("refused");
    };
    const together = [
      connection.write(insert("a")),
      connection.write(refuse),
      connection.write(insert("cancelled"), controller.signal),
      connection.write(insert("b")),
    ];
    const ends = Promise.allSettled(together);
    await Promise.resolve();
    controller.abort("enough");
    const told = (await ends).map((end) => (end.status === "rejected" ? end.reason : "kept"));
    expect(told).toEqual(["kept", new RangeError("refused"), "enough", "kept"]);
    expect(await idsOf(connection)).toEqual(["a", "b"]);
  });

  it("waits for a lock, and says unavailable when it does not come free", async () => {
    await using patient = connect();
    await using hasty = connect(path(), "process", 50);
    await patient.write(insert("first"));
    const other = await openLibsql(path(), 0);
    other.exec("BEGIN IMMEDIATE");
    const waiting = patient.write(insert("patient"));
    // Reading needs no lock, and opening an existing file neither writes nor waits for long.
    expect(await idsOf(patient)).toEqual(["first"]);
    const refused = hasty.write(insert("hasty"));
    await expect(refused).rejects.toMatchObject({ kind: "unavailable", retryable: true });
    other.exec("COMMIT");
    await waiting;
    other.close();
    expect(await idsOf(patient)).toEqual(["first", "patient"]);
  });

  it("says config when the file is not a database, a directory, or under a file", async () => {
    await writeFile(join(directory, "text"), "no database ".repeat(1_000));
    expect(await failureOf(join(directory, "text"))).toBe("config");
    await mkdir(join(directory, "folder"));
    expect(await failureOf(join(directory, "folder"))).toBe("config");
    expect(await failureOf(join(directory, "text", "below", "fleet.db"))).toBe("config");
  });

  it("says config when a newer version wrote the file, and leaves it alone", async () => {
    {
      await using connection = connect();
      await connection.write((prepare) =>
        prepare("INSERT INTO runs_fleet_schema (version) VALUES (99)").run(),
      );
    }
    expect(await failureOf(path())).toBe("config");
  });

  it("opens later what could not be opened at first", async () => {
    const at = join(directory, "later", "fleet.db");
    await writeFile(join(directory, "later"), "in the way");
    await using connection = connect(at);
    await expect(connection.read(() => 1)).rejects.toMatchObject({ kind: "config" });
    await rm(join(directory, "later"));
    expect(await connection.read(() => 1)).toBe(1);
  });

  it("survives damage with a failure that says what to do", async () => {
    {
      await using connection = connect();
      for (let index = 0; index < 200; index += 1) {
        await connection.write(insert(String(index).padStart(500, "x")));
      }
    }
    const { size } = await stat(path());
    await writeFile(path(), Buffer.alloc(size - 4_096, 0x5a), { flag: "r+", flush: true });
    expect(await failureOf(path())).toBe("config");
  });
});

describe("failures of SQLite", () => {
  it("are unavailable when the disk is full", async () => {
    const database = await openLibsql(join(directory, "small.db"), 0);
    database.exec("PRAGMA max_page_count = 4");
    database.exec("CREATE TABLE t (a TEXT)");
    let failure: unknown;
    try {
      for (let index = 0; index < 100; index += 1) {
        database.prepare("INSERT INTO t (a) VALUES (?)").run("x".repeat(4_000));
      }
    } catch (error) {
      failure = translate(error, "small.db");
    }
    database.close();
    expect(failure).toMatchObject({ kind: "unavailable", details: { code: "SQLITE_FULL" } });
  });

  it("are config when the file cannot be written", async () => {
    const at = join(directory, "readonly.db");
    const database = await openLibsql(at, 0);
    database.exec("CREATE TABLE t (a TEXT)");
    database.exec("PRAGMA query_only = ON");
    let failure: unknown;
    try {
      database.exec("INSERT INTO t (a) VALUES (1)");
    } catch (error) {
      failure = translate(error, at);
    }
    database.close();
    expect(failure).toMatchObject({ kind: "config", retryable: false });
  });

  it("keep their cause, and leave other errors as they are", () => {
    const denied = Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
    expect(translate(denied, "x.db")).toMatchObject({ kind: "config", cause: denied });
    const odd = Object.assign(new Error("odd"), { code: "SQLITE_ERROR" });
    expect(translate(odd, "x.db")).toMatchObject({ kind: "unknown", cause: odd });
    const mistake = new TypeError("mistake");
    expect(translate(mistake, "x.db")).toBe(mistake);
    expect(translate("text", "x.db")).toBe("text");
    expect(isBusy(mistake)).toBe(false);
  });
});
