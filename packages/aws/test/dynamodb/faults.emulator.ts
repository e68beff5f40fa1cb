import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { FleetError, Lease, StateStore, Write } from "@runs-fleet/core";
import { expect } from "vitest";
import {
  describeFaultMatrix,
  type Ending,
  type MatrixCase,
} from "../../testing/matrix/fault-matrix.ts";
import { impatient } from "../../testing/matrix/impatient.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { loadedIds, openStage, type StoreStage } from "./stage.ts";

/** What a cell works on: a shard of its own, with a lease and two open records. */
interface Context {
  readonly shard: string;
  /** The store under test, which meets the fault. */
  readonly store: StateStore;
  /** Somebody else, who meets none. */
  readonly other: StateStore;
  readonly lease: Lease;
  write(id: string, rest?: Partial<Write>): Write;
}

const stages = new WeakMap<TestAws, Promise<StoreStage>>();
let shards = 0;

async function prepare(aws: TestAws): Promise<Context> {
  const opening = stages.get(aws) ?? openStage(aws);
  stages.set(aws, opening);
  const stage = await opening;
  shards += 1;
  const shard = `faults-${shards}`;
  const write = (id: string, rest: Partial<Write> = {}): Write => ({
    table: "jobs",
    id: `${shard}/${id}`,
    shard,
    open: true,
    expected: "absent",
    value: { id },
    ...rest,
  });
  const other = stage.store();
  const lease = await other.leases.acquire(shard, "one", 60_000);
  if (lease === undefined) throw new Error("The lease is free");
  await other.commit(lease, [write("a"), write("b")]);
  const store = stage.store({ client: new DynamoDBClient(aws.clientOptions(impatient)) });
  return { shard, store, other, lease, write };
}

/** A case of the matrix; `act` answers what it may answer. */
function operation<T>(
  name: string,
  actions: readonly string[],
  act: (context: Context) => Promise<T>,
  judge: (context: Context, ending: Ending<T>) => Promise<string | undefined>,
): MatrixCase<Context, unknown> {
  return {
    name,
    calls: actions.map((action) => ({ service: "dynamodb", action })),
    prepare,
    act,
    judge: async (context, ending, { fault }) => {
      if (!ending.ok) expect(expected[fault.name] ?? "none").toContain(ending.error.kind);
      return judge(context, ending as Ending<T>);
    },
  };
}

/** What a fault may look like after the SDK's own repetitions; without an entry it is got over. */
const expected: Readonly<Record<string, readonly FleetError["kind"][]>> = {
  "server-error-always": ["unavailable"],
  "unavailable-always": ["unavailable"],
  "throttled-always": ["throttled"],
  "reset-always": ["unavailable"],
  "reply-lost-always": ["unavailable"],
  "no-answer-always": ["unavailable"],
  denied: ["auth"],
  "credentials-expired": ["auth"],
  "set-up-missing": ["config"],
};

const changes = ({ write }: Context) => [
  write("a", { expected: 1, value: "second" }),
  write("b", { expected: 1, value: undefined }),
  write("c"),
];

const full = ({ write }: Context) =>
  Array.from({ length: 99 }, (_, index) => write(`full-${index}`));

/** Whatever came of a commit: repeated, it is done, and it was done once. */
function judgeCommit(writes: (context: Context) => readonly Write[]) {
  return async (context: Context, ending: Ending<unknown>) => {
    const { store, other, lease, shard } = context;
    const version = async (id: string) => (await other.get("jobs", `${shard}/${id}`))?.version;
    const asked = writes(context);
    if (!ending.ok) await store.commit(lease, asked, { checked: true });
    for (const { id, expected: before, value } of asked) {
      const after = value === undefined ? undefined : before === "absent" ? 1 : Number(before) + 1;
      expect([id, (await other.get("jobs", id))?.version]).toEqual([id, after]);
    }
    expect(await version("a")).toBe(asked.some(({ id }) => id === `${shard}/a`) ? 2 : 1);
    const open = asked.filter(({ value }) => value !== undefined).map(({ id }) => id);
    expect(await loadedIds(other, shard)).toEqual(expect.arrayContaining(open));
    return ending.ok ? undefined : "done when repeated";
  };
}

describeFaultMatrix<Context, unknown>({ title: "DynamoDB, the store", open: openAws }, [
  operation(
    "commit",
    ["TransactWriteItems"],
    (context) => context.store.commit(context.lease, changes(context), { checked: true }),
    judgeCommit(changes),
  ),
  operation(
    "commit 99",
    ["PutItem"],
    (context) => context.store.commit(context.lease, full(context), { checked: true }),
    judgeCommit(full),
  ),
  operation(
    "acquire",
    ["GetItem", "UpdateItem"],
    ({ store, shard }) => store.leases.acquire(`${shard}/new`, "one", 60_000),
    async ({ store, other, shard }, ending) => {
      if (ending.ok) expect(ending.value).toMatchObject({ owner: "one", epoch: 1 });
      const again = await store.leases.acquire(`${shard}/new`, "one", 60_000);
      expect(again).toMatchObject({ owner: "one", epoch: 1 });
      expect(await other.leases.acquire(`${shard}/new`, "two", 60_000)).toBe(undefined);
      return undefined;
    },
  ),
  operation(
    "renew",
    ["UpdateItem"],
    ({ store, lease }) => store.leases.renew(lease, 90_000),
    async ({ other, lease, shard }, ending) => {
      if (ending.ok) expect(ending.value).toMatchObject({ owner: "one", epoch: 1 });
      expect(await other.leases.acquire(shard, "two", 60_000)).toBe(undefined);
      expect(await other.leases.renew(lease, 90_000)).toMatchObject({ owner: "one", epoch: 1 });
      return undefined;
    },
  ),
  operation(
    "release",
    ["UpdateItem"],
    ({ store, lease }) => store.leases.release(lease),
    async ({ store, other, lease, shard }, ending) => {
      if (!ending.ok) await store.leases.release(lease);
      expect(await other.leases.acquire(shard, "two", 60_000)).toMatchObject({ epoch: 2 });
      return undefined;
    },
  ),
  operation(
    "load",
    ["Query", "BatchGetItem"],
    ({ store, shard }) => loadedIds(store, shard),
    async ({ shard }, ending) => {
      if (ending.ok) expect(ending.value).toEqual([`${shard}/a`, `${shard}/b`]);
      return undefined;
    },
  ),
  operation(
    "get",
    ["GetItem"],
    ({ store, shard }) => store.get("jobs", `${shard}/a`),
    async ({ write }, ending) => {
      const { table, id, shard, open, value } = write("a");
      const record = { table, id, shard, open, value, version: 1 };
      if (ending.ok) expect(ending.value).toEqual(record);
      return undefined;
    },
  ),
  operation(
    "mark",
    ["PutItem"],
    ({ store, shard }) => store.deliveries.mark(shard),
    async ({ other, shard }, ending) => {
      if (ending.ok) expect(await other.deliveries.seen(shard)).toBe(true);
      return undefined;
    },
  ),
  operation(
    "seen",
    ["GetItem"],
    ({ store, shard }) => store.deliveries.seen(shard),
    async (_, ending) => {
      if (ending.ok) expect(ending.value).toBe(false);
      return undefined;
    },
  ),
]);
