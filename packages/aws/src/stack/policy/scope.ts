import type { StackImageKey, StackNames } from "../names.ts";
import type { StackPlace } from "../place.ts";

/** What the policies of one environment are about. */
export interface PolicyScope {
  /** Name of the environment. */
  readonly environment: string;
  /** Account and region. */
  readonly place: StackPlace;
  /** Names of all that is in it. */
  readonly names: StackNames;
  /** The VPC of the machines. */
  readonly vpcId: string;
  /** Images of the launch templates. Those that Parameter Store names are looked up with the caller's permissions. */
  readonly images: Readonly<Partial<Record<StackImageKey, string>>>;
}

/** ARNs within a place. */
export function arnsIn({ partition, region, accountId }: StackPlace) {
  const own = (service: string, rest: string) =>
    `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
  return {
    ec2: (rest: string) => own("ec2", rest),
    /** Images belong to no account in their ARNs. */
    image: `arn:${partition}:ec2:${region}::image/*`,
    table: (name: string) => own("dynamodb", `table/${name}`),
    queue: (name: string) => own("sqs", name),
    /** A log of CloudWatch, with its streams. */
    logGroup: (name: string) => own("logs", `log-group:${name}:*`),
    rule: (name: string) => own("events", `rule/${name}`),
    bucket: (name: string) => `arn:${partition}:s3:::${name}`,
    role: (name: string) => `arn:${partition}:iam::${accountId}:role/${name}`,
    policy: (name: string) => `arn:${partition}:iam::${accountId}:policy/${name}`,
    profile: (name: string) => `arn:${partition}:iam::${accountId}:instance-profile/${name}`,
    parameter: (name: string) =>
      // AWS's own parameters belong to no account.
      name.startsWith("/aws/")
        ? `arn:${partition}:ssm:${region}::parameter${name}`
        : own("ssm", `parameter${name.startsWith("/") ? "" : "/"}${name}`),
  };
}
