import { assertRootVolume, type Ec2RootVolume } from "../ec2/launch/root-volume.ts";
import { ec2TagKeys, tagProblem } from "../ec2/tag-rules.ts";
import type { StackImageKey, StackQueueKind } from "./names.ts";
import { hasPlaceholder } from "./place.ts";
import type { StackHost } from "./policy/trust.ts";

/** An image that machines are launched from. */
export interface StackImage {
  /** `ami-...`, or `resolve:ssm:` and the name of a parameter that holds one. @defaultValue a parameter of the template */
  readonly imageId?: string;
  /** Its root volume. @defaultValue 30 GiB at `/dev/xvda` for Linux, 80 GiB at `/dev/sda1` for Windows */
  readonly rootVolume?: Ec2RootVolume;
}

/** Options of `describeStack`. */
export interface StackOptions {
  /** Name of the environment, such as `ci`: up to 24 letters in lower case, digits and dashes. */
  readonly environment: string;
  /** The region. With the account: a stack of one place, which can be applied. @defaultValue where CloudFormation makes it */
  readonly region?: string;
  /** The account, 12 digits. @defaultValue where CloudFormation makes it */
  readonly accountId?: string;
  /** Where machines are: `vpc-...`. @defaultValue a parameter of the template */
  readonly vpcId?: string;
  /** Security groups of machines, `sg-...`. @defaultValue one that the stack makes: nothing comes in, everything goes out */
  readonly securityGroupIds?: readonly string[];
  /** What machines are launched from, by system and architecture. @defaultValue both architectures of Linux */
  readonly images?: Readonly<Partial<Record<StackImageKey, StackImage>>>;
  /** Queues that keep the order. @defaultValue none: standard queues, which are cheaper and faster, and no order is needed */
  readonly fifo?: readonly StackQueueKind[];
  /** Where the processes that control run. @defaultValue `ecs` */
  readonly hosts?: readonly StackHost[];
  /** Whether there is a role for a function of Lambda that only takes webhooks. @defaultValue false */
  readonly intake?: boolean;
  /** Tags of everything, for cost reports. @defaultValue none but the environment's */
  readonly tags?: Readonly<Record<string, string>>;
  /** How long logs are kept, 1 to 3,650 days. @defaultValue 30 */
  readonly logDays?: number;
  /** Whether tables and the bucket outlive a stack that CloudFormation deletes. @defaultValue true */
  readonly keepsData?: boolean;
}

/** All options, with defaults filled in. */
export type FilledStackOptions = Required<
  Omit<StackOptions, "region" | "accountId" | "images" | "securityGroupIds">
> & {
  readonly securityGroupIds: readonly string[];
  readonly images: Readonly<Partial<Record<StackImageKey, Required<StackImage>>>>;
};

const imageKeys: readonly StackImageKey[] = ["linux-arm64", "linux-x64", "windows-x64"];
const mostLogDays = 3_650;
/** Tags beside ours. Source: IAM quotas: 50 tags a role. */
const mostTags = 40;

/** The parameter of the template that names an image: `ImageLinuxArm64`. */
export function imageParameter(key: StackImageKey): string {
  return `Image${key
    .split("-")
    .map((word) => `${word[0]?.toUpperCase()}${word.slice(1)}`)
    .join("")}`;
}

/** The parameter of the template that names the VPC. */
export const vpcParameter = "VpcId";

/** Fills in defaults. @throws A TypeError or a RangeError that names the option. */
export function fillStackOptions(options: StackOptions): FilledStackOptions {
  const { environment, images = { "linux-arm64": {}, "linux-x64": {} }, hosts = ["ecs"] } = options;
  const {
    vpcId = `\${${vpcParameter}}`,
    securityGroupIds = [],
    fifo = [],
    intake = false,
  } = options;
  const { tags = {}, logDays = 30, keepsData = true } = options;
  if (!hasPlaceholder(vpcId) && !/^vpc-[0-9a-f]+$/u.test(vpcId)) {
    throw new TypeError(`vpcId must be vpc-..., is ${vpcId}`);
  }
  const bad = securityGroupIds.find((id) => !/^sg-[0-9a-f]+$/u.test(id));
  if (bad !== undefined) throw new TypeError(`securityGroupIds must be sg-..., has ${bad}`);
  oneOf("fifo", fifo, ["demand", "reports", "notices"]);
  oneOf("hosts", hosts, ["ecs", "ec2", "lambda"]);
  if (hosts.length === 0) throw new TypeError("hosts must name where the processes run");
  if (fifo.includes("notices")) {
    throw new TypeError("fifo: EventBridge says no order of its events, notices must be standard");
  }
  if (!Number.isSafeInteger(logDays) || logDays < 1 || logDays > mostLogDays) {
    throw new RangeError(`logDays must be 1 to ${mostLogDays}, is ${logDays}`);
  }
  assertTags(tags);
  return {
    environment,
    vpcId,
    securityGroupIds,
    images: fillImages(images),
    fifo,
    hosts,
    intake,
    tags,
    logDays,
    keepsData,
  };
}

function fillImages(images: NonNullable<StackOptions["images"]>): FilledStackOptions["images"] {
  const keys = Object.keys(images) as StackImageKey[];
  if (keys.length === 0) throw new TypeError("images must have at least one entry");
  oneOf("images", keys, imageKeys);
  return Object.fromEntries(
    keys.map((key) => {
      const { imageId = `\${${imageParameter(key)}}`, rootVolume = usualVolume(key) } =
        images[key] ?? {};
      if (!hasPlaceholder(imageId) && !/^(?:ami-[0-9a-f]+|resolve:ssm:\S+)$/u.test(imageId)) {
        throw new TypeError(`images.${key}: must be ami-... or resolve:ssm:..., is ${imageId}`);
      }
      assertRootVolume(rootVolume, `images.${key}.rootVolume`);
      return [key, { imageId, rootVolume }];
    }),
  );
}

function usualVolume(key: StackImageKey): Ec2RootVolume {
  return key === "windows-x64"
    ? { deviceName: "/dev/sda1", sizeGib: 80, throughputMibps: 400 }
    : { deviceName: "/dev/xvda", sizeGib: 30 };
}

function oneOf(option: string, values: readonly string[], known: readonly string[]): void {
  const bad = values.find((value) => !known.includes(value));
  if (bad !== undefined) {
    throw new TypeError(`${option} may have ${known.join(", ")}, has ${bad}`);
  }
}

function assertTags(tags: Readonly<Record<string, string>>): void {
  const problem =
    tagProblem(tags) ??
    (Object.hasOwn(tags, ec2TagKeys.environment)
      ? `tag key ${JSON.stringify(ec2TagKeys.environment)} is runs-fleet's own`
      : undefined) ??
    (Object.keys(tags).length > mostTags ? `${mostTags} is the most` : undefined) ??
    Object.values(tags)
      .filter((value) => !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(value))
      .map(
        (value) => `the value ${JSON.stringify(value)} has a character that IAM does not take`,
      )[0];
  if (problem !== undefined) throw new TypeError(`tags: ${problem}`);
}
