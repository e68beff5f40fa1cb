import type { Lease, Write } from "@runs-fleet/core";
import { describe, expect, it } from "vitest";
import type { Item } from "./attribute.ts";
import { type Change, changeOf } from "./change.ts";
import { judgeCancellation } from "./judge-cancellation.ts";
import { recordItem } from "./record-item.ts";
import { createRecordKeys } from "./record-keys.ts";

const keys = createRecordKeys("t-", "");
const lease: Lease = { shard: "ci/us-east-1", owner: "one", epoch: 7, expiresAtMs: 9_000 };
const stamp = { commit: "ours", writer: "host" };
const nowMs = 1_000;

function write(rest: Partial<Write> = {}): Write {
  const { shard } = lease;
  return { table: "jobs", id: "a", shard, open: true, expected: 3, value: "new", ...rest };
}

/** The item that is there: version 3 of the present epoch, open, of another commit, unless said otherwise. */
function item(
  rest: { version?: number; open?: boolean; shard?: string; expiresAtMs?: number } = {},
  { epoch = 7, commit = "another" } = {},
): Item {
  const record = { table: "jobs", id: "a", shard: lease.shard, open: true, version: 3 } as const;
  return recordItem({ ...record, ...rest, json: "null" }, epoch, { ...stamp, commit }, keys);
}

const none = { Code: "None" };
const failed = (found?: Item) => ({
  Code: "ConditionalCheckFailed",
  ...(found === undefined ? {} : { Item: found }),
});

function judge(
  changes: readonly Change[],
  reasons: readonly { readonly Code: string; readonly Item?: Item }[],
  isRepeat = false,
) {
  const parts = { changes, lease, checked: false, nowMs, stamp, tablePrefix: "t-", keys };
  return judgeCancellation(parts, reasons, isRepeat);
}

const judgeOne = (rest: Partial<Write>, found?: Item, isRepeat = false) =>
  judge([changeOf(write(rest))], [failed(found), none], isRepeat);

describe("a cancelled transaction", () => {
  it("was done before when an item is of this very commit", () => {
    const ours = item({ version: 4 }, { commit: "ours" });
    expect(judgeOne({}, ours)).toEqual({ kind: "done" });
    const both = [changeOf(write()), changeOf(write({ id: "b", value: undefined }))];
    expect(judge(both, [failed(ours), failed(), none])).toEqual({ kind: "done" });
    // Even if the lease was lost since: it has happened.
    expect(judge(both, [failed(ours), failed(), failed()])).toEqual({ kind: "done" });
  });

  it("is lost when the lease is", () => {
    const verdict = judge([changeOf(write())], [none, failed()]);
    expect(verdict).toMatchObject({
      kind: "conflict",
      error: { kind: "conflict", retryable: false, details: { reason: "lease" } },
    });
  });

  it.each([
    ["version", { expected: 2 }, item()],
    ["version", { expected: 2 }, undefined],
    ["version", { expected: 3 }, item({ expiresAtMs: nowMs })],
    ["version", { expected: "absent" }, item()],
    ["epoch", {}, item({}, { epoch: 8 })],
    ["epoch", { expected: "any" }, item({}, { epoch: 8 })],
    ["shard", {}, item({ shard: "ci/eu-west-1" })],
    ["shard", { expected: "any", value: undefined }, item({ shard: "ci/eu-west-1" })],
  ] as const)("is lost by the %s of a record, write %j", (reason, rest, found) => {
    expect(judgeOne(rest, found)).toMatchObject({
      kind: "conflict",
      error: { kind: "conflict", details: { table: "jobs", id: "a", reason } },
    });
  });

  it("is tried again with the version that is there when any will do", () => {
    expect(judgeOne({ expected: "any" }, item({ version: 5, open: false }))).toMatchObject({
      kind: "again",
      changes: [{ from: 5, wasOpen: false }],
    });
  });

  it("is tried again, and noted as an opening, when the record turns out to be closed", () => {
    expect(judgeOne({}, item({ open: false }))).toMatchObject({
      kind: "again",
      changes: [{ from: 3, wasOpen: false }],
    });
  });

  it("leaves other changes as they were believed when it learns of one", () => {
    const changes = [changeOf(write({ expected: "any" })), changeOf(write({ id: "b" }))];
    const verdict = judge(changes, [failed(item()), none, none]);
    expect(verdict).toMatchObject({ kind: "again", changes: [{ from: 3 }, changes[1]] });
  });

  it("is lost when one record conflicts and another could be learnt", () => {
    const changes = [changeOf(write({ expected: "any" })), changeOf(write({ id: "b" }))];
    expect(judge(changes, [failed(item()), failed(), none]).kind).toBe("conflict");
  });

  it("of deletions was done before when it is a repetition and nothing is there", () => {
    const deletion = { value: undefined };
    expect(judgeOne(deletion, undefined, true)).toEqual({ kind: "done" });
    expect(judgeOne(deletion, undefined, false).kind).toBe("conflict");
    expect(judgeOne(deletion, item({ version: 4 }), true).kind).toBe("conflict");
    const changes = [changeOf(write(deletion))];
    expect(judge(changes, [failed(), failed()], true).kind).toBe("conflict");
    const mixed = [...changes, changeOf(write({ id: "b", expected: "absent" }))];
    expect(judge(mixed, [failed(), none, none], true).kind).toBe("conflict");
  });

  it("has met another one when that is all that is wrong", () => {
    const met = { Code: "TransactionConflict" };
    const changes = [changeOf(write()), changeOf(write({ id: "b" }))];
    expect(judge(changes, [none, met, none])).toEqual({ kind: "disturbed" });
    expect(judge(changes, [none, met, met])).toEqual({ kind: "disturbed" });
    expect(judge(changes, [failed(), met, none]).kind).toBe("conflict");
  });

  it("is for the table of failures otherwise", () => {
    const changes = [changeOf(write())];
    for (const Code of ["ThrottlingError", "ValidationError", "ProvisionedThroughputExceeded"]) {
      expect(judge(changes, [{ Code }, none])).toEqual({ kind: "other" });
    }
    expect(
      judge(changes, [none, { Code: "TransactionConflict" }, { Code: "ThrottlingError" }]),
    ).toEqual({
      kind: "other",
    });
    expect(judge(changes, [])).toEqual({ kind: "other" });
  });
});
