import type { LaunchAttempt, MachineProvider } from "@runs-fleet/core";
import { describeMachineProviderContract } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { openStrict } from "./strict-stage.ts";

const zone = "us-east-1a";

/** Lets every attempt name its zone, which makes it RunInstances. */
function inZone<P extends MachineProvider>(provider: P): P {
  const named = (attempt: LaunchAttempt) => ({ ...attempt, zone });
  return { ...provider, launch: (attempt, options) => provider.launch(named(attempt), options) };
}

for (const way of ["fleet", "zone"] as const) {
  describe(`the EC2 provider on a strict region, by ${way}`, () => {
    describeMachineProviderContract({
      api: { describe, it, expect },
      create: async ({ clock }) => {
        const { ec2, provider } = await openStrict(clock, {
          region: {
            zones: [zone],
            isSold: ({ type }) => type.name === "c7g.large",
            // The contract sends 9 launches at once; an account may send 5, and a client would try again.
            limits: { RunInstances: { request: { burst: 9, perSecond: 2 } } },
          },
          provider: way === "fleet" ? {} : { pace: { launch: { burst: 9, perSecond: 2 } } },
        });
        ec2.setCapacity({}, 4);
        return way === "fleet" ? provider : inZone(provider);
      },
      traits: { capacity: 4, spot: true, concurrent: true },
    });
  });
}
