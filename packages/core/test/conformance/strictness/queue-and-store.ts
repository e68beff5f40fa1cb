import { queueCases } from "../queue-cases.ts";
import { storeCases } from "../store-cases.ts";
import { row, rowsOf, type Source, type StrictnessTable } from "./row.ts";
import { sources } from "./sources.ts";

const ofQueue: Readonly<Record<string, Source>> = {
  "a message carries its body and its trace": sources.sqs,
  "a received message is hidden, and comes again when its visibility runs out":
    sources.sqsVisibility,
  "an acknowledged message never comes again": sources.sqsDelete,
  "a message that is extended by 0 comes again at once": sources.sqsVisibility,
  "acknowledging twice is fine": sources.sqsDelete,
  "a late acknowledgement counts while nobody else has the message": sources.sqsDelete,
  "a receive answers no more than asked for": sources.sqsReceive,
  "a message of more than a mebibyte is refused": sources.sqs,
  "a deduplication id sends once within 5 minutes": sources.sqsDeduplication,
  "a deduplication id sends once within 5 minutes although the first was acknowledged":
    sources.sqsDeduplication,
};

const sqs = "test/conformance/queue-moto.emulator.ts";
const queue = "src/embedded/memory-queue.test.ts";
const receiving = "src/testing/contracts/message-queue-receiving.ts";
const sending = "src/testing/contracts/message-queue-sending.ts";
/** The adapter passes the contract on an emulator, this rule included. */
function contract(suite: string): string {
  const name = suite.slice(suite.indexOf("/") + 1);
  const emulator = suite.startsWith("sqs") ? "moto and fauxqs" : "DynamoDB Local";
  return `the adapter holds it on ${emulator} ([${name}.emulator.ts](../packages/aws/test/${suite}.emulator.ts))`;
}

const adapter = "; the adapter's to respect, our queue has no such limit";

/** The queue. */
export const queueTable: StrictnessTable = {
  fake: "Queue: `createMemoryQueue`, for SQS",
  emulator: "moto",
  rows: [
    ...rowsOf(queueCases, "test/conformance/queue-memory.test.ts", ofQueue),
    row(
      "A message over 256 KiB is refused, and no other of its batch",
      sources.bodyRule,
      sending,
      "refuses a message that is too large",
      "takes it, as SQS does",
    ),
    row(
      "The receipt of an earlier receive changes nothing",
      sources.sqsDelete,
      queue,
      "ignores the receipt of an earlier receive",
      "not tried: a standard queue may delete all the same",
    ),
    row(
      "A message that nobody acknowledges becomes a dead letter",
      sources.sqsReceive,
      queue,
      "makes a dead letter of a message",
      "agrees: its redrive policy moves it ([poison.emulator.ts](../packages/aws/test/sqs/poison.emulator.ts))",
    ),
    row(
      "Numbers out of range are refused",
      sources.sqsReceive,
      queue,
      "refuses numbers that are out of range",
      "not tried: our own ranges",
    ),
    row(
      "25 acknowledgements at once",
      { kind: "house", title: "the port has no limit: adapters split" },
      receiving,
      "takes the acknowledgement of 25",
      `${contract("sqs/queue.contract")}, in batches of ten`,
    ),
    row(
      `A batch has at most 10 messages${adapter}`,
      sources.sqs,
      sqs,
      "a batch has at most 10 messages",
      "agrees",
    ),
    row(
      `A receive asks for at most 10 messages${adapter}`,
      sources.sqsReceive,
      sqs,
      "a receive asks for at most 10",
      "agrees",
    ),
    row(
      `A long poll waits for at most 20 seconds${adapter}`,
      sources.sqsReceive,
      sqs,
      "a long poll waits for at most 20",
      "agrees",
    ),
    row(
      `A message is hidden for at most 12 hours${adapter}`,
      sources.sqsVisibility,
      sqs,
      "a message is hidden for at most 12",
      "agrees",
    ),
    row(
      `A message has at most 10 attributes${adapter}`,
      sources.sqs,
      sqs,
      "a message has at most 10 attributes",
      "lies: takes any number",
    ),
    row(
      `A message has a body${adapter}`,
      sources.sqs,
      sqs,
      "a message has a body",
      "lies: takes an empty one",
    ),
  ],
};

const ofStore: Readonly<Record<string, Source>> = {
  "a record is created once": sources.dynamodbConditions,
  "a record changes under its version and no other": sources.dynamodbConditions,
  "a record that is absent has no version": sources.dynamodbConditions,
  "a record is deleted under its version, and can be created again": sources.dynamodbConditions,
  "a commit writes all or nothing": sources.dynamodbTransactions,
  "an older epoch changes nothing that a newer one wrote": sources.dynamodbConditions,
  "an id is not empty": sources.dynamodbLimits,
  "a record has at most 400 KB": sources.dynamodbLimits,
  "a commit has at most 99 writes beside the lease": sources.dynamodbTransactions,
  "a commit writes no record twice": sources.dynamodbTransactions,
};

const dynamodb = "test/conformance/store-moto.emulator.ts";
const reading = "src/testing/contracts/state-store-reading.ts";
const fencing = "src/testing/contracts/state-store-fencing.ts";
const commits = "src/testing/contracts/state-store-commits.ts";
const later = contract("dynamodb/store");

/** The store. */
export const storeTable: StrictnessTable = {
  fake: "Store: `createMemoryStore`, for DynamoDB",
  emulator: "moto",
  rows: [
    ...rowsOf(storeCases, "test/conformance/store-memory.test.ts", ofStore),
    row(
      "One of many commits of the same version wins",
      sources.dynamodbTransactions,
      commits,
      "lets one of many commits of the same version win",
      `lies: lets several win; ${later}`,
    ),
    row(
      "An expired record is absent at its instant, cleared away or not",
      sources.dynamodbTtl,
      reading,
      "answers nothing for an expired record",
      "not tried: never deletes; reads must filter on any DynamoDB",
    ),
    row(
      "A value that is no JSON is refused",
      sources.shardRule,
      commits,
      "refuses what is no JSON value",
      later,
    ),
    row(
      "A record of another shard is refused",
      sources.shardRule,
      fencing,
      "refuses a record of another shard",
      later,
    ),
    row(
      "A checked commit needs the live lease",
      sources.dynamodbTransactions,
      fencing,
      "refuses a checked commit once another owner",
      later,
    ),
    row(
      "A table that does not exist is refused",
      sources.dynamodbErrors,
      reading,
      "refuses to read from a table that does not exist",
      "agrees",
    ),
    row(
      "A reserved word stands behind a #; the adapter's to respect",
      sources.dynamodbConditions,
      dynamodb,
      "a name that is reserved is refused",
      "agrees",
    ),
    row(
      "A batch outside transactions has at most 25 writes; the adapter's to respect",
      sources.dynamodbLimits,
      dynamodb,
      "a batch has at most 25 writes",
      "lies: takes any number",
    ),
  ],
};
