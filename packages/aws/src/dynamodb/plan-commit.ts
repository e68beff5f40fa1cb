import type { TransactWriteItem } from "@aws-sdk/client-dynamodb";
import type { Lease } from "@runs-fleet/core";
import { type Item, text } from "./attribute.ts";
import { type Change, conditionOf, opens, versionAfter } from "./change.ts";
import { conditional } from "./expression.ts";
import { itemBytes } from "./item-bytes.ts";
import { isHeld, isLatest, leaseKey } from "./lease-item.ts";
import { openingItem } from "./opening-item.ts";
import { recordItem, type Stamp } from "./record-item.ts";
import type { RecordKeys } from "./record-keys.ts";
import { tableNameOf } from "./tables.ts";

/** Most items of a transaction. Source: DynamoDB API, TransactWriteItems. */
const mostItems = 100;

/** Most bytes of a transaction's items. Source: DynamoDB API, TransactWriteItems. */
const mostBytes = 4 * 1024 * 1024;

/** A commit as it is sent: the changes in their order, then perhaps the opening, and the check of the lease last. */
export interface CommitPlan {
  /** To be stored before the transaction, because it has no room for it. */
  readonly opening?: { readonly table: string; readonly item: Item };
  readonly items: readonly TransactWriteItem[];
}

/** What a commit is made of. */
export interface CommitParts {
  readonly changes: readonly Change[];
  readonly lease: Lease;
  /** Whether the lease must also not have expired. */
  readonly checked: boolean;
  readonly nowMs: number;
  readonly stamp: Stamp;
  readonly tablePrefix: string;
  readonly keys: RecordKeys;
}

/**
 * The requests of a commit.
 *
 * Every commit checks that no later epoch of the shard has begun: a record that is created has no epoch of its own that
 * could stop a controller that was paused.
 *
 * @throws A RangeError when DynamoDB takes no transaction of this size.
 */
export function planCommit(parts: CommitParts): CommitPlan {
  const { changes, lease, checked, nowMs, stamp, tablePrefix } = parts;
  const writes = changes.map((change) => writeItem(change, parts));
  const bytes = writes.reduce((sum, { Put }) => sum + (Put ? itemBytes(Put.Item ?? {}) : 0), 0);
  if (bytes > mostBytes) {
    throw new RangeError(
      `A commit of ${changes.length} records has ${bytes} bytes, DynamoDB takes ${mostBytes}`,
    );
  }
  const check: TransactWriteItem = {
    ConditionCheck: {
      TableName: tableNameOf(tablePrefix, "leases"),
      Key: leaseKey(lease.shard),
      ...conditional(checked ? isHeld(lease, nowMs) : isLatest(lease)),
    },
  };
  const records = changes.filter(opens).map(({ write }) => ({ table: write.table, id: write.id }));
  if (records.length === 0) return { items: [...writes, check] };
  const opening = {
    table: tableNameOf(tablePrefix, "openings"),
    item: openingItem(lease.shard, { atMs: nowMs, records }, stamp.commit, stamp.writer),
  };
  return writes.length + 2 > mostItems
    ? { opening, items: [...writes, check] }
    : {
        items: [...writes, { Put: { TableName: opening.table, Item: opening.item } }, check],
      };
}

function writeItem(change: Change, parts: CommitParts): TransactWriteItem {
  const { lease, nowMs, stamp, keys } = parts;
  const { write, json } = change;
  const { table, id, shard, open, expiresAtMs } = write;
  const TableName = keys.tableOf(table);
  const condition = conditional(conditionOf(change, lease, nowMs));
  if (json === undefined) {
    return { Delete: { TableName, Key: { id: text(keys.keyOf(table, id)) }, ...condition } };
  }
  const draft = {
    table,
    id,
    shard,
    open,
    version: versionAfter(change),
    json,
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
  };
  return {
    Put: { TableName, Item: recordItem(draft, lease.epoch, stamp, keys), ...condition },
  };
}
