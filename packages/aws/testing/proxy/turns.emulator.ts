import {
  type DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, inject, it } from "vitest";
import { openAws } from "../open-aws.ts";
import { stageQueue, stageTable } from "../stage.ts";

const { dynamodbLocal } = inject("emulators");
const workers = Array.from({ length: 40 }, (_, index) => index);

/** The emulators get a chance to be wrong in each; turns.test.ts shows that moto gets none. */
const rounds = [1, 2, 3, 4, 5];

/** Puts a value where another one is; whether it was. */
async function swap(client: DynamoDBClient, TableName: string, round: number, worker: number) {
  const put = new PutItemCommand({
    TableName,
    Item: { id: { S: "owner" }, round: { N: String(round) }, worker: { N: String(worker) } },
    ConditionExpression: "#round < :round",
    ExpressionAttributeNames: { "#round": "round" },
    ExpressionAttributeValues: { ":round": { N: String(round) } },
  });
  return client.send(put).then(
    () => true,
    (error: Error) => {
      if (error.name === "ConditionalCheckFailedException") return false;
      throw error;
    },
  );
}

describe.each([
  "moto" as const,
  ...(dynamodbLocal === undefined ? [] : ["dynamodb-local" as const]),
])("writes that race, on %s", (tables) => {
  it("lets one of forty compare and swap", async () => {
    await using aws = await openAws({ tables });
    const { client, TableName, read } = await stageTable(aws);
    const Item = { id: { S: "owner" }, round: { N: "0" } };
    await client.send(new PutItemCommand({ TableName, Item }));
    for (const round of rounds) {
      const won = await Promise.all(
        workers.map((worker) => swap(client, TableName, round, worker)),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      expect((await read("owner"))?.["worker"]?.N).toBe(String(won.indexOf(true)));
    }
  });

  it("lets one of forty transactions win, and whole", async () => {
    await using aws = await openAws({ tables });
    const { client, TableName, read } = await stageTable(aws, { maxAttempts: 1 });
    for (const round of rounds) {
      const outcomes = await Promise.all(
        workers.map((worker) => {
          const claim = { id: { S: `claim ${round}` }, owner: { N: String(worker) } };
          const TransactItems = [
            { Put: { TableName, Item: claim, ConditionExpression: "attribute_not_exists(id)" } },
            {
              Update: {
                TableName,
                Key: { id: { S: "wins" } },
                UpdateExpression: "ADD n :one",
                ExpressionAttributeValues: { ":one": { N: "1" } },
              },
            },
          ];
          return client.send(new TransactWriteItemsCommand({ TransactItems })).then(
            () => worker,
            () => undefined,
          );
        }),
      );
      const winners = outcomes.filter((worker) => worker !== undefined);
      expect(winners).toHaveLength(1);
      expect((await read(`claim ${round}`))?.["owner"]?.N).toBe(String(winners[0]));
      expect((await read("wins"))?.["n"]?.N).toBe(String(round));
    }
  });

  it("adds up what forty add at once", async () => {
    await using aws = await openAws({ tables });
    const { client, TableName, read } = await stageTable(aws);
    const command = new UpdateItemCommand({
      TableName,
      Key: { id: { S: "sum" } },
      UpdateExpression: "ADD n :one",
      ExpressionAttributeValues: { ":one": { N: "1" } },
    });
    await Promise.all(workers.map(() => client.send(command)));
    expect((await read("sum"))?.["n"]?.N).toBe("40");
  });
});

describe("messages on moto", () => {
  it("gives each message to one of eight who wait for it", async () => {
    await using aws = await openAws();
    const { client, QueueUrl, receive } = await stageQueue(aws);
    for (let batch = 0; batch < 6; batch += 1) {
      const Entries = workers.slice(0, 10).map((index) => ({
        Id: String(index),
        MessageBody: `${batch}-${index}`,
      }));
      await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
    const drain = async () => {
      const bodies: string[] = [];
      for (;;) {
        const messages = await receive({ MaxNumberOfMessages: 3, WaitTimeSeconds: 1 });
        if (messages.length === 0) return bodies;
        bodies.push(...messages.map(({ Body = "" }) => Body));
      }
    };
    const bodies = (await Promise.all(workers.slice(0, 8).map(drain))).flat();
    expect(bodies).toHaveLength(60);
    expect(new Set(bodies).size).toBe(60);
  });

  it("wakes a long poll when a message is sent, and holds nobody up meanwhile", async () => {
    await using aws = await openAws();
    const { client, QueueUrl, receive } = await stageQueue(aws);
    const meter = aws.calls.meter();
    const poll = receive({ WaitTimeSeconds: 1 });
    while (meter.count({ action: "ReceiveMessage" }) === 0) await new Promise(setImmediate);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
    const [message] = await poll;
    expect(message?.Body).toBe("a");
    const [record] = meter.records({ action: "ReceiveMessage" });
    expect(meter.count({ action: "ReceiveMessage" })).toBe(1);
    expect(record?.tookMs).toBeLessThan(900);
  });

  it("ends a long poll with nothing when its time is over", async () => {
    await using aws = await openAws();
    const { receive } = await stageQueue(aws);
    const meter = aws.calls.meter();
    expect(await receive({ WaitTimeSeconds: 1 })).toEqual([]);
    expect(meter.records({ action: "ReceiveMessage" })[0]?.tookMs).toBeGreaterThan(950);
  });

  it("waits as long as the queue says when the call does not", async () => {
    await using aws = await openAws();
    const { receive } = await stageQueue(aws, {}, { ReceiveMessageWaitTimeSeconds: "1" });
    const meter = aws.calls.meter();
    expect(await receive()).toEqual([]);
    expect(meter.records({ action: "ReceiveMessage" })[0]?.tookMs).toBeGreaterThan(950);
  });
});
