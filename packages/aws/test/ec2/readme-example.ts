import { createEc2Clients, createEc2MachineProvider } from "@runs-fleet/aws/ec2";

const { client, launchClient } = createEc2Clients({ region: "eu-west-1" });

/** For `createOrchestrator({ providers: { "eu-west-1": machines }, … })`. */
export const machines = createEc2MachineProvider({
  client,
  launchClient,
  region: "eu-west-1",
  launchTemplates: { "linux-arm64": "lt-0a1b2c3d", "linux-x64": "runs-fleet-x64:7" },
  subnetIds: ["subnet-0a1b2c3d", "subnet-1b2c3d4e"],
});
