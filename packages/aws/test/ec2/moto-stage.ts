import {
  CreateLaunchTemplateCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  createEc2Clients,
  createEc2MachineProvider,
  createEc2TypeSource,
  type Ec2MachineProviderOptions,
  type Ec2TypeSource,
  launchTemplateData,
} from "@runs-fleet/aws/ec2";
import type { MachineProvider } from "@runs-fleet/core";
import type { TestAws } from "../../testing/test-aws.ts";

/** What moto sells: the same in every account, and it takes seconds to tell. */
export type MotoTypes = Ec2TypeSource;

/** Waits for slow answers. */
function patientClient(aws: TestAws): EC2Client {
  const requestHandler = { requestTimeout: 60_000, throwOnRequestTimeout: true };
  return new EC2Client(aws.clientOptions({ requestHandler }));
}

/** Asks moto what it sells. */
export async function readMotoTypes(aws: TestAws): Promise<MotoTypes> {
  const list = await createEc2TypeSource({ client: patientClient(aws) }).read();
  return { read: async () => list };
}

/** What one account needs before machines can be launched in it. */
export interface MotoAccount {
  readonly aws: TestAws;
  readonly subnetIds: readonly string[];
  readonly launchTemplates: Readonly<Record<string, string>>;
  readonly instanceTypes: MotoTypes;
}

/** Templates as the stack would make them, and the subnets that every account has. */
export async function prepareAccount(aws: TestAws, instanceTypes: MotoTypes): Promise<MotoAccount> {
  const patient = patientClient(aws);
  const { SecurityGroups = [] } = await patient.send(new DescribeSecurityGroupsCommand({}));
  const launchTemplates: Record<string, string> = {};
  for (const arch of ["arm64", "x64"]) {
    const { LaunchTemplate } = await patient.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: aws.name(`linux-${arch}`),
        LaunchTemplateData: launchTemplateData({
          imageId: "ami-12345678",
          instanceProfileArn: `arn:aws:iam::${aws.accountId}:instance-profile/machine`,
          securityGroupIds: SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []),
          rootVolume: { deviceName: "/dev/xvda", sizeGib: 30 },
        }),
      }),
    );
    launchTemplates[`linux-${arch}`] = LaunchTemplate?.LaunchTemplateId ?? "";
  }
  const { Subnets = [] } = await patient.send(new DescribeSubnetsCommand({}));
  const subnetIds = Subnets.flatMap(({ SubnetId }) => SubnetId ?? []).slice(0, 3);
  return { aws, subnetIds, launchTemplates, instanceTypes };
}

/** A provider with clients as a host makes them. */
export function openProvider(
  { aws, subnetIds, launchTemplates, instanceTypes }: MotoAccount,
  clientOptions: object = {},
  more: Partial<Ec2MachineProviderOptions> = {},
): MachineProvider & AsyncDisposable {
  const clients = createEc2Clients(aws.clientOptions(clientOptions));
  const { client, launchClient } = clients;
  return {
    ...createEc2MachineProvider({
      client,
      launchClient,
      region: aws.region,
      launchTemplates,
      subnetIds,
      instanceTypes,
      rootVolumes: { "linux-x64": { deviceName: "/dev/xvda", sizeGib: 30 } },
      ...more,
    }),
    [Symbol.asyncDispose]: () => clients[Symbol.asyncDispose](),
  };
}
