import { FleetError } from "../ports/failure.ts";
import type { Lease, Write } from "../ports/state-store.ts";

/** What a commit must know of the record that is there. */
export interface Current {
  /** The record itself, neither expired nor deleted. */
  readonly record: { readonly shard: string; readonly version: number };
  /** Epoch under which it was last written. */
  readonly epoch: number;
}

function conflict(write: Write, reason: string, message: string): FleetError {
  return new FleetError({
    kind: "conflict",
    message: `${write.table}/${write.id}: ${message}`,
    details: { table: write.table, id: write.id, reason },
  });
}

/**
 * The condition of one write. An absent or expired record is `undefined`.
 *
 * @throws A {@link FleetError} `conflict` when the record's shard, epoch or version is not as expected.
 */
export function assertExpected(lease: Lease, write: Write, current: Current | undefined): void {
  if (current !== undefined) {
    if (current.record.shard !== write.shard) {
      throw conflict(write, "shard", `the record belongs to shard ${current.record.shard}`);
    }
    if (current.epoch > lease.epoch) {
      throw conflict(
        write,
        "epoch",
        `last written under epoch ${current.epoch}, our lease has epoch ${lease.epoch}`,
      );
    }
  }
  if (write.expected === "any") return;
  if (write.expected === "absent") {
    if (current !== undefined) throw conflict(write, "version", "the record is there already");
    return;
  }
  if (current?.record.version !== write.expected) {
    const found = current === undefined ? "is absent" : `has version ${current.record.version}`;
    throw conflict(write, "version", `expected version ${write.expected}, the record ${found}`);
  }
}

/** The error of a checked commit whose lease is not held. */
export function leaseLost(lease: Lease): FleetError {
  return new FleetError({
    kind: "conflict",
    message: `${lease.owner} no longer holds shard ${lease.shard} with epoch ${lease.epoch}`,
    details: { shard: lease.shard, epoch: lease.epoch, reason: "lease" },
  });
}
