import { beforeAll, describe, it } from "vitest";
import { ec2Cases } from "./ec2-cases.ts";
import { createEc2Query, createEmulatedEc2 } from "./ec2-query.ts";
import type { Ec2Stage } from "./ec2-stage.ts";
import { emulatorUrl, expectDeviation } from "./emulator.ts";
import { childOf, itemsOf, textOf } from "./xml.ts";

const region = "us-east-1";

/** moto's region, with a launch template of ours; its instances do at once what they are told. */
async function createMotoStage(): Promise<Ec2Stage> {
  const url = emulatorUrl("MOTO");
  await fetch(new URL("/moto-api/reset", url), { method: "POST" });
  const call = createEc2Query(url, region);
  const made = await call("CreateLaunchTemplate", {
    LaunchTemplateName: "conformance",
    LaunchTemplateData: { ImageId: "ami-12c6146b", InstanceType: "c7g.large" },
  });
  const templateId = textOf(childOf(made, "launchTemplate"), "launchTemplateId") ?? "";
  const subnets = itemsOf(await call("DescribeSubnets", {}), "subnetSet");
  const byZone = new Map(
    subnets.map((item) => [textOf(item, "availabilityZone"), textOf(item, "subnetId") ?? ""]),
  );
  return {
    api: createEmulatedEc2(call),
    templateId,
    otherImageId: "ami-03cf127a",
    zones: [`${region}a`, `${region}b`],
    subnetOf: (zone) => byZone.get(zone) ?? "",
    pass: async () => undefined,
  };
}

describe("moto against EC2's rules:", () => {
  let stage: Promise<Ec2Stage>;
  beforeAll(() => {
    stage = createMotoStage();
    return stage.then(() => undefined);
  });

  for (const { name, moto, run } of ec2Cases) {
    if (moto === undefined) it(name, async () => run(await stage));
    else {
      it(`deviates: ${name} (${moto.why})`, () =>
        expectDeviation(moto, async () => run(await stage)));
    }
  }
});
