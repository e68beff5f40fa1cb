import { PutItemCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateFleetCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { dynamodbFailures } from "../../src/failures/dynamodb.ts";
import { ec2Failures } from "../../src/failures/ec2.ts";
import type { FailureTable } from "../../src/failures/rule.ts";
import { s3Failures } from "../../src/failures/s3.ts";
import { sqsFailures } from "../../src/failures/sqs.ts";
import { translate } from "../../src/failures/translate.ts";
import { openAws } from "../open-aws.ts";
import { stageMachines, stageQueue, stageTable } from "../stage.ts";
import type { TestAws } from "../test-aws.ts";
import { describeFaultMatrix, type Ending, type Hit, type MatrixCase } from "./fault-matrix.ts";
import { impatient } from "./impatient.ts";

/** What each fault has to look like to an adapter that tries once. Without an entry: a success. */
const kinds: Readonly<Record<string, string>> = {
  "server-error": "unavailable",
  "server-error-always": "unavailable",
  "unavailable-always": "unavailable",
  "done-but-error": "unavailable",
  throttled: "throttled",
  "throttled-always": "throttled",
  reset: "unavailable",
  "reset-always": "unavailable",
  "reply-lost": "unavailable",
  "reply-lost-always": "unavailable",
  "reply-cut": "unavailable",
  "no-answer": "unavailable",
  "no-answer-always": "unavailable",
  "done-but-silent": "unavailable",
  "late-effect": "unavailable",
  denied: "auth",
  "credentials-expired": "auth",
  "set-up-missing": "config",
  "machine-gone": "not-found",
  "no-capacity": "capacity",
  "no-quota": "quota",
  "no-spot-quota": "quota",
  "no-addresses": "capacity",
  "item-in-transaction": "conflict",
  "transaction-cancelled": "conflict",
  "object-in-dispute": "conflict",
};

/** One call of one service, tried once, and a look at what it did. */
interface Plain {
  /** Sends the call. */
  send(): Promise<unknown>;
  /** How much of it has been done, of `most`. */
  done(): Promise<number>;
  /** How much it asks for. */
  readonly most: number;
}

function once(
  service: string,
  action: string,
  table: FailureTable,
  prepare: (aws: TestAws) => Promise<Plain>,
): MatrixCase<Plain, void> {
  return {
    name: action,
    calls: [{ service, action }],
    prepare,
    async act(plain) {
      try {
        await plain.send();
      } catch (error) {
        throw translate(error, { service, table, purpose: action });
      }
    },
    async judge({ done, most }: Plain, ending: Ending<void>, { fault }: Hit) {
      expect(ending.ok ? "ok" : ending.error.kind).toBe(kinds[fault.name] ?? "ok");
      const wanted = { none: 0, part: 1, done: most, late: most }[fault.effect];
      expect(await done()).toBe(wanted);
      return `${wanted}/${most} done`;
    },
  };
}

const attempt = { ...impatient, maxAttempts: 1 };

describeFaultMatrix({ title: "What faults do to one attempt", open: () => openAws() }, [
  once("dynamodb", "PutItem", dynamodbFailures, async (aws) => {
    const { client, TableName, read } = await stageTable(aws, attempt);
    const command = new PutItemCommand({ TableName, Item: { id: { S: "a" } } });
    return { send: () => client.send(command), done: async () => found(await read("a")), most: 1 };
  }),
  once("dynamodb", "TransactWriteItems", dynamodbFailures, async (aws) => {
    const { client, TableName, read } = await stageTable(aws, attempt);
    const TransactItems = ["a", "b"].map((id) => ({ Put: { TableName, Item: { id: { S: id } } } }));
    return {
      send: () => client.send(new TransactWriteItemsCommand({ TransactItems })),
      done: async () => found(await read("a")) + found(await read("b")),
      most: 2,
    };
  }),
  once("sqs", "SendMessage", sqsFailures, async (aws) => {
    const { client, QueueUrl, receive } = await stageQueue(aws, attempt);
    const command = new SendMessageCommand({ QueueUrl, MessageBody: "a" });
    return {
      send: () => client.send(command),
      done: async () => (await receive()).length,
      most: 1,
    };
  }),
  once("sqs", "SendMessageBatch", sqsFailures, async (aws) => {
    const { client, QueueUrl, receive } = await stageQueue(aws, attempt);
    const Entries = ["a", "b"].map((Id) => ({ Id, MessageBody: Id }));
    return {
      send: () => client.send(new SendMessageBatchCommand({ QueueUrl, Entries })),
      done: async () => (await receive()).length,
      most: 2,
    };
  }),
  once("s3", "PutObject", s3Failures, async (aws) => {
    const client = new S3Client(aws.clientOptions(attempt));
    const patient = new S3Client(aws.clientOptions());
    const Bucket = aws.name("bucket");
    await patient.send(new CreateBucketCommand({ Bucket }));
    const done = async () => {
      const { KeyCount } = await patient.send(new ListObjectsV2Command({ Bucket }));
      return KeyCount ?? 0;
    };
    const command = new PutObjectCommand({ Bucket, Key: "a", Body: "a" });
    return { send: () => client.send(command), done, most: 1 };
  }),
  once("ec2", "RunInstances", ec2Failures, async (aws) => {
    const { client, run, machines } = await stageMachines(aws, attempt);
    return {
      send: () => client.send(new RunInstancesCommand(run(2))),
      done: async () => (await machines()).length,
      most: 2,
    };
  }),
  once("ec2", "CreateFleet", ec2Failures, async (aws) => {
    const { client, fleet, machines } = await stageMachines(aws, attempt);
    return {
      send: () => client.send(new CreateFleetCommand(fleet(2))),
      done: async () => (await machines()).length,
      most: 2,
    };
  }),
  once("ec2", "TerminateInstances", ec2Failures, async (aws) => {
    const { client, run, machines } = await stageMachines(aws, attempt);
    const { Instances = [] } = await client.send(new RunInstancesCommand(run(2)));
    const InstanceIds = Instances.map(({ InstanceId = "" }) => InstanceId);
    return {
      send: () => client.send(new TerminateInstancesCommand({ InstanceIds })),
      done: async () => (await machines()).filter(({ State }) => State?.Code === 48).length,
      most: 2,
    };
  }),
]);

const found = (item: object | undefined) => (item === undefined ? 0 : 1);
