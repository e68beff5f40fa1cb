import { describe, expect, it } from "vitest";
import { aContext, aMachine, anAssignment, nowMs } from "../../test/fleet/builders.ts";
import { createMemoryStore } from "../embedded/memory-store.ts";
import type { Json } from "../ports/json.ts";
import type { Write } from "../ports/state-store.ts";
import { createLedger } from "./ledger.ts";
import { loadRecords } from "./load-records.ts";
import { resume } from "./resume.ts";

const shard = "ci/us-east-1";

/** What a new controller makes of what the one before it has stored. */
async function takeOver(writes: readonly Omit<Write, "shard" | "open" | "expected">[]) {
  const store = createMemoryStore();
  const lease = await store.leases.acquire(shard, "one", 60_000);
  if (!lease) throw new Error("The lease is free");
  await store.commit(
    lease,
    writes.map((write) => ({ ...write, shard, open: true, expected: "absent" })),
  );
  const records = await loadRecords(
    store,
    lease,
    (stamps) => store.commit(lease, stamps),
    new AbortController().signal,
  );
  return createLedger({ shard, records, now: () => nowMs });
}

const assignmentOf = (id: string): Json => anAssignment(id) as unknown as Json;
const machineOf = (id: string): Json => aMachine(id, { state: "running" }) as unknown as Json;

describe("an assignment that was taken", () => {
  it("goes with its machine, also when a later controller sees the machine's end", async () => {
    const ledger = await takeOver([
      { table: "machines", id: "m", value: machineOf("m") },
      { table: "assignments", id: "m", value: null },
    ]);
    resume(ledger, aContext());
    expect(deletions(ledger)).toEqual([]);
    ledger.dropAssignment("m");
    expect(deletions(ledger)).toEqual(["assignments/m"]);
  });

  it("goes at once when its machine is gone, as one does that nobody has taken", async () => {
    const ledger = await takeOver([
      { table: "assignments", id: "m", value: null },
      { table: "assignments", id: "n", value: assignmentOf("n") },
    ]);
    resume(ledger, aContext());
    expect(deletions(ledger)).toEqual(["assignments/m", "assignments/n"]);
  });
});

function deletions(ledger: ReturnType<typeof createLedger>): readonly string[] {
  return ledger
    .seal()
    .commits.flatMap(({ writes }) => writes)
    .filter(({ value }) => value === undefined)
    .map(({ table, id }) => `${table}/${id}`)
    .sort();
}
