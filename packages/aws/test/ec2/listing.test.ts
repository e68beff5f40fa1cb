import { FleetError } from "@runs-fleet/core";
import { createVirtualClock } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { attemptFor } from "./attempts.ts";
import { alterInput, alterOutput, breakCalls } from "./spoiled-client.ts";
import { openStrict } from "./strict-stage.ts";

const everything = { environment: "ci", region: "us-east-1" };
const open = (options: Parameters<typeof openStrict>[1] = {}) =>
  openStrict(createVirtualClock(1_790_000_000_000), options);

describe("the listing of EC2", () => {
  it("is every page", async () => {
    await using stage = await open({
      alter: (client) =>
        alterInput(client, (operation, input) =>
          operation === "DescribeInstances" ? { ...input, MaxResults: 5 } : input,
        ),
    });
    const { machines } = await stage.provider.launch(attemptFor("a", { count: 23 }));
    const listed = await stage.provider.list(everything);
    expect(listed.map(({ id }) => id).sort()).toEqual(machines.map(({ id }) => id).sort());
    expect(stage.ec2.usage()["DescribeInstances"]?.calls).toBe(5);
  });

  it("is one call for a thousand machines", async () => {
    await using stage = await open();
    for (const name of ["a", "b"]) {
      await stage.provider.launch(attemptFor(name, { count: 501 }));
    }
    expect(await stage.provider.list(everything)).toHaveLength(1_002);
    expect(stage.ec2.usage()["DescribeInstances"]?.calls).toBe(2);
  });

  it("rejects when one page is missing: it is never a part", async () => {
    let pages = 0;
    await using stage = await open({
      alter: (client) => {
        alterInput(client, (operation, input) =>
          operation === "DescribeInstances" ? { ...input, MaxResults: 5 } : input,
        );
        breakCalls(client, (operation) => {
          if (operation !== "DescribeInstances") return undefined;
          pages += 1;
          return pages === 3 ? "after" : undefined;
        });
      },
    });
    await stage.provider.launch(attemptFor("a", { count: 23 }));
    const failure = await stage.provider.list(everything).catch((error: unknown) => error);
    expect(FleetError.isInstance(failure) && failure.kind).toBe("unavailable");
  });

  it("ends when EC2 answers with the same page for ever", async () => {
    await using stage = await open({
      alter: (client) => {
        alterOutput(client, (operation, output) =>
          operation === "DescribeInstances" ? { ...output, NextToken: "again" } : output,
        );
        alterInput(client, (_operation, input) => ({ ...input, NextToken: undefined }));
      },
    });
    const failure = await stage.provider.list(everything).catch((error: unknown) => error);
    expect(FleetError.isInstance(failure) && failure.kind).toBe("unknown");
  });

  it("shows a machine whose tags are late without an attempt", async () => {
    await using stage = await open();
    await stage.provider.launch(attemptFor("a", { count: 2 }));
    const reads = { omitChance: 0, youngMs: 300_000, lagChance: 0, lagMs: 0, untaggedChance: 1 };
    stage.ec2.change({ reads });
    const listed = await stage.provider.list(everything);
    expect(listed.map((machine) => "attemptId" in machine)).toEqual([false, false]);
  });

  it("takes the name of an environment for that name, whatever stands in it", async () => {
    await using stage = await open();
    await stage.provider.launch(attemptFor("a", { environment: "ci" }));
    await stage.provider.launch(attemptFor("b", { environment: "c*" }));
    await stage.provider.launch(attemptFor("c", { environment: "c\\*" }));
    const inEnvironment = async (environment: string) =>
      (await stage.provider.list({ ...everything, environment })).map(({ attemptId }) => attemptId);
    expect(await inEnvironment("c*")).toEqual(["attempt-b"]);
    expect(await inEnvironment("c?")).toEqual([]);
    expect(await inEnvironment("c\\*")).toEqual(["attempt-c"]);
  });

  it("is of its own region", async () => {
    await using stage = await open();
    await stage.provider.launch(attemptFor("a"));
    expect(await stage.provider.list({ ...everything, region: "eu-west-1" })).toEqual([]);
  });
});
