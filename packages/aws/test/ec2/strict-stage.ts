import { EC2Client } from "@aws-sdk/client-ec2";
import { createEc2MachineProvider, type Ec2MachineProviderOptions } from "@runs-fleet/aws/ec2";
import type { Clock, MachineProvider } from "@runs-fleet/core";
import {
  createSeededEntropy,
  createSimulatedEc2,
  type SimulatedEc2,
  type SimulatedEc2Options,
} from "@runs-fleet/core/testing";
import { startStrictEc2 } from "../../testing/strict-ec2/strict-ec2-server.ts";

/** A provider on a strict region, over the real SDK and the real wire. */
export interface StrictStage extends AsyncDisposable {
  readonly ec2: SimulatedEc2;
  readonly client: EC2Client;
  /** Closes the stage as well. */
  readonly provider: MachineProvider & AsyncDisposable;
  /** A provider as another process would have it: of the same region, without any memory. */
  anotherProvider(): MachineProvider & AsyncDisposable;
}

/** Where the SDK finds a server of ours. */
function clientOptions(endpoint: string, region = "us-east-1") {
  return {
    endpoint,
    region,
    credentials: { accessKeyId: "AKIDTEST", secretAccessKey: "secret" },
    maxAttempts: 1,
  };
}

/** Templates of the model, by system and architecture. */
const strictTemplates = {
  "linux-arm64": "lt-01",
  "linux-x64": "linux-x64",
  "windows-x64": "lt-03:1",
};

/** Opens a region, and a provider that launches in all of its zones. */
export async function openStrict(
  clock: Clock,
  options: {
    readonly region?: Partial<SimulatedEc2Options>;
    readonly provider?: Partial<Ec2MachineProviderOptions>;
    /** Puts something between the server and the client, which is then closed with the stage. */
    readonly before?: (url: string) => Promise<{ readonly url: string } & AsyncDisposable>;
    /** Changes the client before it is used. */
    readonly alter?: (client: EC2Client) => void;
  } = {},
): Promise<StrictStage> {
  const ec2 = createSimulatedEc2({ clock, entropy: createSeededEntropy(1), ...options.region });
  const server = await startStrictEc2(ec2);
  const front = await options.before?.(server.url);
  const client = new EC2Client(clientOptions(front?.url ?? server.url));
  options.alter?.(client);
  const close = async () => {
    client.destroy();
    await front?.[Symbol.asyncDispose]();
    await server.close();
  };
  const anotherProvider = () => ({
    ...createEc2MachineProvider({
      client,
      region: ec2.region,
      launchTemplates: strictTemplates,
      subnetIds: ec2.zones.map((zone) => `subnet-${zone}`),
      clock,
      ...options.provider,
    }),
    [Symbol.asyncDispose]: close,
  });
  return {
    ec2,
    client,
    provider: anotherProvider(),
    anotherProvider,
    [Symbol.asyncDispose]: close,
  };
}
