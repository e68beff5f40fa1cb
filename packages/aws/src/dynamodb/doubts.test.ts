import type { Lease, Write } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import { changeOf } from "./change.ts";
import { createDoubts, fingerprintOf } from "./doubts.ts";

const lease: Lease = { shard: "s", owner: "one", epoch: 1, expiresAtMs: 5 };
const write: Write = { table: "jobs", id: "a", shard: "s", open: true, expected: 1, value: [1] };

describe("doubts", () => {
  it("give an id to the one who tries the same commit again, once", () => {
    const doubts = createDoubts();
    doubts.put("commit", "id");
    expect(doubts.take("other")).toBe(undefined);
    expect(doubts.take("commit")).toBe("id");
    expect(doubts.take("commit")).toBe(undefined);
  });

  it("are forgotten, the oldest first, when there are too many", () => {
    const doubts = createDoubts();
    for (let index = 0; index < 65; index += 1) doubts.put(`commit-${index}`, `id-${index}`);
    expect(doubts.take("commit-0")).toBe(undefined);
    expect(doubts.take("commit-1")).toBe("id-1");
    expect(doubts.take("commit-64")).toBe("id-64");
  });

  it("tell commits apart by everything that they do", () => {
    const others: readonly [Lease, readonly Write[]][] = [
      [lease, [write]],
      [{ ...lease, epoch: 2 }, [write]],
      [{ ...lease, owner: "two" }, [write]],
      [lease, [{ ...write, table: "machines" }]],
      [lease, [{ ...write, id: "b" }]],
      [lease, [{ ...write, open: false }]],
      [lease, [{ ...write, expected: 2 }]],
      [lease, [{ ...write, value: [2] }]],
      [lease, [{ ...write, value: undefined }]],
      [lease, [{ ...write, expiresAtMs: 9 }]],
      [lease, [write, { ...write, id: "b" }]],
    ];
    const prints = others.map(([under, writes]) => fingerprintOf(under, writes.map(changeOf)));
    expect(new Set(prints).size).toBe(others.length);
    // A renewal of the lease in between makes no other commit of it.
    const renewed = fingerprintOf({ ...lease, expiresAtMs: 99 }, [changeOf(write)]);
    expect(renewed).toBe(prints[0]);
  });
});
