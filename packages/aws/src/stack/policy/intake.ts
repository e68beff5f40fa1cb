import { tableNameOf } from "../../dynamodb/tables.ts";
import type { StackPermission } from "./permission.ts";
import { arnsIn, type PolicyScope } from "./scope.ts";

/** What a process may do that takes webhooks and nothing else, such as a function that anybody can call. */
export function intakePermissions({ names, place }: PolicyScope): readonly StackPermission[] {
  const arns = arnsIn(place);
  return [
    {
      sid: "Enqueue",
      actions: {
        "sqs:SendMessage": "Puts a job into the queue before the webhook is answered.",
        "sqs:GetQueueAttributes":
          "Looks whether the queue is there, before it says that it is ready.",
      },
      resources: [arns.queue(names.queues.demand)],
      scope: "the queue of jobs",
    },
    {
      sid: "Deliveries",
      actions: {
        "dynamodb:GetItem": "Knows a delivery again that GitHub sends twice.",
        "dynamodb:PutItem": "Remembers a delivery once its job is in the queue.",
      },
      resources: [arns.table(tableNameOf(names.tablePrefix, "deliveries"))],
      scope: "the table of deliveries",
    },
    {
      sid: "Configuration",
      actions: {
        "dynamodb:GetItem":
          "Reads the configuration that a controller applied, for the same labels.",
      },
      resources: [
        arns.table(tableNameOf(names.tablePrefix, "configurations")),
        arns.table(tableNameOf(names.tablePrefix, "pools")),
      ],
      scope: "the tables of configurations and pools",
    },
    {
      sid: "Catalog",
      actions: { "s3:GetObject": "Reads the catalog, which says what labels are ours." },
      resources: [`${arns.bucket(names.bucket)}/configuration/*`],
      scope: "objects below configuration/",
    },
    {
      sid: "OwnLog",
      actions: {
        "logs:CreateLogGroup": "Begins the log of the function, where there is none yet.",
        "logs:CreateLogStream": "Begins the log of one instance of the function.",
        "logs:PutLogEvents": "Writes to it.",
      },
      resources: [arns.logGroup(`/aws/lambda/${names.intake}`)],
      scope: `the log of the function ${names.intake}`,
    },
  ];
}
