import { type ChildProcess, spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "tsup";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../ports/system-clock.ts";
import { collect } from "../../testing/contracts/stage.ts";
import { createSeededEntropy } from "../../testing/seeded-entropy.ts";
import { createSqliteQueue } from "./sqlite-queue.ts";
import { createSqliteStore } from "./sqlite-store.ts";

const here = dirname(fileURLToPath(import.meta.url));

/** What the other processes do; each line that they write is something that they were promised. */
const program = `
import { writeSync } from "node:fs";
import { createSqliteQueue, createSqliteStore } from "${join(here, "index.ts")}";

const [task, path, name, durability] = process.argv.slice(2);
const tell = (line) => writeSync(1, line + "\\n");
const store = createSqliteStore({ path, durability });
const queue = createSqliteQueue({ path, durability, name: "jobs", parse: (body) => body });
const record = { table: "jobs", shard: name, open: true };

const tasks = {
  async open() {
    await store.get("jobs", "any").then(() => tell("opened"), (error) => tell(error.kind + " " + error.message));
  },
  async send() {
    await queue.send([{ body: name }]);
    tell("sent");
  },
  async write() {
    const lease = await store.leases.acquire(name, name, 3_600_000);
    const one = async (lane) => {
      for (let index = 0; ; index += 1) {
        const id = [name, lane, index].join("-");
        await queue.send([{ body: id }]);
        tell("sent " + id);
        await store.commit(lease, [{ ...record, id, expected: "absent", value: id }], { checked: lane === 0 });
        tell("stored " + id);
      }
    };
    await Promise.all([0, 1, 2, 3].map(one));
  },
  async count() {
    let counted = 0;
    while (counted < 100) {
      const lease = await store.leases.acquire("shared", name, 50);
      if (lease === undefined) continue;
      const counter = await store.get("jobs", "counter");
      const value = (counter?.value ?? 0) + 1;
      const expected = counter?.version ?? "absent";
      const write = { ...record, shard: "shared", id: "counter", expected, value };
      try {
        await store.commit(lease, [write], { checked: true });
        counted += 1;
        tell(lease.epoch + " " + value);
      } catch (error) {
        if (error.kind !== "conflict") throw error;
      }
      if (counted % 10 === 0) await store.leases.release(lease);
    }
  },
};
await tasks[task]();
`;

let directory = "";
/** The program beside a package of libsql, and without one. */
let script = "";
let loneScript = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "runs-fleet-processes-"));
  const source = join(directory, "program.ts");
  await writeFile(source, program);
  await build({
    entry: { program: source },
    outDir: join(directory, "lone"),
    outExtension: () => ({ js: ".mjs" }),
    format: "esm",
    target: "node20",
    external: ["libsql"],
    config: false,
    silent: true,
    esbuildOptions: (options) => {
      options.conditions = ["@runs-fleet/source"];
    },
  });
  loneScript = join(directory, "lone", "program.mjs");
  script = join(directory, "host", "program.mjs");
  await mkdir(join(directory, "host"));
  await copyFile(loneScript, script);
  const packages = join(here, "..", "..", "..", "node_modules");
  await symlink(packages, join(directory, "host", "node_modules"));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly lines: string[];
  readonly ended: Promise<void>;
}

/** Starts a process; the lines that it wrote are complete once it has ended. */
function start(file: string, ...task: readonly string[]): Running {
  const child = spawn(process.execPath, [file, ...task], { stdio: ["ignore", "pipe", "inherit"] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(line));
  const ended = Promise.all([
    new Promise((resolve) => reader.once("close", resolve)),
    new Promise((resolve) => child.once("exit", resolve)),
  ]).then(() => undefined);
  return { child, lines, ended };
}

async function untilLines({ lines }: Running, count: number): Promise<void> {
  while (lines.length < count) await systemClock.sleep(5);
}

describe("processes on one database file", () => {
  it("say what to do when libsql is not installed", async () => {
    const path = join(directory, "absent.db");
    const lone = start(loneScript, "open", path, "name", "process");
    await lone.ended;
    expect(lone.lines).toEqual([
      "config The package libsql cannot be loaded; install it beside @runs-fleet/core",
    ]);
  });

  it.each(["process", "power"] as const)(
    "lose nothing that was acknowledged when they are killed (durability %s)",
    { timeout: 60_000 },
    async (durability) => {
      const path = join(directory, `killed-${durability}.db`);
      const entropy = createSeededEntropy(durability === "power" ? 1 : 2);
      const promised: string[] = [];
      for (let round = 0; round < 4; round += 1) {
        const names = [`first-${round}`, `second-${round}`];
        const writers = names.map((name) => start(script, "write", path, name, durability));
        for (const writer of writers) {
          await untilLines(writer, 20 + Math.floor(entropy.random() * 200));
          writer.child.kill("SIGKILL");
        }
        for (const writer of writers) {
          await writer.ended;
          promised.push(...writer.lines);
        }
      }
      await using store = createSqliteStore({ path });
      await using queue = createSqliteQueue({
        path,
        name: "jobs",
        parse: (body) => String(body),
      });
      const sent = new Map<string, number>();
      for (;;) {
        const batch = await queue.receive({ max: 100, waitMs: 0, visibilityMs: 600_000 });
        if (batch.length === 0) break;
        for (const { body } of batch) sent.set(body, (sent.get(body) ?? 0) + 1);
      }
      const stored = new Set<string>();
      for (const shard of new Set(promised.map((line) => (line.match(/ (\w+-\d)/u) ?? [])[1]))) {
        if (shard === undefined) continue;
        for (const { id, value } of await collect(store.load(shard))) {
          expect(value).toBe(id);
          stored.add(id);
        }
      }
      const lost = promised.filter((line) => {
        const [verb, id = ""] = line.split(" ");
        return verb === "sent" ? sent.get(id) !== 1 : !stored.has(id);
      });
      expect(promised.length).toBeGreaterThan(160);
      expect(lost).toEqual([]);
      expect([...sent.values()].every((count) => count === 1)).toBe(true);
    },
  );

  it("take turns under leases and lose no update", { timeout: 60_000 }, async () => {
    const path = join(directory, "shared.db");
    const counters = ["one", "two", "three"].map((name) =>
      start(script, "count", path, name, "process"),
    );
    for (const counter of counters) await counter.ended;
    const steps = counters.flatMap(({ lines }) =>
      lines.map((line) => line.split(" ").map(Number) as [epoch: number, value: number]),
    );
    steps.sort(([, left], [, right]) => left - right);
    expect(steps.map(([, value]) => value)).toEqual(
      Array.from({ length: 300 }, (_, index) => index + 1),
    );
    const epochs = steps.map(([epoch]) => epoch);
    expect(epochs).toEqual([...epochs].sort((left, right) => left - right));
    await using store = createSqliteStore({ path });
    expect(await store.get("jobs", "counter")).toMatchObject({ version: 300, value: 300 });
  });

  it("hear of each other's messages while they wait", { timeout: 30_000 }, async () => {
    const path = join(directory, "news.db");
    await using queue = createSqliteQueue({ path, name: "jobs", parse: (body) => String(body) });
    const waiting = queue.receive({ max: 1, waitMs: 20_000, visibilityMs: 1_000 });
    const sender = start(script, "send", path, "news", "process");
    expect((await waiting).map(({ body }) => body)).toEqual(["news"]);
    await sender.ended;
    expect(sender.lines).toEqual(["sent"]);
  });
});
