import type { DynamodbKey, DynamodbTable } from "../dynamodb/tables.ts";

/** A table under the names that CreateTable and CloudFormation share. */
export function tableInput({ name, key, index }: DynamodbTable) {
  const attributes = new Set([key, index?.key].flatMap(attributesOf));
  return {
    TableName: name,
    BillingMode: "PAY_PER_REQUEST" as const,
    KeySchema: schemaOf(key),
    AttributeDefinitions: [...attributes].map((AttributeName) => ({
      AttributeName,
      AttributeType: "S" as const,
    })),
    ...(index === undefined
      ? {}
      : {
          GlobalSecondaryIndexes: [
            {
              IndexName: index.name,
              KeySchema: schemaOf(index.key),
              Projection: { ProjectionType: "KEYS_ONLY" as const },
            },
          ],
        }),
  };
}

function attributesOf(key: DynamodbKey | undefined): readonly string[] {
  return [key?.partition, key?.sort].filter((name) => name !== undefined);
}

function schemaOf({ partition, sort }: DynamodbKey) {
  return [
    { AttributeName: partition, KeyType: "HASH" as const },
    ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: "RANGE" as const }]),
  ];
}
