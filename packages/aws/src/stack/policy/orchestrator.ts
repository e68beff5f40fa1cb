import { dynamodbTables } from "../../dynamodb/tables.ts";
import { deadLetterName } from "../names.ts";
import type { StackPermission } from "./permission.ts";
import { purchasePermissions } from "./purchase.ts";
import { arnsIn, type PolicyScope } from "./scope.ts";

/** What a process may do that controls the fleet of one environment, and takes webhooks. */
export function orchestratorPermissions(scope: PolicyScope): readonly StackPermission[] {
  return [
    ...purchasePermissions(scope),
    statePermission(scope),
    ...queuePermissions(scope),
    ...objectPermissions(scope),
  ];
}

/** Tables are named one by one: the tables of `ci-2` begin like those of `ci`. */
function statePermission({ names, place }: PolicyScope): StackPermission {
  const arns = arnsIn(place);
  const tables = dynamodbTables(names.tablePrefix);
  return {
    sid: "State",
    actions: {
      "dynamodb:GetItem": "Reads a record, a lease, a delivery.",
      "dynamodb:BatchGetItem": "Reads the records that a shard has open, a hundred at a time.",
      "dynamodb:Query": "Finds the records that a shard has open.",
      "dynamodb:PutItem": "Stores a record, before what it announces is done.",
      "dynamodb:UpdateItem": "Takes, renews and releases the lease of a shard.",
      "dynamodb:DeleteItem": "Takes back an assignment that no machine has read.",
      "dynamodb:ConditionCheckItem":
        "Checks in the same transaction that no other process has taken over.",
    },
    resources: tables.flatMap(({ name, index }) => [
      arns.table(name),
      ...(index === undefined ? [] : [`${arns.table(name)}/index/${index.name}`]),
    ]),
    scope: "the environment's tables and their indexes, each by its name",
  };
}

function queuePermissions({ names, place }: PolicyScope): readonly StackPermission[] {
  const arns = arnsIn(place);
  const queues = Object.values(names.queues);
  const receive = {
    "sqs:ReceiveMessage": "Takes messages.",
    "sqs:DeleteMessage": "Removes a message once what it says is stored.",
    "sqs:ChangeMessageVisibility": "Keeps a message hidden while it is worked on.",
    "sqs:GetQueueAttributes": "Counts what waits, and finds the dead-letter queue.",
    "sqs:GetQueueUrl": "Finds the dead-letter queue.",
  };
  return [
    {
      sid: "Receive",
      actions: receive,
      resources: queues.flatMap((queue) => [arns.queue(queue), arns.queue(deadLetterName(queue))]),
      scope: "the environment's queues and their dead-letter queues",
    },
    {
      sid: "Send",
      actions: {
        "sqs:SendMessage":
          "Puts jobs into their queue; puts aside what cannot be read; brings back what was put aside.",
      },
      resources: [
        arns.queue(names.queues.demand),
        ...queues.map((queue) => arns.queue(deadLetterName(queue))),
      ],
      scope: "the queue of jobs and the dead-letter queues; reports are sent by machines alone",
    },
  ];
}

function objectPermissions({ names, place }: PolicyScope): readonly StackPermission[] {
  const bucket = arnsIn(place).bucket(names.bucket);
  return [
    {
      sid: "Objects",
      actions: {
        "s3:GetObject": "Reads the catalog, logs, and what it has stored.",
        "s3:PutObject": "Stores runner archives and snapshots of the configuration.",
      },
      resources: ["configuration", "runners", "logs"].map((folder) => `${bucket}/${folder}/*`),
      scope: "objects below configuration/, runners/ and logs/",
    },
    {
      sid: "Listing",
      actions: {
        "s3:ListBucket": "Without it S3 does not tell absent objects from forbidden ones.",
      },
      resources: [bucket],
      scope: "the environment's bucket",
    },
  ];
}
