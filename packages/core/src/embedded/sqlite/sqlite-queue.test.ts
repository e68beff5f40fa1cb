import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../ports/json.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { parseAgentEvent } from "../../wire/index.ts";
import { createSqliteQueue } from "./sqlite-queue.ts";

const startMs = 1_790_000_000_000;
const now = { max: 10, waitMs: 0, visibilityMs: 1_000 };
let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "runs-fleet-queue-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

const path = () => join(directory, "fleet.db");
const anyBody = (body: unknown) => body as Json;

describe("the queue on disk", () => {
  it("makes a dead letter of a body that it cannot parse, and delivers the others", async () => {
    const clock = createVirtualClock(startMs);
    await using raw = createSqliteQueue({ path: path(), clock, name: "reports", parse: anyBody });
    await using typed = createSqliteQueue({
      path: path(),
      clock,
      name: "reports",
      parse: parseAgentEvent,
    });
    const event = { id: "1", machineId: "m", atMs: startMs, sequence: 1, kind: "ready" } as const;
    await raw.send([{ body: { secret: "s3cret" } }, { body: event }, { body: null }]);
    expect((await typed.receive({ ...now, max: 1 })).map(({ body }) => body)).toEqual([event]);
    expect(await typed.receive(now)).toEqual([]);
    const cause = { code: "config", message: "The body is not what this queue carries" };
    expect(await typed.deadLetters()).toEqual([
      { id: "m1", body: { secret: "s3cret" }, attempts: 0, atMs: startMs, cause },
      { id: "m3", body: null, attempts: 0, atMs: startMs, cause },
    ]);
  });

  it("makes a dead letter when the parser throws, and quotes nothing of the body", async () => {
    await using queue = createSqliteQueue<never>({
      path: path(),
      name: "reports",
      parse: (body) => {
        throw new TypeError(`bad: ${JSON.stringify(body)}`);
      },
    });
    await queue.send([{ body: "s3cret" as never }]);
    expect(await queue.receive(now)).toEqual([]);
    const [letter] = await queue.deadLetters();
    expect(JSON.stringify(letter?.cause)).not.toContain("s3cret");
    expect(letter?.cause.code).toBe("config");
  });

  it("keeps the queues of one file apart", async () => {
    await using jobs = createSqliteQueue({ path: path(), name: "jobs", parse: anyBody });
    await using reports = createSqliteQueue({ path: path(), name: "reports", parse: anyBody });
    await jobs.send([{ body: "job", deduplicationId: "1" }]);
    await reports.send([{ body: "report", deduplicationId: "1" }]);
    const received = await reports.receive(now);
    expect(received.map(({ body }) => body)).toEqual(["report"]);
    await jobs.acknowledge(received);
    expect((await jobs.receive(now)).map(({ body }) => body)).toEqual(["job"]);
  });

  it("keeps messages when it is closed and opened again", async () => {
    const options = { path: path(), name: "jobs", parse: anyBody };
    const trace = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
    {
      await using queue = createSqliteQueue(options);
      await queue.send([{ body: "message", trace }]);
    }
    await using queue = createSqliteQueue(options);
    expect(await queue.receive(now)).toMatchObject([{ body: "message", attempt: 1, trace }]);
  });

  it("finishes what is being sent before it closes, and takes nothing afterwards", async () => {
    const options = { path: path(), name: "jobs", parse: anyBody };
    const first = createSqliteQueue(options);
    await first.deadLetters();
    const sending = Promise.all([1, 2, 3].map((body) => first.send([{ body }])));
    await first[Symbol.asyncDispose]();
    expect(await sending).toEqual([[{ ok: true }], [{ ok: true }], [{ ok: true }]]);
    await expect(first.receive(now)).rejects.toMatchObject({ kind: "config" });
    expect(await first.send([{ body: 4 }])).toMatchObject([{ ok: false }]);
    await first[Symbol.asyncDispose]();
    await using second = createSqliteQueue(options);
    expect((await second.receive(now)).map(({ body }) => body)).toEqual([1, 2, 3]);
  });

  it("ends a waiting receive when it is closed", async () => {
    const clock = createVirtualClock(startMs);
    const queue = createSqliteQueue({ path: path(), clock, name: "jobs", parse: anyBody });
    await queue.deadLetters();
    const waiting = queue.receive({ ...now, waitMs: 20_000 });
    const ended = expect(waiting).rejects.toMatchObject({ kind: "config" });
    await clock.advance(10);
    await queue[Symbol.asyncDispose]();
    await ended;
  });

  it("sees what another connection sends within 100 ms", async () => {
    const clock = createVirtualClock(startMs);
    const options = { path: path(), clock, name: "jobs", parse: anyBody };
    await using here = createSqliteQueue(options);
    await using there = createSqliteQueue(options);
    await here.deadLetters();
    const waiting = here.receive({ ...now, waitMs: 20_000 });
    await clock.advance(5_000);
    await there.send([{ body: "news" }]);
    await clock.advance(100);
    expect((await waiting).map(({ body }) => body)).toEqual(["news"]);
    expect(clock.now()).toBe(startMs + 5_100);
  });

  it("refuses bad options before it touches the disk", () => {
    const options = { path: path(), name: "jobs", parse: anyBody };
    expect(() => createSqliteQueue({ ...options, path: "" })).toThrow(TypeError);
    expect(() => createSqliteQueue({ ...options, path: ":memory:" })).toThrow(TypeError);
    expect(() => createSqliteQueue({ ...options, durability: "none" as never })).toThrow(TypeError);
    expect(() => createSqliteQueue({ ...options, lockTimeoutMs: -1 })).toThrow(RangeError);
    expect(() => createSqliteQueue({ ...options, name: "" })).toThrow(RangeError);
    expect(() => createSqliteQueue({ ...options, maxReceives: 0 })).toThrow(RangeError);
  });
});
