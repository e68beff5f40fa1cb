import { lifecycleRules } from "../bucket-lifecycle.ts";
import { queueAttributes } from "../queue-attributes.ts";
import type { Stack, StackQueue } from "../stack.ts";
import { tableInput } from "../table-input.ts";
import { logicalId } from "./logical-ids.ts";
import type { TemplateResources } from "./resource.ts";
import { attributeOf, referenceTo, templateValue } from "./template-value.ts";

/** Tables, as CloudFormation has them. */
export function tableResources(stack: Stack, tags: unknown): TemplateResources {
  return Object.fromEntries(
    stack.tables.map((table) => [
      logicalId.table(table),
      {
        Type: "AWS::DynamoDB::Table",
        ...deletion(stack),
        Properties: templateValue({
          ...tableInput(table),
          ...(table.ttlAttribute === undefined
            ? {}
            : {
                TimeToLiveSpecification: { AttributeName: table.ttlAttribute, Enabled: true },
              }),
          PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: table.pointInTimeRecovery,
          },
          Tags: tags,
        }),
      },
    ]),
  );
}

/** Queues and who may send to them. */
export function queueResources({ queues }: Stack, tags: unknown): TemplateResources {
  const resources: Record<string, TemplateResources[string]> = {};
  const deadLetterArnOf = ({ redrive }: StackQueue) => {
    const dead = queues.find(({ arn }) => arn === redrive?.deadLetterArn);
    return dead === undefined ? undefined : attributeOf(logicalId.queue(dead), "Arn");
  };
  for (const queue of queues) {
    const { Policy, RedrivePolicy, ...attributes } = queueAttributes(queue);
    const id = logicalId.queue(queue);
    resources[id] = {
      Type: "AWS::SQS::Queue",
      // Messages are worth nothing without the tables that they are about.
      DeletionPolicy: "Delete",
      UpdateReplacePolicy: "Delete",
      Properties: templateValue({
        QueueName: queue.name,
        ...attributes,
        ...(RedrivePolicy === undefined
          ? {}
          : { RedrivePolicy: { ...RedrivePolicy, deadLetterTargetArn: deadLetterArnOf(queue) } }),
        Tags: tags,
      }),
    };
    if (Policy === undefined) continue;
    resources[`${id}Policy`] = {
      Type: "AWS::SQS::QueuePolicy",
      Properties: templateValue({ Queues: [referenceTo(id)], PolicyDocument: Policy }),
    };
  }
  return resources;
}

/** The bucket and its policy. */
export function bucketResources(stack: Stack, tags: unknown): TemplateResources {
  const { bucket } = stack;
  return {
    Bucket: {
      Type: "AWS::S3::Bucket",
      ...deletion(stack),
      Properties: templateValue({
        BucketName: bucket.name,
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } },
          ],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
        VersioningConfiguration: { Status: "Enabled" },
        LifecycleConfiguration: {
          Rules: lifecycleRules(bucket).map(({ ID, Filter, Expiration, ...rule }) => ({
            Id: ID,
            ...(Filter.Prefix === "" ? {} : { Prefix: Filter.Prefix }),
            ...(Expiration === undefined ? {} : { ExpirationInDays: Expiration.Days }),
            ...rule,
          })),
        },
        Tags: tags,
      }),
    },
    BucketPolicy: {
      Type: "AWS::S3::BucketPolicy",
      Properties: templateValue({ Bucket: referenceTo("Bucket"), PolicyDocument: bucket.policy }),
    },
  };
}

/** What happens to data when the stack is deleted. */
function deletion({ keepsData }: Stack) {
  const what = keepsData ? "Retain" : "Delete";
  return { DeletionPolicy: what, UpdateReplacePolicy: what };
}
