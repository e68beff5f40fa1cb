import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import { openAws } from "../open-aws.ts";
import { stageQueue } from "../stage.ts";

describe.each(["moto", "fauxqs"] as const)("the verified sender, on %s", (queues) => {
  it("is who signed the call, whatever the message says", async () => {
    await using aws = await openAws({ queues });
    const { QueueUrl, client, receive } = await stageQueue(aws);
    const machine = new SQSClient(aws.clientOptions({ credentials: aws.machine("i-1") }));
    const other = new SQSClient(
      aws.clientOptions({ credentials: aws.machine("i-2", "AROAOTHER") }),
    );
    const Entries = ["i-2", "i-3"].map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
    await machine.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    await other.send(new SendMessageCommand({ QueueUrl, MessageBody: "i-1" }));
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "i-4" }));
    const messages = await receive({ MessageSystemAttributeNames: ["SenderId"] });
    const senders = messages.map(({ Body, Attributes }) => [Body, Attributes?.SenderId]).sort();
    expect(senders).toEqual([
      ["i-1", "AROAOTHER:i-2"],
      ["i-2", "AROATESTROLE:i-1"],
      ["i-3", "AROATESTROLE:i-1"],
      ["i-4", `AIDA${aws.credentials.accessKeyId}`],
    ]);
  });

  it("is told to those alone who ask for it", async () => {
    await using aws = await openAws({ queues });
    const { QueueUrl, client, receive } = await stageQueue(aws);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
    const [message] = await receive();
    expect(message?.Body).toBe("a");
    expect(message?.Attributes?.SenderId).toBeUndefined();
  });

  it("stays the same when a message comes again", async () => {
    await using aws = await openAws({ queues });
    const { QueueUrl, receive } = await stageQueue(aws);
    const machine = new SQSClient(aws.clientOptions({ credentials: aws.machine("i-1") }));
    await machine.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
    const options = { MessageSystemAttributeNames: ["SenderId"], VisibilityTimeout: 0 };
    const senders = [...(await receive(options)), ...(await receive(options))].map(
      ({ Attributes }) => Attributes?.SenderId,
    );
    expect(senders).toEqual(["AROATESTROLE:i-1", "AROATESTROLE:i-1"]);
  });
});
