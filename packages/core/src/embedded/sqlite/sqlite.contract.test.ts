import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../../ports/json.ts";
import { describeMessageQueueContract } from "../../testing/contracts/message-queue.ts";
import { describeStateStoreContract } from "../../testing/contracts/state-store.ts";
import { createSqliteQueue } from "./sqlite-queue.ts";
import { createSqliteStore } from "./sqlite-store.ts";

const api = { describe, it, expect };
let directory = "";
let files = 0;

/** A file of its own for each case. */
function newPath(): string {
  files += 1;
  return join(directory, `case-${files}`, "fleet.db");
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "runs-fleet-sqlite-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

// The durability is one setting of SQLite's: what it promises is put to the test by killed processes.
describeStateStoreContract({
  api,
  async create({ clock }) {
    const store = createSqliteStore({ path: newPath(), clock });
    // Opening a file takes real time, which a virtual clock does not wait for.
    await store.get("jobs", "first use");
    return store;
  },
  traits: { concurrent: true },
});

describeMessageQueueContract({
  api,
  async create({ clock }) {
    const queue = createSqliteQueue<Json>({
      path: newPath(),
      clock,
      name: "jobs",
      // Every body of the suite is JSON, and may be null.
      parse: (body) => body as Json,
    });
    await queue.deadLetters();
    return queue;
  },
  traits: { concurrent: true, fair: true, deduplicates: true },
});
