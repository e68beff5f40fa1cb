import { describe, expect, it } from "vitest";
import { createAwsJson } from "./aws-json.ts";
import { codeOf } from "./ec2-stage.ts";
import { emulatorUrl, expectDeviation } from "./emulator.ts";
import { type StoreStage, type StoreWrite, storeCases } from "./store-cases.ts";

let tables = 0;

/** What one write is as an item of a transaction: the condition that a record's version and epoch are as expected. */
function transactItem(TableName: string, epoch: number, { id, expected, value }: StoreWrite) {
  const Key = { id: { S: id } };
  const isAbsent = expected === "absent";
  const condition = {
    ConditionExpression: isAbsent
      ? "attribute_not_exists(#id)"
      : "#version = :expected AND #epoch <= :epoch",
    ExpressionAttributeNames: isAbsent
      ? { "#id": "id" }
      : { "#version": "version", "#epoch": "epoch" },
    ...(isAbsent
      ? {}
      : {
          ExpressionAttributeValues: {
            ":expected": { N: String(expected) },
            ":epoch": { N: String(epoch) },
          },
        }),
  };
  if (value === undefined) return { Delete: { TableName, Key, ...condition } };
  const Item = {
    ...Key,
    version: { N: String(isAbsent ? 1 : expected + 1) },
    epoch: { N: String(epoch) },
    value: { S: value },
  };
  return { Put: { TableName, Item, ...condition } };
}

async function createMotoStage(): Promise<StoreStage> {
  const call = createAwsJson(emulatorUrl("MOTO"), "dynamodb");
  tables += 1;
  const TableName = `conformance-${tables}`;
  await call("CreateTable", {
    TableName,
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });
  await call("PutItem", { TableName, Item: { id: { S: "lease" }, owner: { S: "a" } } });
  const lease = {
    ConditionCheck: {
      TableName,
      Key: { id: { S: "lease" } },
      ConditionExpression: "#owner = :owner",
      ExpressionAttributeNames: { "#owner": "owner" },
      ExpressionAttributeValues: { ":owner": { S: "a" } },
    },
  };
  return {
    async commit(epoch, writes) {
      const TransactItems = [...writes.map((own) => transactItem(TableName, epoch, own)), lease];
      const code = await codeOf(call("TransactWriteItems", { TransactItems }));
      if (code === "none") return "ok";
      if (code === "TransactionCanceledException") return "conflict";
      if (code === "ValidationException") return "invalid";
      throw new Error(`An answer that is none of these: ${code}`);
    },
    async get(id) {
      const answer = await call("GetItem", { TableName, Key: { id: { S: id } } });
      const item = answer["Item"] as
        | { readonly version: { readonly N: string }; readonly value: { readonly S: string } }
        | undefined;
      return item && { version: Number(item.version.N), value: item.value.S };
    },
  };
}

describe("moto against the rules of conditional writes:", () => {
  for (const { name, moto, run } of storeCases) {
    const trial = async () => run(await createMotoStage());
    if (moto === undefined) it(name, trial);
    else it(`deviates: ${name} (${moto.why})`, () => expectDeviation(moto, trial));
  }
});

describe("what an adapter for DynamoDB has to respect:", () => {
  const call = () => createAwsJson(emulatorUrl("MOTO"), "dynamodb");

  it("a table that does not exist is told", async () => {
    const input = { TableName: "nowhere", Key: { id: { S: "a" } } };
    expect(await codeOf(call()("GetItem", input))).toBe("ResourceNotFoundException");
  });

  it("a name that is reserved is refused unless it stands behind a #", async () => {
    const TableName = "conformance-1";
    const put = (ConditionExpression: string, names?: object) =>
      codeOf(
        call()("PutItem", {
          TableName,
          Item: { id: { S: "reserved" }, status: { S: "x" } },
          ConditionExpression,
          ...names,
        }),
      );
    const names = { ExpressionAttributeNames: { "#status": "status" } };
    expect(await put("attribute_not_exists(#status)", names)).toBe("none");
    expect(await put("attribute_exists(status)")).toBe("ValidationException");
  });

  it("deviates: a batch has at most 25 writes (takes any number)", async () => {
    const requests = Array.from({ length: 26 }, (_, index) => ({
      PutRequest: { Item: { id: { S: `batch-${index}` } } },
    }));
    await expectDeviation({ why: "takes any number", shows: "expected 'none'" }, async () => {
      const input = { RequestItems: { "conformance-1": requests } };
      expect(await codeOf(call()("BatchWriteItem", input))).toBe("ValidationException");
    });
  });
});
