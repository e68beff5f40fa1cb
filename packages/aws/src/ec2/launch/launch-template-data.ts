import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { assertRootVolume, type Ec2RootVolume, rootMapping } from "./root-volume.ts";

/** What a launch template says of the machines of one system and architecture. */
export interface Ec2LaunchTemplateOptions {
  /** An image such as `ami-0123456789abcdef0`, or `resolve:ssm:` and the name of a parameter that holds one. */
  readonly imageId: string;
  /** Instance profile with the machine's role, by its ARN. */
  readonly instanceProfileArn: string;
  /** At least one, such as `sg-0123456789abcdef0`. */
  readonly securityGroupIds: readonly string[];
  /** The image's root volume. */
  readonly rootVolume: Ec2RootVolume;
}

/**
 * The data of a launch template: instance metadata only with a session token, one hop away and with the tags in it; a
 * shutdown from inside ends the machine; the root volume is encrypted. No type, no subnet, no market and no tags: every launch
 * says these. No user data: what an agent has to know stands in the tags and in the image.
 *
 * @throws A TypeError or a RangeError that names the option.
 */
export function launchTemplateData(options: Ec2LaunchTemplateOptions): RequestLaunchTemplateData {
  const { imageId, instanceProfileArn, securityGroupIds, rootVolume } = options;
  if (!/^(?:ami-[0-9a-f]+|resolve:ssm:\S+)$/u.test(imageId)) {
    throw new TypeError(`imageId must be ami-... or resolve:ssm:..., is ${imageId}`);
  }
  if (!/^arn:[^:]+:iam::\d{12}:instance-profile\/\S+$/u.test(instanceProfileArn)) {
    throw new TypeError(
      `instanceProfileArn must be the ARN of an instance profile, is ${instanceProfileArn}`,
    );
  }
  const bad = securityGroupIds.find((id) => !/^sg-[0-9a-f]+$/u.test(id));
  if (securityGroupIds.length === 0 || bad !== undefined) {
    throw new TypeError(`securityGroupIds must be one or more of sg-..., has ${bad ?? "none"}`);
  }
  assertRootVolume(rootVolume, "rootVolume");
  return {
    ImageId: imageId,
    IamInstanceProfile: { Arn: instanceProfileArn },
    SecurityGroupIds: [...securityGroupIds],
    InstanceInitiatedShutdownBehavior: "terminate",
    // One hop: a container that a job starts is two hops away and cannot ask for the machine's role.
    MetadataOptions: {
      HttpEndpoint: "enabled",
      HttpTokens: "required",
      HttpPutResponseHopLimit: 1,
      InstanceMetadataTags: "enabled",
    },
    BlockDeviceMappings: [rootMapping(rootVolume)],
  };
}
