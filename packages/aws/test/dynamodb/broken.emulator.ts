import {
  BatchGetItemCommand,
  DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  type ContractEnvironment,
  describeStateStoreContract,
  recordRun,
} from "@runs-fleet/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import {
  blindIndex,
  clientBetween,
  stickyIndex,
  type TransactItems,
  withItems,
} from "./client-between.ts";
import { openStage } from "./stage.ts";

let aws: TestAws;
let client: DynamoDBClient;
beforeAll(async () => {
  aws = await openAws();
  client = new DynamoDBClient(aws.clientOptions());
});
afterAll(async () => {
  client.destroy();
  await aws.close();
});

/** A way in which the store could be wrong, played between it and DynamoDB, and the case of the contract that notices. */
interface Variant {
  readonly name: string;
  readonly caught: string;
  readonly through: (client: DynamoDBClient) => DynamoDBClient;
}

const broken = (name: string, caught: string, through: Variant["through"]): Variant => ({
  name,
  caught,
  through,
});

/** Changes the one action that an item of a transaction is. */
function eachItem(change: (item: TransactWriteItem) => TransactWriteItem) {
  return (items: TransactItems) => items.map(change);
}

/** Takes parts out of conditions, with the aliases that nobody needs any more. */
function without(parts: RegExp) {
  return (sent: DynamoDBClient) => withItems(sent, eachItem(stripped(parts)));
}

function stripped(parts: RegExp) {
  return (item: TransactWriteItem): TransactWriteItem => {
    const [action, body] = Object.entries(item)[0] ?? [];
    if (action === undefined || body?.ConditionExpression === undefined) return item;
    const kept = body.ConditionExpression.replaceAll(parts, "attribute_not_exists(#nothing)");
    const values = Object.entries(body.ExpressionAttributeValues ?? {}).filter(([alias]) =>
      new RegExp(`${alias}\\b`, "u").test(kept),
    );
    const names = { ...body.ExpressionAttributeNames, "#nothing": "nothing" };
    const used = Object.entries(names).filter(([alias]) =>
      new RegExp(`${alias}\\b`, "u").test(kept),
    );
    const { ExpressionAttributeValues: _, ...rest } = body;
    return {
      [action]: {
        ...rest,
        ConditionExpression: kept,
        ExpressionAttributeNames: Object.fromEntries(used),
        ...(values.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(values) }),
      },
    } as TransactWriteItem;
  };
}

/** Leaves out what a commit opens: where openings are noted, they make up for what the index lacks. */
const unnoted = (sent: DynamoDBClient) =>
  withItems(sent, (items) => items.filter(({ Put }) => !Put?.TableName?.endsWith("openings")));

