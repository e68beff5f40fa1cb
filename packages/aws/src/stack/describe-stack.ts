import { dynamodbTables } from "../dynamodb/tables.ts";
import { ec2TagKeys } from "../ec2/tag-rules.ts";
import { describeQueues } from "./describe-queues.ts";
import { describeRoles } from "./describe-roles.ts";
import { describeRules } from "./describe-rules.ts";
import { type StackImageKey, stackNames } from "./names.ts";
import { type FilledStackOptions, fillStackOptions, type StackOptions } from "./options.ts";
import { placeOf, type StackPlace, templatePlace } from "./place.ts";
import { onlyByTls } from "./policy/resource-policies.ts";
import { arnsIn, type PolicyScope } from "./policy/scope.ts";
import type { Stack, StackLaunchTemplate } from "./stack.ts";

/** How long replaced versions of the configuration are kept, days. */
const configurationDays = 90;

/**
 * What AWS has to have for one environment. Nothing is called.
 *
 * With `region`, `accountId`, `vpcId` and the images it is what stands in one account: `applyStack` can make it. Without them
 * it has placeholders, which become parameters of the template that `renderCloudFormation` makes.
 *
 * @throws A TypeError or a RangeError that names the option.
 * @example
 * const template = renderCloudFormation(describeStack({ environment: "ci" }));
 */
export function describeStack(options: StackOptions): Stack {
  const filled = fillStackOptions(options);
  const { environment, vpcId, images, fifo, securityGroupIds, keepsData, logDays } = filled;
  const place = placeFrom(options);
  const names = stackNames(environment, place, fifo);
  const arns = arnsIn(place);
  const ids = Object.fromEntries(
    Object.entries(images).map(([key, { imageId }]) => [key, imageId]),
  );
  const scope: PolicyScope = { environment, place, names, vpcId, images: ids };
  const rules = describeRules(scope);
  const bucketArn = arns.bucket(names.bucket);
  return {
    environment,
    place,
    names,
    tags: { ...filled.tags, [ec2TagKeys.environment]: environment },
    keepsData,
    tables: dynamodbTables(names.tablePrefix),
    queues: describeQueues(scope, rules),
    bucket: {
      name: names.bucket,
      arn: bucketArn,
      logDays,
      configurationDays,
      policy: onlyByTls(bucketArn),
    },
    ...(securityGroupIds.length > 0
      ? {}
      : {
          securityGroup: {
            name: names.machine,
            description: `Machines of runs-fleet ${environment}: nothing comes in`,
            vpcId,
          },
        }),
    launchTemplates: describeTemplates(filled, names.prefix, arns.profile(names.machine)),
    ...describeRoles(scope, filled),
    rules,
  };
}

function placeFrom({ region, accountId }: StackOptions): StackPlace {
  if (region === undefined && accountId === undefined) return templatePlace;
  if (region === undefined || accountId === undefined) {
    throw new TypeError("region and accountId must be given both, or neither");
  }
  return placeOf(region, accountId);
}

function describeTemplates(
  { images, securityGroupIds }: FilledStackOptions,
  prefix: string,
  instanceProfileArn: string,
): readonly StackLaunchTemplate[] {
  return (Object.entries(images) as [StackImageKey, FilledImage][]).map(([key, image]) => ({
    key,
    name: `${prefix}${key}`,
    imageId: image.imageId,
    instanceProfileArn,
    securityGroupIds,
    rootVolume: image.rootVolume,
  }));
}

type FilledImage = NonNullable<FilledStackOptions["images"][StackImageKey]>;
