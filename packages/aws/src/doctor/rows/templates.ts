import {
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type ResponseLaunchTemplateData,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { readAwsError } from "../../failures/aws-error.ts";
import type { StackImageKey } from "../../stack/index.ts";
import type { DoctorContext } from "../context.ts";
import { named } from "../look-at.ts";
import type { DoctorRow } from "../row.ts";
import { stackOf } from "../stack-of.ts";

const keys: readonly StackImageKey[] = ["linux-arm64", "linux-x64", "windows-x64"];

/** What machines are launched from. */
export const templatesRow: DoctorRow = {
  id: "templates",
  question:
    "Do launch templates show tags in metadata, ask for tokens, encrypt, and end machines that shut down?",
  why: "A machine reads its tags in its metadata; one that only stops when its job is over costs money for ever",
  after: ["identity"],
  unless: ["region"],
  async run(context) {
    const found = await templatesIn(context);
    if (found.length === 0) {
      const names = keys.map((key) => nameOf(context, key)).join(", ");
      return {
        verdict: "disproven",
        detail: `there is none of ${names}`,
        advice: "make one by the stack's template, or by runs-fleet-aws stack apply --image",
      };
    }
    context.facts.templates = found.map(({ key }) => key);
    const profile = stackOf(context).names.machine;
    const problems = found.flatMap(({ key, data }) =>
      templateProblems(data, profile).map((problem) => `${key}: ${problem}`),
    );
    const evidence = Object.fromEntries(
      found.map(({ key, data, version }) => [
        key,
        `version ${version}, ${data.ImageId ?? "no image"}`,
      ]),
    );
    if (problems.length > 0) {
      const advice = "make a new default version; launchTemplateData says what has to be in it";
      return { verdict: "disproven", detail: named(problems), evidence, advice };
    }
    const detail = `${found.map(({ key }) => key).join(", ")}: default versions are as they must be`;
    return { verdict: "proven", detail, evidence };
  },
};

/** What can reach machines. */
export const securityGroupsRow: DoctorRow = {
  id: "security-groups",
  question: "Can nothing reach machines from outside?",
  why: "An agent asks, it is never asked; an open port is a way to the job beside it",
  after: ["templates"],
  async run(context) {
    const templates = await templatesIn(context);
    const ids = [...new Set(templates.flatMap(({ data }) => data.SecurityGroupIds ?? []))];
    if (ids.length === 0) {
      return {
        verdict: "disproven",
        detail:
          "launch templates name no security group, so machines are in the VPC's default group",
        advice: "name one into which nothing comes, as the stack makes it",
      };
    }
    const { SecurityGroups = [] } = await context.clients.ec2.send(
      new DescribeSecurityGroupsCommand({ GroupIds: ids }),
    );
    const open = SecurityGroups.flatMap(waysIn);
    if (open.length > 0) {
      const advice = "close it, unless you know that you want it";
      return { verdict: "disproven", detail: `open: ${named(open)}`, advice };
    }
    return { verdict: "proven", detail: `${ids.join(", ")} let nothing in` };
  },
};

interface FoundTemplate {
  readonly key: StackImageKey;
  readonly version: number;
  readonly data: ResponseLaunchTemplateData;
}

function nameOf(context: DoctorContext, key: StackImageKey): string {
  return `${stackOf(context).names.prefix}${key}`;
}

async function templatesIn(context: DoctorContext): Promise<readonly FoundTemplate[]> {
  const found = await Promise.all(
    keys.map(async (key) => readTemplate(context.clients.ec2, key, nameOf(context, key))),
  );
  return found.flatMap((template) => template ?? []);
}

const gone =
  /^InvalidLaunchTemplate(?:Name\.NotFoundException|Id\.NotFound(?:Exception)?|Id\.VersionNotFound)$/u;

async function readTemplate(
  client: EC2Client,
  key: StackImageKey,
  LaunchTemplateName: string,
): Promise<FoundTemplate | undefined> {
  try {
    const { LaunchTemplateVersions = [] } = await client.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: ["$Default"] }),
    );
    const [found] = LaunchTemplateVersions;
    if (found === undefined) return undefined;
    return { key, version: found.VersionNumber ?? 0, data: found.LaunchTemplateData ?? {} };
  } catch (error) {
    if (gone.test(readAwsError(error)?.code ?? "")) return undefined;
    throw error;
  }
}

/**
 * What is wrong with a template.
 *
 * @param profile - Name of the instance profile that machines have.
 */
export function templateProblems(
  data: ResponseLaunchTemplateData,
  profile: string,
): readonly string[] {
  const { MetadataOptions: metadata = {}, BlockDeviceMappings: devices = [] } = data;
  const { IamInstanceProfile: own = {} } = data;
  const named = own.Name ?? own.Arn?.slice(own.Arn.lastIndexOf("/") + 1);
  const wrong: readonly (readonly [boolean, string])[] = [
    [data.ImageId === undefined, "it names no image"],
    [metadata.InstanceMetadataTags !== "enabled", "metadata does not show tags"],
    [metadata.HttpTokens !== "required", "metadata can be read without a token"],
    [metadata.HttpEndpoint === "disabled", "metadata is off"],
    [
      (metadata.HttpPutResponseHopLimit ?? 1) > 1,
      "containers can read metadata: the hop limit is above 1",
    ],
    [
      data.InstanceInitiatedShutdownBehavior !== "terminate",
      "a shutdown stops machines instead of ending them",
    ],
    [named !== profile, `the instance profile is ${named ?? "missing"}, not ${profile}`],
    [devices.length === 0, "it has no root volume, so encryption is left to the image"],
    [
      devices.some(({ Ebs }) => Ebs !== undefined && Ebs.Encrypted !== true),
      "a volume is not encrypted",
    ],
    [
      devices.some(({ Ebs }) => Ebs?.DeleteOnTermination === false),
      "a volume outlives its machine",
    ],
    [data.UserData !== undefined, "it has user data, which every job can read"],
  ];
  return wrong.flatMap(([isSo, text]) => (isSo ? [text] : []));
}

function waysIn({ GroupId = "", IpPermissions = [] }: SecurityGroup): readonly string[] {
  return IpPermissions.map(({ IpProtocol, FromPort, ToPort }) => {
    const ports = FromPort === undefined ? "all ports" : `${FromPort} to ${ToPort}`;
    return `${GroupId} for ${IpProtocol === "-1" ? "everything" : `${IpProtocol}, ${ports}`}`;
  });
}
