import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndexDescription,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { type Clock, FleetError } from "@runs-fleet/core";
import type { DynamodbTable } from "../../dynamodb/tables.ts";
import { tableInput } from "../table-input.ts";
import { codeOf, createCaller } from "./call.ts";
import { absent, compare, type StackResource, same, tagList } from "./resource.ts";

const { call, find } = createCaller("DynamoDB");
/** The second is how moto says it. */
const gone = ["ResourceNotFoundException", "ResourceNotFound"];
/** What answers who does not know a call: DynamoDB Local and moto. */
const unknownCall = ["UnknownOperationException", "NotImplemented", "InvalidAction"];

const pollMs = 500;
const mostPolls = 240;

/** A table. */
export function tableResource(
  client: DynamoDBClient,
  table: DynamodbTable,
  tags: Readonly<Record<string, string>>,
  clock: Clock,
): StackResource {
  const { name: TableName } = table;
  const wanted = tableInput(table);
  const describe = () =>
    find(`look at table ${TableName}`, gone, () =>
      client.send(new DescribeTableCommand({ TableName })),
    );
  return {
    kind: "table",
    name: TableName,
    async look() {
      const found = (await describe())?.Table;
      if (found === undefined) return absent;
      return compare(
        {
          KeySchema: wanted.KeySchema,
          Indexes: indexesOf(wanted.GlobalSecondaryIndexes),
          BillingMode: wanted.BillingMode,
        },
        {
          KeySchema: found.KeySchema,
          Indexes: indexesOf(found.GlobalSecondaryIndexes),
          BillingMode: found.BillingModeSummary?.BillingMode ?? "PROVISIONED",
        },
      );
    },
    async create() {
      await call(`make table ${TableName}`, () =>
        client.send(new CreateTableCommand({ ...wanted, Tags: tagList(tags) })),
      );
      await until(clock, `table ${TableName} is active`, async () => {
        const { TableStatus, GlobalSecondaryIndexes = [] } = (await describe())?.Table ?? {};
        return (
          TableStatus === "ACTIVE" &&
          GlobalSecondaryIndexes.every(({ IndexStatus = "ACTIVE" }) => IndexStatus === "ACTIVE")
        );
      });
    },
    async remove() {
      await find(`delete table ${TableName}`, gone, () =>
        client.send(new DeleteTableCommand({ TableName })),
      );
      await until(
        clock,
        `table ${TableName} is gone`,
        async () => (await describe()) === undefined,
      );
    },
  };
}

/** The attribute by which a table forgets. */
export function timeToLiveResource(
  client: DynamoDBClient,
  { name: TableName, ttlAttribute }: DynamodbTable,
): StackResource | undefined {
  if (ttlAttribute === undefined) return undefined;
  return {
    kind: "time to live",
    name: TableName,
    async look() {
      const answer = await find(`look at the time to live of ${TableName}`, gone, () =>
        client.send(new DescribeTimeToLiveCommand({ TableName })),
      );
      const { TimeToLiveStatus = "DISABLED", AttributeName } = answer?.TimeToLiveDescription ?? {};
      if (TimeToLiveStatus.startsWith("DISABL")) return absent;
      return compare({ AttributeName: ttlAttribute }, { AttributeName });
    },
    async create() {
      const TimeToLiveSpecification = { AttributeName: ttlAttribute, Enabled: true };
      await call(`set the time to live of ${TableName}`, () =>
        client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification })),
      );
    },
  };
}

/** Whether older states of a table can be restored. */
export function recoveryResource(
  client: DynamoDBClient,
  { name: TableName, pointInTimeRecovery }: DynamodbTable,
  clock: Clock,
): StackResource {
  return {
    kind: pointInTimeRecovery ? "point-in-time recovery" : "no point-in-time recovery",
    name: TableName,
    async look() {
      const purpose = `look at the point-in-time recovery of ${TableName}`;
      try {
        const answer = await find(purpose, [...gone, "TableNotFoundException"], () =>
          client.send(new DescribeContinuousBackupsCommand({ TableName })),
        );
        const status =
          answer?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription
            ?.PointInTimeRecoveryStatus ?? "DISABLED";
        if (!pointInTimeRecovery) return compare({ status: "DISABLED" }, { status });
        return status === "ENABLED" ? same : absent;
      } catch (error) {
        if (!unknownCall.includes(codeOf(error) ?? "")) throw error;
        return { ...same, unseen: "this DynamoDB does not know point-in-time recovery" };
      }
    },
    async create() {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      const purpose = `turn on the point-in-time recovery of ${TableName}`;
      await until(clock, `${TableName} has backups`, async () => {
        // A table that was made a moment ago has none yet.
        const answer = await find(purpose, ["ContinuousBackupsUnavailableException"], () =>
          client.send(
            new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }),
          ),
        );
        return answer !== undefined;
      });
    },
  };
}

async function until(clock: Clock, what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let poll = 0; poll < mostPolls; poll += 1) {
    if (await isSo()) return;
    await clock.sleep(pollMs);
  }
  const message = `DynamoDB does not come to the point that ${what}, in ${(mostPolls * pollMs) / 1_000} s`;
  throw new FleetError({ kind: "unavailable", message });
}

function indexesOf(indexes: readonly IndexParts[] = []): readonly IndexParts[] {
  return indexes.map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  }));
}

/** What is compared of an index. */
type IndexParts = Pick<GlobalSecondaryIndexDescription, "IndexName" | "KeySchema" | "Projection">;
