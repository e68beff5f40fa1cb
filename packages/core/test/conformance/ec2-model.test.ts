import { describe, it } from "vitest";
import { createSimulatedEc2 } from "../../src/testing/ec2/simulated-ec2.ts";
import { createSeededEntropy } from "../../src/testing/seeded-entropy.ts";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";
import { ec2Cases } from "./ec2-cases.ts";
import type { Ec2Stage } from "./ec2-stage.ts";

/** The model as a stage; every case has a region of its own. */
function createModelStage(): Ec2Stage {
  const clock = createVirtualClock(1_790_000_000_000);
  const ec2 = createSimulatedEc2({
    clock,
    entropy: createSeededEntropy(7),
    templates: [
      { id: "lt-1", name: "linux", imageId: "ami-1", os: "linux", instanceType: "c7g.large" },
      { id: "lt-2", name: "windows", imageId: "ami-2", os: "windows" },
    ],
  });
  return {
    api: ec2.api,
    templateId: "lt-1",
    otherImageId: "ami-2",
    zones: ["us-east-1a", "us-east-1b"],
    subnetOf: (zone) => `subnet-${zone}`,
    pass: () => clock.advance(10 * 60_000),
  };
}

describe("the model keeps EC2's rules:", () => {
  for (const { name, run } of ec2Cases) it(name, () => run(createModelStage()));
});
