import type { Json } from "../../ports/json.ts";
import type { Lease, StateStore, Write } from "../../ports/state-store.ts";

/** The shard of most cases. */
export const shard = "ci/us-east-1";

/** Long enough for any case. */
export const longLeaseMs = 3_600_000;

/** A write of an open job record that must be absent, unless the parts say otherwise. */
export function jobWrite(id: string, parts: Partial<Write> = {}): Write {
  return {
    table: "jobs",
    id,
    shard,
    open: true,
    expected: "absent",
    value: { id } as Json,
    ...parts,
  };
}

/** A lease that must be had. */
export async function take(
  store: StateStore,
  owner = "one",
  ttlMs = longLeaseMs,
  of = shard,
): Promise<Lease> {
  const lease = await store.leases.acquire(of, owner, ttlMs);
  if (lease === undefined) throw new Error(`${owner} did not get the lease of ${of}`);
  return lease;
}

/** A first holder, which may write before it is followed by a second one: answers both leases. */
export async function takeOver(
  store: StateStore,
  before: readonly Write[] = [],
): Promise<{ readonly older: Lease; readonly newer: Lease }> {
  const older = await take(store, "one");
  if (before.length > 0) await store.commit(older, before);
  await store.leases.release(older);
  return { older, newer: await take(store, "two") };
}

/** The version and value of a record, for comparison; `undefined` when it is absent. */
export async function peek(
  store: StateStore,
  id: string,
): Promise<{ readonly version: number; readonly value: Json } | undefined> {
  const record = await store.get("jobs", id);
  return record && { version: record.version, value: record.value };
}
