import {
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  DeleteLaunchTemplateCommand,
  DeleteSecurityGroupCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type LaunchTemplate,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { FleetError } from "@runs-fleet/core";
import { launchTemplateData } from "../../ec2/launch/launch-template-data.ts";
import type { StackLaunchTemplate, StackSecurityGroup } from "../stack.ts";
import { createCaller } from "./call.ts";
import { absent, compare, type StackResource, tagList } from "./resource.ts";

const { call, find } = createCaller("EC2");
const noTemplate = [
  "InvalidLaunchTemplateName.NotFoundException",
  "InvalidLaunchTemplateId.NotFound",
];
const noGroup = ["InvalidGroup.NotFound"];

/** The security group as EC2 has it. */
async function findGroup(
  client: EC2Client,
  { name, vpcId }: StackSecurityGroup,
): Promise<SecurityGroup | undefined> {
  const { SecurityGroups = [] } = await call(`look for security group ${name}`, () =>
    client.send(
      new DescribeSecurityGroupsCommand({
        Filters: [
          { Name: "group-name", Values: [name] },
          { Name: "vpc-id", Values: [vpcId] },
        ],
      }),
    ),
  );
  return SecurityGroups[0];
}

/** The id of the security group; `undefined` when there is none. */
export async function findGroupId(
  client: EC2Client,
  group: StackSecurityGroup,
): Promise<string | undefined> {
  return (await findGroup(client, group))?.GroupId;
}

/** The security group, into which nothing comes. */
export function securityGroupResource(
  client: EC2Client,
  group: StackSecurityGroup,
  tags: Readonly<Record<string, string>>,
): StackResource {
  const { name, description, vpcId } = group;
  return {
    kind: "security group",
    name,
    async look() {
      const found = await findGroup(client, group);
      if (found === undefined) return absent;
      return compare({ waysIn: 0 }, { waysIn: found.IpPermissions?.length ?? 0 });
    },
    async create() {
      await call(`make security group ${name}`, () =>
        client.send(
          new CreateSecurityGroupCommand({
            GroupName: name,
            Description: description,
            VpcId: vpcId,
            TagSpecifications: [{ ResourceType: "security-group", Tags: tagList(tags) }],
          }),
        ),
      );
    },
    async remove() {
      const GroupId = await findGroupId(client, group);
      if (GroupId === undefined) return;
      await find(`delete security group ${name}`, noGroup, () =>
        client.send(new DeleteSecurityGroupCommand({ GroupId })),
      );
    },
  };
}

/** A launch template as EC2 has it; `undefined` when there is none of that name. */
export async function findTemplate(
  client: EC2Client,
  name: string,
): Promise<LaunchTemplate | undefined> {
  const answer = await find(`look for launch template ${name}`, noTemplate, () =>
    client.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: [name] })),
  );
  return answer?.LaunchTemplates?.[0];
}

/**
 * A launch template. Its default version is what counts: that is what machines are launched from.
 *
 * @param ownGroup - Finds the security group of the stack, for templates that name none.
 */
export function templateResource(
  client: EC2Client,
  template: StackLaunchTemplate,
  tags: Readonly<Record<string, string>>,
  ownGroup: () => Promise<string | undefined>,
): StackResource {
  const { name, securityGroupIds } = template;
  const data = async () => {
    const own = securityGroupIds.length === 0 ? await ownGroup() : undefined;
    const groups = own === undefined ? securityGroupIds : [own];
    return groups.length === 0
      ? undefined
      : launchTemplateData({ ...template, securityGroupIds: groups });
  };
  return {
    kind: "launch template",
    name,
    async look() {
      const found = await findTemplate(client, name);
      if (found === undefined) return absent;
      const { LaunchTemplateVersions = [] } = await call(`read launch template ${name}`, () =>
        client.send(
          new DescribeLaunchTemplateVersionsCommand({
            LaunchTemplateName: name,
            Versions: ["$Default"],
          }),
        ),
      );
      const wanted = await data();
      const is = LaunchTemplateVersions[0]?.LaunchTemplateData ?? {};
      const isTags = Object.fromEntries(
        (found.Tags ?? []).map(({ Key = "", Value }) => [Key, Value]),
      );
      return compare(
        {
          ...wanted,
          ...(wanted === undefined ? { SecurityGroupIds: "that of the stack" } : {}),
          Tags: tags,
        },
        { ...within({ ...wanted }, { ...is }), Tags: isTags },
      );
    },
    async create() {
      const LaunchTemplateData = await data();
      if (LaunchTemplateData === undefined) {
        const message = `Launch template ${name} needs a security group, and there is none`;
        throw new FleetError({ kind: "config", message });
      }
      await call(`make launch template ${name}`, () =>
        client.send(
          new CreateLaunchTemplateCommand({
            LaunchTemplateName: name,
            LaunchTemplateData,
            TagSpecifications: [{ ResourceType: "launch-template", Tags: tagList(tags) }],
          }),
        ),
      );
    },
    async remove() {
      const LaunchTemplateId = (await findTemplate(client, name))?.LaunchTemplateId;
      if (LaunchTemplateId === undefined) return;
      await find(`delete launch template ${name}`, noTemplate, () =>
        client.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId })),
      );
    },
  };
}

/** Of an answer, what was asked for: EC2 adds what it made of it. */
function within(wanted: unknown, is: unknown): Record<string, unknown> {
  return pick(wanted, is) as Record<string, unknown>;
}

function pick(wanted: unknown, is: unknown): unknown {
  if (Array.isArray(wanted) && Array.isArray(is)) {
    return is.map((item, index) => pick(wanted[index], item));
  }
  if (typeof wanted !== "object" || wanted === null || typeof is !== "object" || is === null) {
    return is;
  }
  return Object.fromEntries(
    Object.entries(wanted).map(([key, value]) => [
      key,
      pick(value, (is as Readonly<Record<string, unknown>>)[key]),
    ]),
  );
}
