import {
  CreateTableCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import type { DynamodbTable } from "../src/dynamodb/index.ts";
import { tableInput } from "../src/stack/table-input.ts";

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
      await client.send(new CreateTableCommand(tableInput(table)));
      if (!clearsAway || table.ttlAttribute === undefined) return;
      const TimeToLiveSpecification = { AttributeName: table.ttlAttribute, Enabled: true };
      await client.send(
        new UpdateTimeToLiveCommand({ TableName: table.name, TimeToLiveSpecification }),
      );
    }),
  );
}
