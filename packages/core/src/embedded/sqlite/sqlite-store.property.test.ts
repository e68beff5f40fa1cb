import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Lease, StateStore, Write } from "../../ports/state-store.ts";
import { collect, failureOf } from "../../testing/contracts/stage.ts";
import { createVirtualClock, type VirtualClock } from "../../testing/virtual-clock.ts";
import { createMemoryStore } from "../memory-store.ts";
import { createSqliteStore } from "./sqlite-store.ts";

const startMs = 1_790_000_000_000;
const shards = ["east", "west"] as const;
let directory = "";
let files = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "runs-fleet-property-"));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

const shard = fc.constantFrom(...shards);
const owner = fc.constantFrom("one", "two");

const write = fc.record({
  table: fc.constantFrom("jobs", "machines"),
  id: fc.constantFrom("a", "b", "c"),
  open: fc.boolean(),
  expected: fc.oneof(fc.constantFrom("absent", "any"), fc.integer({ min: 1, max: 3 })),
  value: fc.oneof(fc.constant(undefined), fc.jsonValue({ maxDepth: 2 })),
  expiresInMs: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
});

/** Everything that can be asked of a store, and the passing of time. */
const command = fc.oneof(
  fc.record({
    kind: fc.constant("acquire" as const),
    shard,
    owner,
    ttlMs: fc.integer({ min: 1, max: 60 }),
  }),
  fc.record({ kind: fc.constantFrom("renew" as const, "release" as const), shard, owner }),
  fc.record({
    kind: fc.constant("commit" as const),
    shard,
    owner,
    checked: fc.boolean(),
    writes: fc.uniqueArray(write, {
      minLength: 1,
      maxLength: 3,
      selector: ({ table, id }) => `${table}/${id}`,
    }),
  }),
  fc.record({ kind: fc.constant("pass" as const), byMs: fc.integer({ min: 1, max: 40 }) }),
);

type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** Obeys a command and tells everything that can be seen of it. */
async function obey(
  store: StateStore,
  clock: VirtualClock,
  leases: Map<string, Lease>,
  step: Command,
): Promise<unknown> {
  if (step.kind === "pass") return clock.advance(step.byMs);
  const key = `${step.shard}/${step.owner}`;
  if (step.kind === "acquire") {
    const lease = await store.leases.acquire(step.shard, step.owner, step.ttlMs);
    if (lease !== undefined) leases.set(key, lease);
    return lease;
  }
  const lease = leases.get(key);
  if (lease === undefined) return undefined;
  if (step.kind !== "commit") {
    return step.kind === "renew" ? store.leases.renew(lease, 20) : store.leases.release(lease);
  }
  const writes = step.writes.map(({ expiresInMs, ...rest }) => ({
    ...rest,
    shard: step.shard,
    ...(expiresInMs === undefined ? {} : { expiresAtMs: clock.now() + expiresInMs }),
  })) as Write[];
  return failureOf(store.commit(lease, writes, { checked: step.checked }));
}

/** Everything that is in a store. */
async function look(store: StateStore): Promise<unknown> {
  const found: unknown[] = [];
  for (const table of ["jobs", "machines"] as const) {
    for (const id of ["a", "b", "c"]) found.push(await store.get(table, id));
  }
  for (const name of shards) {
    const open = await collect(store.load(name));
    found.push(open.map(({ table, id }) => `${table}/${id}`).sort());
  }
  return found;
}

describe("the store on disk", () => {
  it("does what the store in memory does, whatever it is told", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 30 }), async (commands) => {
        files += 1;
        const clocks = [createVirtualClock(startMs), createVirtualClock(startMs)] as const;
        const memory = createMemoryStore({ clock: clocks[0] });
        const path = join(directory, `${files}.db`);
        await using disk = createSqliteStore({ path, clock: clocks[1] });
        const leases = [new Map<string, Lease>(), new Map<string, Lease>()] as const;
        for (const step of commands) {
          const expected = await obey(memory, clocks[0], leases[0], step);
          expect(await obey(disk, clocks[1], leases[1], step)).toEqual(expected);
        }
        expect(await look(disk)).toEqual(await look(memory));
      }),
      { numRuns: 60 },
    );
  });
});
