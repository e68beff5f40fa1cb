import type { Lease, Write } from "@runs-fleet/core";
import { copyJson, maxValueBytes } from "@runs-fleet/core/embedded/rules";
import { count, text } from "./attribute.ts";
import { all, type Condition, compared, either, exists, missing } from "./condition.ts";
import type { RecordAttribute } from "./record-item.ts";

/** One write of a commit, with what is believed of the record that is there. DynamoDB tells when the belief is wrong. */
export interface Change {
  /** What was asked for. Its value is in {@link Change.json}. */
  readonly write: Omit<Write, "value">;
  /** The new value as JSON; `undefined` deletes. */
  readonly json: string | undefined;
  /** The version that the record has; `any` only for deletions, which need not know. */
  readonly from: number | "absent" | "any";
  /** Whether the record is open already. */
  readonly wasOpen: boolean;
}

/**
 * A write with what is likely: that a record whose version is known is open, and that one of any version is not there.
 *
 * @throws A TypeError for a value that is no JSON, a RangeError for one that is too large.
 */
export function changeOf({ value, ...write }: Write): Change {
  const json = value === undefined ? undefined : JSON.stringify(copyJson(value, maxValueBytes));
  const { expected } = write;
  const from = expected === "any" && json !== undefined ? "absent" : expected;
  return { write, json, from, wasOpen: typeof from === "number" };
}

/** Whether the record is open after the change and was not before: the index does not have it at once. */
export function opens({ write, json, wasOpen }: Change): boolean {
  return json !== undefined && write.open && !wasOpen;
}

/** Versions begin at 1 and grow by 1. */
export function versionAfter({ from }: Change): number {
  return typeof from === "number" ? from + 1 : 1;
}

/** What must hold of the record that is there. One that has expired counts as absent, cleared away or not. */
export function conditionOf(
  change: Change,
  lease: Lease,
  nowMs: number,
): Condition<RecordAttribute> {
  const { write, json, from, wasOpen } = change;
  const isGone = either<RecordAttribute>(
    missing("id"),
    compared("expiresAtMs", "<=", count(nowMs)),
  );
  if (from === "absent") return isGone;
  const isOurs = [
    compared<RecordAttribute>("shard", "=", text(write.shard)),
    compared<RecordAttribute>("epoch", "<=", count(lease.epoch)),
  ];
  if (from === "any") return either(isGone, all(...isOurs));
  return all(
    compared("version", "=", count(from)),
    ...isOurs,
    either(missing("expiresAtMs"), compared("expiresAtMs", ">", count(nowMs))),
    ...(json !== undefined && write.open && wasOpen ? [exists<RecordAttribute>("openShard")] : []),
  );
}
