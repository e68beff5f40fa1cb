import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { type Clock, type Entropy, FleetError, systemClock, systemEntropy } from "@runs-fleet/core";
import { type Assignment, type CallOptions, parseAssignment } from "@runs-fleet/core/wire";
import { count, type Item, text } from "../dynamodb/attribute.ts";
import { createCalls } from "../dynamodb/calls.ts";
import { compared } from "../dynamodb/condition.ts";
import { writeExpressions } from "../dynamodb/expression.ts";
import { assertKey } from "../dynamodb/names.ts";
import { isLive, type RecordAttribute, readRecord } from "../dynamodb/record-item.ts";
import { assertKeyPrefix, createRecordKeys } from "../dynamodb/record-keys.ts";
import { assertTablePrefix } from "../dynamodb/tables.ts";

/** Options of {@link createDynamodbAssignments}. */
export interface DynamodbAssignmentsOptions {
  /** How DynamoDB is reached. Give it timeouts; {@link createMachineClients} makes a good one. It is never closed here. */
  readonly client: DynamoDBClient;
  /** As the controller's store has it. */
  readonly tablePrefix: string;
  /** As the controller's store has it: `arn:aws:ec2:<region>:<account>:instance/`. @defaultValue nothing */
  readonly assignmentKeyPrefix?: string;
  /** Decides about expiry and pauses. @defaultValue `systemClock` */
  readonly clock?: Clock;
  /** Makes jitter. @defaultValue `systemEntropy` */
  readonly entropy?: Entropy;
}

/** A machine's side of its assignment in DynamoDB: part of `assignments` of the agent's options. */
export interface DynamodbAssignments {
  /**
   * The document that waits for the machine; `undefined` when there is none, or it was taken.
   *
   * @throws A `FleetError`: `config` when the table is missing, `auth`, `throttled`, `unavailable`.
   */
  read(machineId: string, options?: CallOptions): Promise<Assignment | undefined>;
  /**
   * Takes the assignment: its credential is gone from the table, and the controller cannot take it back. `false`: the controller
   * took it back before. Repeated, it answers the same.
   *
   * @throws A `FleetError`, as `read`. It may have happened all the same: repeat it.
   */
  blank(assignment: Assignment, options?: CallOptions): Promise<boolean>;
}

/** What stands in place of an assignment that was taken. It is none, so nobody takes it for one. */
const blankOf = (assignment: Assignment): string => JSON.stringify({ taken: assignment.id });

/** An item may be written again with the same assignment, such as by a controller that has just begun. */
const mostTries = 5;

/**
 * Assignments as `createDynamodbStore` writes them, read by their key and blanked under the condition that the value is still
 * what was read: `GetItem` and `UpdateItem` on the machine's own item are all that it needs to be allowed.
 *
 * @throws A TypeError for options that cannot work.
 * @example
 * const assignments = createDynamodbAssignments({ client, tablePrefix: "runs-fleet-ci-" });
 * const assignment = await assignments.read("i-0a1b2c3d4e5f60718");
 */
export function createDynamodbAssignments(
  options: DynamodbAssignmentsOptions,
): DynamodbAssignments {
  const { client, tablePrefix, assignmentKeyPrefix = "" } = options;
  const { clock = systemClock, entropy = systemEntropy } = options;
  if (typeof client?.send !== "function") throw new TypeError("client must be a DynamoDBClient");
  assertTablePrefix(tablePrefix);
  assertKeyPrefix(assignmentKeyPrefix);
  const calls = createCalls(clock, entropy);
  const keys = createRecordKeys(tablePrefix, assignmentKeyPrefix);
  const TableName = keys.tableOf("assignments");
  const keyOf = (machineId: string) => ({ id: text(keys.keyOf("assignments", machineId)) });
  /** The text of the assignment that was read last: the condition of its blanking. */
  let last: { readonly id: string; readonly json: string } | undefined;

  /** The assignment of an item, and the text in which it stands there. */
  function documentOf(item: Item) {
    const record = readRecord("assignments", item, keys);
    const assignment = parseAssignment(record.value);
    const json = item["value"]?.S;
    return assignment === undefined || json === undefined || !isLive(record, clock.now())
      ? undefined
      : { assignment, json };
  }

  async function itemOf(
    machineId: string,
    signal: AbortSignal | undefined,
  ): Promise<Item | undefined> {
    const input = { TableName, Key: keyOf(machineId), ConsistentRead: true };
    const { Item } = await calls.call({
      purpose: `read the assignment of ${machineId}`,
      signal,
      send: (http) => client.send(new GetItemCommand(input), http),
    });
    return Item;
  }

  async function replace(
    { id, machineId }: Assignment,
    json: string,
    blank: string,
    signal: AbortSignal | undefined,
  ) {
    const writer = writeExpressions<RecordAttribute>();
    const set = writer.set({ value: text(blank) });
    // A controller that writes the same value again moves the version on: the sum must not be ours to make.
    const add = writer.add({ version: count(1) });
    const input = {
      TableName,
      Key: keyOf(machineId),
      UpdateExpression: `${set} ${add}`,
      ConditionExpression: writer.condition(compared("value", "=", text(json))),
      ...writer.aliases(),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
    };
    return calls.conditionally({
      purpose: `blank assignment ${id}`,
      signal,
      send: (http) => client.send(new UpdateItemCommand(input), http),
    });
  }

  return {
    async read(machineId, callOptions) {
      const signal = callOptions?.signal;
      signal?.throwIfAborted();
      assertKey(machineId, "The id of a machine");
      const item = await itemOf(machineId, signal);
      const document = item && documentOf(item);
      if (document?.assignment.machineId !== machineId) return undefined;
      last = { id: document.assignment.id, json: document.json };
      return document.assignment;
    },
    async blank(assignment, callOptions) {
      const signal = callOptions?.signal;
      signal?.throwIfAborted();
      const { id, machineId } = assignment;
      assertKey(machineId, "The id of a machine");
      const blank = blankOf(assignment);
      let json = last?.id === id ? last.json : undefined;
      for (let tries = 1; tries <= mostTries; tries += 1) {
        let item: Item | undefined;
        if (json === undefined) {
          item = await itemOf(machineId, signal);
        } else {
          const outcome = await replace(assignment, json, blank, signal);
          if (outcome.ok) return true;
          item = outcome.item;
        }
        if (item === undefined) return false;
        // An earlier blanking of ours, whose answer was lost.
        if (item["value"]?.S === blank) return true;
        const document = documentOf(item);
        if (document?.assignment.id !== id) return false;
        json = document.json;
      }
      throw new FleetError({
        kind: "unavailable",
        message: `Assignment ${id} was written again each time that it was to be blanked`,
      });
    },
  };
}
