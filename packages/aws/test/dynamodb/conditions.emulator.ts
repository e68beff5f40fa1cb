import {
  type AttributeValue,
  PutItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { Item } from "../../src/dynamodb/attribute.ts";
import {
  all,
  type Condition,
  compared,
  either,
  exists,
  missing,
} from "../../src/dynamodb/condition.ts";
import { conditional } from "../../src/dynamodb/expression.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { openStage, type StoreStage } from "./stage.ts";

let aws: TestAws;
let stage: StoreStage;
beforeAll(async () => {
  aws = await openAws();
  stage = await openStage(aws);
});
afterAll(() => aws.close());

/** All of them are reserved. */
const name = fc.constantFrom("owner", "value", "ttl", "status");
const number = fc.integer({ min: -2, max: 12 }).map((N): AttributeValue => ({ N: String(N) }));
const string = fc.constantFrom("", "a", "b", "10").map((S): AttributeValue => ({ S }));
// Moto, which plays DynamoDB where there is no Java, is at a loss with a comparison of two types.
const value = inject("emulators").dynamodbLocal === undefined ? number : fc.oneof(string, number);

const { condition } = fc.letrec<{ condition: Condition<string> }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    fc.oneof(name.map(exists), name.map(missing)),
    fc.tuple(name, fc.constantFrom("=", "<=", ">=", ">"), value).map((parts) => compared(...parts)),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((of) => all(...of)),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((of) => either(...of)),
  ),
}));

/** What a condition means. */
function holds(given: Condition<string>, item: Item): boolean {
  switch (given.kind) {
    case "exists":
      return item[given.name] !== undefined;
    case "missing":
      return item[given.name] === undefined;
    case "AND":
      return given.of.every((part) => holds(part, item));
    case "OR":
      return given.of.some((part) => holds(part, item));
    default: {
      const found = item[given.name];
      const wanted = given.value;
      if (found?.S !== undefined && wanted.S !== undefined) {
        return compare(given.kind, found.S < wanted.S ? -1 : found.S > wanted.S ? 1 : 0);
      }
      if (found?.N === undefined || wanted.N === undefined) return false;
      return compare(given.kind, Number(found.N) - Number(wanted.N));
    }
  }
}

function compare(kind: "=" | "<=" | ">=" | ">", difference: number): boolean {
  if (kind === "=") return difference === 0;
  if (kind === ">") return difference > 0;
  return kind === "<=" ? difference <= 0 : difference >= 0;
}

describe("a condition", () => {
  it("means to DynamoDB what it says, reserved words and types included", async () => {
    const TableName = `${stage.tablePrefix}decisions`;
    const attributes = fc.dictionary(name, value, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(attributes, condition, async (rest, given) => {
        const Item = { id: { S: "one" }, ...rest };
        await stage.client.send(new PutItemCommand({ TableName, Item }));
        const check = { TableName, Key: { id: Item.id }, ...conditional(given) };
        const outcome = await stage.client
          .send(new TransactWriteItemsCommand({ TransactItems: [{ ConditionCheck: check }] }))
          .then(
            () => "holds",
            (error: Error) => error.name,
          );
        expect(outcome).toBe(holds(given, Item) ? "holds" : "TransactionCanceledException");
      }),
      { numRuns: 150 },
    );
  });
});
