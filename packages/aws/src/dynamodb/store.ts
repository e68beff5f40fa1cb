import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import {
  type Clock,
  type Entropy,
  type StateStore,
  systemClock,
  systemEntropy,
} from "@runs-fleet/core";
import { assertName, assertTable } from "@runs-fleet/core/embedded/rules";
import { text } from "./attribute.ts";
import { createCalls } from "./calls.ts";
import { createCommit } from "./commit.ts";
import { createDeliveries } from "./deliveries.ts";
import { createLeases } from "./leases.ts";
import { loadOpen } from "./load.ts";
import { assertKey } from "./names.ts";
import { isLive, readRecord } from "./record-item.ts";
import { assertKeyPrefix, createRecordKeys } from "./record-keys.ts";
import { assertTablePrefix } from "./tables.ts";

/** Options of {@link createDynamodbStore}. */
export interface DynamodbStoreOptions {
  /**
   * How DynamoDB is reached: region, credentials, retries and timeouts are its own. Give it timeouts well below a lease, such
   * as 1 s to connect and 3 s for an answer: the SDK's default is to wait for ever. It is never closed here.
   */
  readonly client: DynamoDBClient;
  /** Begins the names of the tables, see {@link dynamodbTables}: those of one environment. 1 to 241 characters. */
  readonly tablePrefix: string;
  /** Names this process in everything that it writes. */
  readonly owner: string;
  /**
   * Begins the keys of assignments, which a machine may read only under its own name: `arn:aws:ec2:<region>:<account>:instance/`
   * for `dynamodb:LeadingKeys` of `${ec2:SourceInstanceARN}`. At most 512 bytes. It must not change while assignments are open.
   *
   * @defaultValue nothing: the key is the machine's id
   */
  readonly assignmentKeyPrefix?: string;
  /**
   * How long changes that nothing waits for may wait for later ones to share a transaction with, 0 to 15,000 milliseconds: the
   * store's `holdMs`. A controller that dies loses what waited, and learns it again from the messages, half a minute later.
   *
   * @defaultValue 10,000
   */
  readonly holdMs?: number;
  /**
   * Decides about expiry and leases. The clocks of all processes must agree to within 3 s, which is what a controller leaves
   * of its lease.
   *
   * @defaultValue `systemClock`
   */
  readonly clock?: Clock;
  /** Makes the ids of commits, and jitter. @defaultValue `systemEntropy` */
  readonly entropy?: Entropy;
}

/** Half of the time for which a controller hides the messages that it receives. */
const mostHoldMs = 15_000;

/**
 * A store in DynamoDB, for any number of processes. The tables are those of {@link dynamodbTables}.
 *
 * Every commit is one transaction, which also checks that no later epoch of the shard has begun: what a controller that was
 * paused sends after its successor has the lease does not happen, records that it would create included. A commit whose answer
 * was lost is known again when the same writes are committed again. `load` reads records as they are, not as an index saw them.
 *
 * Every call rejects with a `FleetError`: `config` when a table is missing or a record was written by a newer version, `unknown` when one
 * cannot be read, `unavailable` when DynamoDB does not answer or others are at work on the same items, `throttled`, `auth`.
 *
 * @throws A TypeError or a RangeError for options that cannot work.
 * @example
 * const client = new DynamoDBClient({ region: "us-east-1", requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } });
 * const store = createDynamodbStore({ client, tablePrefix: "runs-fleet-ci-", owner: hostname() });
 */
export function createDynamodbStore(options: DynamodbStoreOptions): StateStore {
  const { client, tablePrefix, owner, assignmentKeyPrefix = "", holdMs = 10_000 } = options;
  const { clock = systemClock, entropy = systemEntropy } = options;
  if (typeof client?.send !== "function") throw new TypeError("client must be a DynamoDBClient");
  assertTablePrefix(tablePrefix);
  assertOwner(owner);
  assertKeyPrefix(assignmentKeyPrefix);
  if (!(holdMs >= 0 && holdMs <= mostHoldMs)) {
    throw new RangeError(`holdMs must be 0 to ${mostHoldMs} milliseconds, is ${holdMs}`);
  }
  const calls = createCalls(clock, entropy);
  const keys = createRecordKeys(tablePrefix, assignmentKeyPrefix);
  const tools = { client, calls, clock, entropy, owner, tablePrefix, keys };

  return {
    leases: createLeases(tools),
    deliveries: createDeliveries(tools),
    holdMs,
    commit: createCommit(tools),
    async *load(shard, loadOptions) {
      const signal = loadOptions?.signal;
      signal?.throwIfAborted();
      assertKey(shard, "A shard");
      yield* loadOpen(tools, shard, signal);
    },
    async get(table, id, getOptions) {
      const signal = getOptions?.signal;
      signal?.throwIfAborted();
      assertTable(table);
      assertKey(id, "The id of a record");
      const input = {
        TableName: keys.tableOf(table),
        Key: { id: text(keys.keyOf(table, id)) },
        ConsistentRead: true,
      };
      const { Item } = await calls.call({
        purpose: `read ${table}/${id}`,
        signal,
        send: (http) => client.send(new GetItemCommand(input), http),
      });
      if (Item === undefined) return undefined;
      const record = readRecord(table, Item, keys);
      return isLive(record, clock.now()) ? record : undefined;
    },
  };
}

function assertOwner(owner: unknown): asserts owner is string {
  if (typeof owner !== "string") throw new TypeError("owner must name this process");
  assertName(owner, "owner");
}
