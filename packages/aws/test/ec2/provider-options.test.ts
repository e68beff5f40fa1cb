import { EC2Client } from "@aws-sdk/client-ec2";
import { createEc2MachineProvider, type Ec2MachineProviderOptions } from "@runs-fleet/aws/ec2";
import { describe, expect, it } from "vitest";

const sound: Ec2MachineProviderOptions = {
  client: new EC2Client({ region: "eu-west-1" }),
  region: "eu-west-1",
  launchTemplates: { "linux-x64": "lt-0a" },
  subnetIds: ["subnet-0a"],
};

describe("createEc2MachineProvider", () => {
  it("states the pace of fleets, unless the account has another one", () => {
    expect(createEc2MachineProvider(sound).pace).toEqual({ launch: { burst: 50, perSecond: 5 } });
    const pace = { launch: { burst: 500, perSecond: 50 } };
    expect(createEc2MachineProvider({ ...sound, pace }).pace).toEqual(pace);
  });

  it.each<[Partial<Ec2MachineProviderOptions>, RegExp]>([
    [{ region: "" }, /region/u],
    [{ subnetIds: [] }, /subnetIds .* none/u],
    [{ subnetIds: ["subnet-0a", "vpc-1"] }, /subnetIds .* vpc-1/u],
    [{ subnetIds: ["subnet-0a", "subnet-0a"] }, /subnetIds .*subnet-0a.* twice/u],
    [{ launchTemplates: {} }, /launchTemplates/u],
    [{ launchTemplates: { linux: "lt-0a" } }, /launchTemplates.*"linux"/u],
    [{ mostTypes: 0 }, /mostTypes must be 1 to 100/u],
    [{ mostTypes: 101 }, /mostTypes/u],
    [{ tags: { "a/b": "c" } }, /tags: .*"a\/b"/u],
    [{ rootVolumes: { "linux-arm64": { deviceName: "/dev/xvda", sizeGib: 8 } } }, /linux-arm64/u],
    [
      { rootVolumes: { "linux-x64": { deviceName: "/dev/xvda", sizeGib: 0 } } },
      /rootVolumes.linux-x64.sizeGib/u,
    ],
  ])("refuses %j at once", (bad, message) => {
    expect(() => createEc2MachineProvider({ ...sound, ...bad })).toThrow(message);
  });
});
