import type { Json, Lease, StateStore, Write } from "@runs-fleet/core";
import { FleetError } from "@runs-fleet/core";
import { createMemoryStore } from "@runs-fleet/core/embedded";
import { createVirtualClock, type VirtualClock } from "@runs-fleet/core/testing";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { openStage, type StoreStage } from "./stage.ts";

let aws: TestAws;
let stage: StoreStage;
let runs = 0;
beforeAll(async () => {
  aws = await openAws();
  stage = await openStage(aws);
});
afterAll(() => aws.close());

const startMs = 1_790_000_000_000;
const shards = ["east", "west"] as const;
const ids = ["a", "b", "c"] as const;
const shard = fc.constantFrom(...shards);
const owner = fc.constantFrom("one", "two");

const write = fc.record({
  table: fc.constantFrom("jobs", "machines"),
  id: fc.constantFrom(...ids),
  open: fc.boolean(),
  expected: fc.oneof(fc.constantFrom("absent", "any"), fc.integer({ min: 1, max: 3 })),
  value: fc.oneof(fc.constant(undefined), fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>),
  expiresInMs: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
});

/** Everything that can be asked of a store, and the passing of time. */
const command = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("acquire" as const),
      shard,
      owner,
      ttlMs: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("renew" as const, "release" as const),
      shard,
      owner,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
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
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      byMs: fc.integer({ min: 1, max: 40 }),
    }),
  },
);

type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** A store with what its users know. */
interface Subject {
  readonly store: StateStore;
  readonly clock: VirtualClock;
  readonly leases: Map<string, Lease>;
  /** Before each name, so that runs do not share records. */
  readonly prefix: string;
}

function subject(make: (clock: VirtualClock) => StateStore, prefix = ""): Subject {
  const clock = createVirtualClock(startMs);
  return { store: make(clock), clock, leases: new Map(), prefix };
}

/**
 * Obeys a command and tells everything that can be seen of it. `isStale`: a later epoch of the shard has begun. Then the reference,
 * which asks of a record that is new nothing about epochs, is told to check the lease as well.
 */
async function obey(to: Subject, step: Command, isStale: boolean): Promise<unknown> {
  const { store, clock, leases, prefix } = to;
  if (step.kind === "pass") return clock.advance(step.byMs);
  const name = prefix + step.shard;
  const key = `${name}/${step.owner}`;
  if (step.kind === "acquire") {
    const taken = await store.leases.acquire(name, step.owner, step.ttlMs);
    if (taken !== undefined) leases.set(key, taken);
    return taken && { ...taken, shard: step.shard };
  }
  const lease = leases.get(key);
  if (lease === undefined) return undefined;
  if (step.kind !== "commit") {
    if (step.kind === "release") return store.leases.release(lease);
    const renewed = await store.leases.renew(lease, 20);
    return renewed && { ...renewed, shard: step.shard };
  }
  const writes = step.writes.map(({ expiresInMs, ...rest }) => ({
    ...rest,
    id: prefix + rest.id,
    shard: name,
    ...(expiresInMs === undefined ? {} : { expiresAtMs: clock.now() + expiresInMs }),
  })) as Write[];
  try {
    await store.commit(lease, writes, { checked: step.checked || isStale });
    return "none";
  } catch (error) {
    if (FleetError.isInstance(error)) return error.kind;
    throw error;
  }
}

/** Everything that is in a store. */
async function look({ store, prefix }: Subject): Promise<unknown> {
  const found: unknown[] = [];
  for (const table of ["jobs", "machines"] as const) {
    for (const id of ids) {
      const record = await store.get(table, prefix + id);
      found.push(record && { ...record, id, shard: record.shard.slice(prefix.length) });
    }
  }
  for (const name of shards) {
    const open: string[] = [];
    for await (const { table, id } of store.load(prefix + name))
      open.push(`${table}/${id.slice(prefix.length)}`);
    found.push(open.sort());
  }
  return found;
}

describe("the store in DynamoDB", () => {
  it("does what the store in memory does, whatever it is told, and fences records that are new as well", async () => {
    const commands = fc.array(command, { minLength: 5, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(commands, async (steps) => {
        runs += 1;
        const memory = subject((clock) => createMemoryStore({ clock }));
        const dynamodb = subject((clock) => stage.store({ clock }), `${runs}.`);
        const newest = new Map<string, number>();
        for (const step of steps) {
          const name = step.kind === "pass" ? "" : step.shard;
          const held =
            step.kind === "commit" ? memory.leases.get(`${name}/${step.owner}`) : undefined;
          const isStale = held !== undefined && held.epoch < (newest.get(name) ?? 0);
          const expected = await obey(memory, step, isStale);
          expect(await obey(dynamodb, step, false)).toEqual(expected);
          if (step.kind !== "acquire" || expected === undefined) continue;
          newest.set(name, Math.max(newest.get(name) ?? 0, (expected as Lease).epoch));
        }
        expect(await look(dynamodb)).toEqual(await look(memory));
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
