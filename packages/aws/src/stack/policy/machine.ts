import { tableNameOf } from "../../dynamodb/tables.ts";
import type { StackPermission } from "./permission.ts";
import { arnsIn, type PolicyScope } from "./scope.ts";

/**
 * The ARN of the machine that holds the credentials. EC2 puts it into the credentials of an instance profile, and nobody who
 * holds them can change it. Source: IAM guide, AWS global condition context keys, ec2:SourceInstanceArn, read 2026-11-28.
 */
const ownArn = `\${ec2:SourceInstanceARN}`;

/**
 * What a machine may do. The code of a job runs beside its agent and can get its credentials: they have to be harmless in the
 * hands of a stranger.
 */
export function machinePermissions(scope: PolicyScope): readonly StackPermission[] {
  const { names, place } = scope;
  const arns = arnsIn(place);
  const objects = (rest: string) => `${arns.bucket(names.bucket)}/${rest}`;
  return [
    {
      sid: "OwnAssignment",
      actions: {
        "dynamodb:GetItem": "Reads the document that says which runner this machine is to start.",
        "dynamodb:UpdateItem": "Blanks the credential in that document before a job runs.",
      },
      resources: [arns.table(tableNameOf(names.tablePrefix, "assignments"))],
      scope: "the item whose key is the machine's own ARN, in the table of assignments",
      conditions: {
        // True when the request names no key at all, so that is refused by the second condition.
        "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [ownArn] },
        Null: { "dynamodb:LeadingKeys": "false" },
      },
    },
    {
      sid: "Report",
      actions: {
        "sqs:SendMessage":
          "Says that it is ready, what its job does, and how it ended. SQS adds who has sent it, so a machine speaks for itself alone.",
      },
      resources: [arns.queue(names.queues.reports)],
      scope: "the queue of reports",
    },
    {
      sid: "OwnLogs",
      actions: {
        "s3:PutObject": "Keeps the logs of its agent and its runner.",
        "s3:GetObject":
          "Learns whether a part of them is stored when the answer was lost; conditions of writes read nothing else.",
      },
      resources: [objects(`logs/${ownArn}/*`)],
      scope: "objects below logs/ and the machine's own ARN",
    },
    {
      sid: "RunnerMirror",
      actions: { "s3:GetObject": "Fetches the runner, which is compared with its SHA-256." },
      resources: [objects("runners/*")],
      scope: "objects below runners/",
    },
  ];
}
