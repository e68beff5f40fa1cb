import type { CancellationReason } from "@aws-sdk/client-dynamodb";
import { FleetError } from "@runs-fleet/core";
import { assertExpected, leaseLost } from "@runs-fleet/core/embedded/rules";
import type { Change } from "./change.ts";
import type { CommitParts } from "./plan-commit.ts";
import { isLive, type RecordHead, readRecordHead } from "./record-item.ts";

/** What a cancelled transaction means for its commit. */
export type CommitVerdict =
  /** It has happened before: an answer was lost. */
  | { readonly kind: "done" }
  /** Someone else won. */
  | { readonly kind: "conflict"; readonly error: FleetError }
  /** A belief was wrong; with these it is tried again. */
  | { readonly kind: "again"; readonly changes: readonly Change[] }
  /** Another transaction was at work on an item; nobody has won. */
  | { readonly kind: "disturbed" }
  /** The failure table knows. */
  | { readonly kind: "other" };

const failed = (reason: CancellationReason | undefined) =>
  reason?.Code === "ConditionalCheckFailed";

/**
 * Judges by the items as they were when their conditions failed.
 *
 * @param reasons - One for each item of the transaction, in its order.
 * @param isRepeat - Whether this commit was sent before, with an outcome that is not known.
 * @throws A {@link FleetError} when an item cannot be read.
 */
export function judgeCancellation(
  parts: CommitParts,
  reasons: readonly CancellationReason[],
  isRepeat: boolean,
): CommitVerdict {
  const { changes, lease, nowMs, stamp } = parts;
  const found = changes.map((change, index): Found | undefined => {
    const reason = reasons[index];
    if (!failed(reason)) return undefined;
    const { table, id } = change.write;
    const head = reason?.Item && readRecordHead(reason.Item, `Record ${table}/${id}`);
    return { change, head };
  });
  // All or nothing: one item that this commit wrote is enough.
  if (found.some((entry) => entry?.head?.commit === stamp.commit)) return { kind: "done" };
  if (failed(reasons.at(-1))) return { kind: "conflict", error: leaseLost(lease) };
  const wrong = found.filter((entry) => entry !== undefined);
  if (isRepeat && isDeletion(changes) && wrong.length > 0 && wrong.every(isDeleted)) {
    // The lease is ours, so nobody else can have deleted them since we sent it first.
    return { kind: "done" };
  }
  for (const { change, head } of wrong) {
    const current = head && isLive(head, nowMs) ? { record: head, epoch: head.epoch } : undefined;
    try {
      assertExpected(lease, { ...change.write, value: null }, current);
    } catch (error) {
      if (FleetError.isInstance(error)) return { kind: "conflict", error };
      throw error;
    }
  }
  if (wrong.length > 0) {
    const learnt = changes.map((change, index) => {
      const entry = found[index];
      return entry ? learn(entry, nowMs) : change;
    });
    return { kind: "again", changes: learnt };
  }
  const codes = new Set(reasons.map(({ Code }) => Code ?? "None"));
  codes.delete("None");
  return codes.size === 1 && codes.has("TransactionConflict")
    ? { kind: "disturbed" }
    : { kind: "other" };
}

/** A change whose condition failed, and the item that was there. */
interface Found {
  readonly change: Change;
  readonly head: RecordHead | undefined;
}

const isDeletion = (changes: readonly Change[]) => changes.every(({ json }) => json === undefined);

const isDeleted = ({ head }: Found) => head === undefined;

/** The change with what the record really is. */
function learn({ change, head }: Found, nowMs: number): Change {
  if (change.json === undefined) return change;
  const isThere = head !== undefined && isLive(head, nowMs);
  const wasOpen = isThere && head.open;
  return change.write.expected === "any"
    ? { ...change, from: isThere ? head.version : "absent", wasOpen }
    : { ...change, wasOpen };
}
