import { describe, expect, it } from "vitest";
import { describeMachineProviderContract } from "../contracts/machine-provider.ts";
import { createSeededEntropy } from "../seeded-entropy.ts";
import { createSimulatedEc2 } from "./simulated-ec2.ts";
import { createSimulatedEc2Provider } from "./simulated-ec2-provider.ts";

for (const buy of ["fleet", "instances"] as const) {
  describe(`the simulated EC2 provider, by ${buy}`, () => {
    describeMachineProviderContract({
      api: { describe, it, expect },
      create: async ({ clock }) => {
        const ec2 = createSimulatedEc2({
          clock,
          entropy: createSeededEntropy(1),
          zones: ["us-east-1a"],
          isSold: ({ type }) => type.name === "c7g.large",
          // The contract sends 9 launches at once; an account may send 5, and its SDK would try again.
          limits: { RunInstances: { request: { burst: 9, perSecond: 2 } } },
        });
        ec2.setCapacity({}, 4);
        return createSimulatedEc2Provider({ ec2, buy });
      },
      traits: { capacity: 4, spot: true, concurrent: true },
    });
  });
}
