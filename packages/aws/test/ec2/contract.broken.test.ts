import type { EC2Client } from "@aws-sdk/client-ec2";
import { describeMachineProviderContract, recordRun } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { alterInput, alterOutput } from "./spoiled-client.ts";
import { openStrict } from "./strict-stage.ts";

/** Cases of the contract that a provider fails when something is done to its calls. */
async function failuresOf(alter: (client: EC2Client) => void): Promise<readonly string[]> {
  const { failed } = await recordRun((api) =>
    describeMachineProviderContract({
      api,
      create: async ({ clock }) => {
        const { ec2, provider } = await openStrict(clock, {
          alter,
          region: {
            zones: ["us-east-1a"],
            isSold: ({ type }) => type.name === "c7g.large",
            limits: false,
          },
        });
        ec2.setCapacity({}, 4);
        return provider;
      },
      traits: { capacity: 4, spot: true, concurrent: true },
    }),
  );
  return failed.map(({ name }) => name.split(" > ").at(-1) ?? name);
}

describe("the contract of machine providers fails an EC2 provider that", () => {
  it("makes up a token for each call", async () => {
    let calls = 0;
    const failed = await failuresOf((client) =>
      alterInput(client, (operation, input) => {
        calls += 1;
        return operation === "CreateFleet" ? { ...input, ClientToken: `own-${calls}` } : input;
      }),
    );
    expect(failed).toEqual([
      "buys nothing more when an attempt is repeated",
      "refuses a token that was used with other fields",
      "buys once when an attempt is sent many times at once",
    ]);
  });

  it("does not tag what it launches", async () => {
    const failed = await failuresOf((client) =>
      alterInput(client, (operation, input) =>
        operation === "CreateFleet" ? { ...input, TagSpecifications: [] } : input,
      ),
    );
    expect(failed).toContain("lists what runs, with the attempt that bought it");
    expect(failed).toContain("lists by environment and by attempt");
  });

  it("drops machines that came with errors", async () => {
    const failed = await failuresOf((client) =>
      alterOutput(client, (operation, output) =>
        operation === "CreateFleet" && "Errors" in output && (output.Errors as []).length > 0
          ? { ...output, Instances: [] }
          : output,
      ),
    );
    expect(failed).toEqual(["buys what there is, and says what it lacks"]);
  });

  it("lists every environment", async () => {
    const failed = await failuresOf((client) =>
      alterInput(client, (operation, input) =>
        operation === "DescribeInstances" ? { ...input, Filters: [] } : input,
      ),
    );
    expect(failed).toContain("lists by environment and by attempt");
  });

  it("is none, when nothing is done to its calls", async () => {
    expect(await failuresOf(() => undefined)).toEqual([]);
  });
});