const variants: readonly Variant[] = [
  broken(
    "checks no version",
    "refuses a version that is not the record's",
    without(/#version = :v\d+/gu),
  ),
  broken("checks no epoch", "refuses an older epoch on a record of a newer one", (sent) =>
    without(/#epoch <= :v\d+|#epoch = :v\d+|#owner = :v\d+/gu)(sent),
  ),
  broken("checks no shard", "refuses a record of another shard", without(/#shard = :v\d+/gu)),
  broken(
    "creates what is there",
    "refuses to create a record that is there",
    without(/attribute_not_exists\(#id\)/gu),
  ),
  broken(
    "does not ask whether the lease has expired",
    "refuses a checked commit after the lease expired",
    without(/#expiresAtMs > :v\d+$/gu),
  ),
  broken(
    "takes an expired record for one that is there",
    "creates an expired record anew, at version 1",
    without(/\(?attribute_not_exists\(#expiresAtMs\) OR #expiresAtMs > :v\d+\)?/gu),
  ),
  broken(
    "sends one write after another",
    "writes all or nothing, wherever the conflict is",
    (sent) =>
      ({
        send: async (command: Parameters<DynamoDBClient["send"]>[0], options: object) => {
          let answer: unknown;
          const items = Reflect.get(command.input, "TransactItems") as TransactItems | undefined;
          if (items === undefined) return sent.send(command, options);
          for (const item of items) {
            const one = withItems(sent, () => [item]);
            answer = await one.send(command, options);
          }
          return answer;
        },
      }) as unknown as DynamoDBClient,
  ),
  broken(
    "does not note what it opens, while the index is behind",
    "loads open records only, and reads closed ones by id",
    (sent) => unnoted(blindIndex(sent)),
  ),
  broken(
    "believes an index that is behind",
    "loads open records only, and reads closed ones by id",
    (sent) =>
      clientBetween(stickyIndex(sent), {
        answer: (answer, command) => {
          if (!(command instanceof BatchGetItemCommand)) return answer;
          const { Responses = {}, ...rest } = answer as { Responses?: Record<string, object[]> };
          const opened = Object.entries(Responses).map(([table, items]) => [
            table,
            items.map((item) => ({ ...item, openShard: { S: "ci/us-east-1" } })),
          ]);
          return { ...rest, Responses: Object.fromEntries(opened) };
        },
      }),
  ),
  broken("reads one page", "loads every open record, however many pages they fill", (sent) =>
    clientBetween(unnoted(sent), {
      command: (command) => {
        if (!(command instanceof QueryCommand)) return command;
        return new QueryCommand({ ...command.input, Limit: 100 }) as unknown as typeof command;
      },
      answer: (answer, command) =>
        command instanceof QueryCommand
          ? { ...(answer as object), LastEvaluatedKey: undefined }
          : answer,
    }),
  ),
  broken("renews whatever is there", "does not renew a lease that someone else took", (sent) =>
    clientBetween(sent, {
      command: (command) => {
        if (!(command instanceof UpdateItemCommand)) return command;
        const { ConditionExpression: _, ...rest } = command.input;
        const used = Object.entries(rest.ExpressionAttributeValues ?? {}).filter(([alias]) =>
          new RegExp(`${alias}\\b`, "u").test(rest.UpdateExpression ?? ""),
        );
        const values = Object.fromEntries(used);
        const names = Object.entries(rest.ExpressionAttributeNames ?? {}).filter(([alias]) =>
          new RegExp(`${alias}\\b`, "u").test(rest.UpdateExpression ?? ""),
        );
        return new UpdateItemCommand({
          ...rest,
          ExpressionAttributeValues: values,
          ExpressionAttributeNames: Object.fromEntries(names),
        }) as unknown as typeof command;
      },
    }),
  ),
  broken(
    "takes what DynamoDB has not cleared away yet for unexpired",
    "answers nothing for an expired record",
    (sent) =>
      clientBetween(sent, {
        answer: (answer, command) => {
          if (!(command instanceof GetItemCommand)) return answer;
          const { Item, ...rest } = answer as { Item?: Record<string, unknown> };
          if (Item?.["version"] === undefined) return answer;
          return { ...rest, Item: { ...Item, expiresAtMs: { N: String(2 ** 50) } } };
        },
      }),
  ),
];

/** Runs only the cases that are named: each has tables of its own. */
function runOnly(names: readonly string[], through: Variant["through"]) {
  return recordRun((api) =>
    describeStateStoreContract({
      api: {
        ...api,
        it: (name, body) => {
          if (names.includes(name)) api.it(name, body);
        },
      },
      create: async ({ clock }: ContractEnvironment) =>
        (await openStage(aws, { client })).store({ clock, client: through(client) }),
    }),
  );
}

describe("the contract of a store, on DynamoDB", () => {
  it("finds nothing wrong with these cases on a sound store", async () => {
    const names = [...new Set(variants.map(({ caught }) => caught))];
    const { passed, failed } = await runOnly(names, (own) => own);
    expect(failed).toEqual([]);
    expect(passed.length).toBe(names.length);
  });

  it.each(variants)("notices a store that $name", async ({ caught, through }) => {
    const { failed } = await runOnly([caught], through);
    expect(failed.map(({ name }) => name.split(" > ").at(-1))).toEqual([caught]);
    // By what it asserts, not because the variant cannot run at all.
    expect(String(failed[0]?.error)).toMatch(/^Error: expected (?!.*config)/u);
  });
});
