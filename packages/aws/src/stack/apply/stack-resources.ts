import type { Clock } from "@runs-fleet/core";
import { hasPlaceholder } from "../place.ts";
import type { Stack } from "../stack.ts";
import { bucketResource } from "./bucket.ts";
import { bucketSettings } from "./bucket-settings.ts";
import type { StackClients } from "./clients.ts";
import { findGroupId, securityGroupResource, templateResource } from "./machines.ts";
import { attachmentResource, policyResource, profileResource, roleResource } from "./policies.ts";
import { queueResource } from "./queues.ts";
import type { StackResource } from "./resource.ts";
import { ruleResource } from "./rules.ts";
import { recoveryResource, tableResource, timeToLiveResource } from "./tables.ts";

/**
 * Everything that a stack is made of, in steps: what is in one step needs nothing but the steps before it.
 *
 * @throws A TypeError for a stack with placeholders, which only CloudFormation can make.
 */
export function stackResources(
  clients: StackClients,
  stack: Stack,
  clock: Clock,
): readonly (readonly StackResource[])[] {
  assertConcrete(stack);
  const { dynamodb, ec2, eventbridge, iam, s3, sqs } = clients;
  const { tags, tables, queues, bucket, roles, policies, rules, launchTemplates } = stack;
  const { securityGroup, place } = stack;
  const ownGroup = async () =>
    securityGroup === undefined ? undefined : findGroupId(ec2, securityGroup);
  const queue = (dead: boolean) =>
    queues
      .filter(({ redrive }) => (redrive === undefined) === dead)
      .map((one) => queueResource(sqs, one, tags));
  const withProfile = roles.filter(({ hasProfile }) => hasProfile);
  return [
    [
      ...tables.map((table) => tableResource(dynamodb, table, tags, clock)),
      ...queue(true),
      bucketResource(s3, bucket, place.region),
      ...policies.map((policy) => policyResource(iam, policy, tags)),
      ...(securityGroup === undefined ? [] : [securityGroupResource(ec2, securityGroup, tags)]),
    ],
    [
      ...tables.flatMap((table) => timeToLiveResource(dynamodb, table) ?? []),
      ...queue(false),
      ...roles.map((role) => roleResource(iam, role, tags)),
    ],
    [
      ...tables.map((table) => recoveryResource(dynamodb, table, clock)),
      ...roles.map((role) => attachmentResource(iam, role, clock)),
      ...withProfile.map((role) => profileResource(iam, role, tags, clock)),
      ...rules.map((rule) => ruleResource(eventbridge, rule, tags)),
    ],
    // S3 takes one change of a bucket at a time.
    ...bucketSettings(s3, bucket, tags).map((setting) => [setting]),
    launchTemplates.map((template) => templateResource(ec2, template, tags, ownGroup)),
  ];
}

function assertConcrete({ place, launchTemplates, securityGroup }: Stack): void {
  const values = {
    accountId: place.accountId,
    vpcId: securityGroup?.vpcId ?? "",
    ...Object.fromEntries(launchTemplates.map(({ key, imageId }) => [`images.${key}`, imageId])),
  };
  for (const [option, value] of Object.entries(values)) {
    if (!hasPlaceholder(value)) continue;
    throw new TypeError(`${option} is not known: a stack that is applied needs all its options`);
  }
}
