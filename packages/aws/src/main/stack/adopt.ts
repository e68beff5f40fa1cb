import {
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
} from "@aws-sdk/client-ec2";
import type { StackClients } from "../../stack/apply/index.ts";
import { findTemplate } from "../../stack/apply/machines.ts";
import type { StackImage, StackImageKey, StackOptions } from "../../stack/index.ts";
import { defaultVpc } from "./account.ts";

/** Never an image, never a VPC: what they stand for is missing. */
const noImage = "ami-00000000";
const noVpc = "vpc-00000000";

const keys: readonly StackImageKey[] = ["linux-arm64", "linux-x64", "windows-x64"];

/** Options, with what was not said taken from what is there: images with their volumes, and the VPC of the security group. */
export async function adopted(
  { ec2 }: Pick<StackClients, "ec2">,
  prefix: string,
  options: StackOptions,
): Promise<StackOptions> {
  const images = options.images ?? (await adoptedImages(ec2, prefix));
  const vpcId = options.vpcId ?? (await adoptedVpc(ec2, `${prefix}machine`));
  return { ...options, images, vpcId };
}

async function adoptedImages(
  ec2: StackClients["ec2"],
  prefix: string,
): Promise<NonNullable<StackOptions["images"]>> {
  const images: Partial<Record<StackImageKey, StackImage>> = {};
  for (const key of keys) {
    const name = `${prefix}${key}`;
    if ((await findTemplate(ec2, name)) === undefined) continue;
    images[key] = await imageOf(ec2, name);
  }
  if (Object.keys(images).length > 0) return images;
  return { "linux-arm64": { imageId: noImage }, "linux-x64": { imageId: noImage } };
}

async function imageOf(ec2: StackClients["ec2"], name: string): Promise<StackImage> {
  const { LaunchTemplateVersions: versions = [] } = await ec2.send(
    new DescribeLaunchTemplateVersionsCommand({
      LaunchTemplateName: name,
      Versions: ["$Default"],
    }),
  );
  const data = versions[0]?.LaunchTemplateData;
  const [root] = data?.BlockDeviceMappings ?? [];
  const { VolumeSize: sizeGib, Iops: iops, Throughput: throughputMibps } = root?.Ebs ?? {};
  const imageId = data?.ImageId ?? noImage;
  if (root?.DeviceName === undefined || sizeGib === undefined) return { imageId };
  return {
    imageId,
    rootVolume: {
      deviceName: root.DeviceName,
      sizeGib,
      ...(iops === undefined ? {} : { iops }),
      ...(throughputMibps === undefined ? {} : { throughputMibps }),
      ...(root.Ebs?.KmsKeyId === undefined ? {} : { kmsKeyId: root.Ebs.KmsKeyId }),
    },
  };
}

async function adoptedVpc(ec2: StackClients["ec2"], groupName: string): Promise<string> {
  const { SecurityGroups = [] } = await ec2.send(
    new DescribeSecurityGroupsCommand({ Filters: [{ Name: "group-name", Values: [groupName] }] }),
  );
  return SecurityGroups[0]?.VpcId ?? (await defaultVpc(ec2)) ?? noVpc;
}
