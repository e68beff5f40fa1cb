import {
  CreateTableCommand,
  type CreateTableCommandInput,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type { DynamodbKey, DynamodbTable } from "../src/dynamodb/index.ts";

/** How tables are made. */
export interface CreateTablesOptions {
  /**
   * Whether DynamoDB clears away what has expired. The emulator does so within seconds, by the clock on the wall: not for suites
   * whose clock is virtual.
   *
   * @defaultValue false
   */
  readonly clearsAway?: boolean;
}

/** Makes tables from their description. Resolves when they can be used. */
export async function createTables(
  client: DynamoDBClient,
  tables: readonly DynamodbTable[],
  { clearsAway = false }: CreateTablesOptions = {},
): Promise<void> {
  await Promise.all(
    tables.map(async (table) => {
      await client.send(new CreateTableCommand(inputOf(table)));
      if (!clearsAway || table.ttlAttribute === undefined) return;
      const TimeToLiveSpecification = { AttributeName: table.ttlAttribute, Enabled: true };
      await client.send(
        new UpdateTimeToLiveCommand({ TableName: table.name, TimeToLiveSpecification }),
      );
    }),
  );
}

function inputOf({ name, key, index }: DynamodbTable): CreateTableCommandInput {
  const attributes = new Set([key, index?.key].flatMap(attributesOf));
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: schemaOf(key),
    AttributeDefinitions: [...attributes].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S",
    })),
    ...(index === undefined
      ? {}
      : {
          GlobalSecondaryIndexes: [
            {
              IndexName: index.name,
              KeySchema: schemaOf(index.key),
              Projection: { ProjectionType: "KEYS_ONLY" },
            },
          ],
        }),
  };
}

function attributesOf(key: DynamodbKey | undefined): readonly string[] {
  return [key?.partition, key?.sort].filter((name) => name !== undefined);
}

function schemaOf({ partition, sort }: DynamodbKey): CreateTableCommandInput["KeySchema"] {
  return [
    { AttributeName: partition, KeyType: "HASH" },
    ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: "RANGE" as const }]),
  ];
}
