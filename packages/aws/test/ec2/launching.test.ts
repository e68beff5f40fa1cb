import { FleetError, parseLabels } from "@runs-fleet/core";
import { createVirtualClock } from "@runs-fleet/core/testing";
import { describe, expect, it } from "vitest";
import { attemptFor } from "./attempts.ts";
import { alterOutput, breakCalls, refuseCalls } from "./spoiled-client.ts";
import { openStrict, type StrictStage } from "./strict-stage.ts";

const startMs = 1_790_000_000_000;
const open = (options: Parameters<typeof openStrict>[1] = {}) =>
  openStrict(createVirtualClock(startMs), options);

/** How a call ends: `none` when it succeeds. */
async function endOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "none";
  } catch (error) {
    return FleetError.isInstance(error) ? `${error.kind}: ${error.message}` : String(error);
  }
}

function calls({ ec2 }: StrictStage): Record<string, number> {
  return Object.fromEntries(Object.entries(ec2.usage()).map(([name, { calls }]) => [name, calls]));
}

function count(stage: StrictStage): number {
  return stage.ec2.instances().length;
}

describe("a launch on EC2", () => {
  it("is one call when it is known what is sold, for one machine or two hundred", async () => {
    await using stage = await open();
    await stage.provider.launch(attemptFor("first"));
    const before = calls(stage);
    const { machines, failures } = await stage.provider.launch(attemptFor("b", { count: 200 }));
    expect([machines.length, failures.length]).toEqual([200, 0]);
    expect(calls(stage)).toEqual({ ...before, CreateFleet: 2 });
  });

  it("is of both architectures in one call, each from its template", async () => {
    await using stage = await open();
    stage.ec2.setCapacity({}, 1);
    const { machines } = await stage.provider.launch(attemptFor("a", { count: 10 }));
    const kinds = stage.ec2.instances().map(({ InstanceType, ImageId }) => {
      return `${InstanceType.slice(0, InstanceType.indexOf("."))} ${ImageId}`;
    });
    expect(machines).toHaveLength(10);
    expect([...new Set(kinds)].sort()).toEqual([
      "c7g ami-linux-arm64",
      "c7i ami-linux-x64",
      "m7g ami-linux-arm64",
      "m7i ami-linux-x64",
    ]);
    expect(calls(stage)["CreateFleet"]).toBe(1);
  });

  it("tells each machine with its type and zone", async () => {
    await using stage = await open();
    const { machines } = await stage.provider.launch(attemptFor("a"));
    const [instance] = stage.ec2.instances();
    expect(machines).toEqual([
      {
        id: instance?.InstanceId,
        attemptId: "attempt-a",
        state: "pending",
        market: "spot",
        zone: instance?.Placement.AvailabilityZone,
        instanceType: instance?.InstanceType,
        launchedAtMs: startMs,
      },
    ]);
  });

  it("buys on demand what spot lacks, and keeps what spot had", async () => {
    await using stage = await open({ region: { isSold: ({ type }) => type.name === "c7g.large" } });
    stage.ec2.setCapacity({ market: "spot" }, 1);
    const { machines, failures } = await stage.provider.launch(attemptFor("a", { count: 5 }));
    expect(machines.map(({ market }) => market).sort()).toEqual([
      "on-demand",
      "on-demand",
      "spot",
      "spot",
      "spot",
    ]);
    expect(failures).toEqual([]);
    expect(calls(stage)["CreateFleet"]).toBe(2);
  });

  it("says of each offering of each market why it came to less", async () => {
    await using stage = await open({ region: { isSold: ({ type }) => type.name === "c7g.large" } });
    stage.ec2.setCapacity({}, 0);
    const { machines, failures } = await stage.provider.launch(attemptFor("a"));
    expect(machines).toEqual([]);
    expect(failures.map(({ kind, offering }) => `${kind} ${offering}`).sort()).toEqual(
      ["a", "b", "c"].flatMap((zone) =>
        ["on-demand", "spot"].map((market) => `capacity c7g.large:us-east-1${zone}:${market}`),
      ),
    );
  });

  it("tells a full account from a full zone", async () => {
    await using stage = await open({ region: { quotas: { spot: 2, "on-demand": 2 } } });
    const { machines, failures } = await stage.provider.launch(attemptFor("a", { count: 3 }));
    expect(machines).toHaveLength(2);
    expect([...new Set(failures.map(({ kind }) => kind))]).toEqual(["quota"]);
  });

  it("with a zone goes there, and to the next type after a refusal", async () => {
    await using stage = await open();
    const zone = "us-east-1b";
    stage.ec2.setCapacity({ type: "c7g.large" }, 0);
    const there = {
      zone,
      shape: { os: "linux", cpu: { min: 2, max: 2 }, families: ["c7g", "m7g"] },
    } as const;
    const first = await stage.provider.launch(attemptFor("a", there));
    expect([first.machines, first.failures.map(({ kind }) => kind)]).toEqual([[], ["capacity"]]);
    expect(count(stage)).toBe(0);
    const { machines } = await stage.provider.launch(attemptFor("b", there));
    expect(machines).toMatchObject([{ instanceType: "m7g.large", zone, market: "spot" }]);
    expect(calls(stage)["CreateFleet"]).toBeUndefined();
  });

  it.each([
    ["family=m7i.2xlarge", ["m7i.2xlarge"]],
    ["family=m7i.large+c7i.2xlarge", ["c7i.2xlarge", "m7i.large"]],
    ["family=c7*.xlarge", ["c7i.xlarge"]],
    ["family=c7i.large+m7i.2xlarge/cpu=8", ["m7i.2xlarge"]],
    ["family=c7i.2xlarge+m7i.2xlarge/ram=32", ["m7i.2xlarge"]],
  ])("for a label of RunsOn with %s buys nothing but %j", async (settings, types) => {
    await using stage = await open();
    const catalog = { dialects: ["runs-on" as const] };
    const read = parseLabels([`runs-on=1/${settings}`], catalog);
    if (!read?.ok) throw new Error(JSON.stringify(read));
    const { os, cpu, families, arch, ramGib } = read.value;
    const shape = { os, cpu, families, ...(arch && { arch }), ...(ramGib && { ramGib }) };
    const bought = new Set<string | undefined>();
    // The one that is cheapest is bought first; what is gone, is not.
    for (let round = 0; round < types.length; round += 1) {
      const { machines } = await stage.provider.launch(attemptFor(`a${round}`, { shape }));
      for (const { instanceType } of machines) {
        bought.add(instanceType);
        stage.ec2.setCapacity({ type: instanceType ?? "" }, 0);
      }
    }
    expect([...bought].sort()).toEqual(types);
    const { machines } = await stage.provider.launch(attemptFor("last", { shape }));
    expect(machines).toEqual([]);
  });

  it("with a zone buys nothing behind a refusal, and on demand at the next attempt", async () => {
    await using stage = await open({ region: { isSold: ({ type }) => type.name === "c7g.large" } });
    stage.ec2.setCapacity({ market: "spot" }, 0);
    const there = { zone: "us-east-1b" };
    await stage.provider.launch(attemptFor("a", there));
    expect(count(stage)).toBe(0);
    const { machines } = await stage.provider.launch(attemptFor("b", there));
    expect(machines).toMatchObject([{ market: "on-demand" }]);
  });

  it("is refused before any call for one bad tag key", async () => {
    await using stage = await open();
    const bad = attemptFor("a", { tags: { "cost/centre": "ci" } });
    expect(await endOf(stage.provider.launch(bad))).toMatch(/^config: .*"cost\/centre".*metadata/u);
    expect(calls(stage)).toEqual({});
  });

  it("is refused for a client of another region, as every call is", async () => {
    await using stage = await open({ provider: { region: "eu-west-1" } });
    const there = attemptFor("a", { region: "eu-west-1" });
    const refusal = "config: The client is for region us-east-1, the provider for eu-west-1";
    expect(await endOf(stage.provider.launch(there))).toBe(refusal);
    expect(await endOf(stage.provider.terminate(["i-0123456789abcdef0"]))).toBe(refusal);
    const everything = { environment: "ci", region: "eu-west-1" };
    expect(await endOf(stage.provider.list(everything))).toBe(refusal);
    expect(calls(stage)).toEqual({});
  });

  it("says which subnet and which template is not there", async () => {
    await using subnets = await open({ provider: { subnetIds: ["subnet-us-east-1x"] } });
    expect(await endOf(subnets.provider.launch(attemptFor("a")))).toMatch(
      /^config: .*InvalidSubnetID.NotFound.*subnet-us-east-1x/u,
    );
    const launchTemplates = { "linux-arm64": "lt-0e" };
    await using templates = await open({ provider: { launchTemplates } });
    expect(await endOf(templates.provider.launch(attemptFor("a")))).toMatch(
      /^config: .*InvalidLaunchTemplateId.NotFound.*lt-0e/u,
    );
  });

  it("goes on with what it knows to be sold when EC2 no longer says", async () => {
    let isDeaf = false;
    await using stage = await open({
      alter: (client) =>
        breakCalls(client, (operation) =>
          isDeaf && operation.startsWith("DescribeInstanceType") ? "before" : undefined,
        ),
    });
    await stage.provider.launch(attemptFor("a"));
    isDeaf = true;
    expect((await stage.provider.launch(attemptFor("b"))).machines).toHaveLength(1);
  });

  it("rejects without that knowledge, and asks again for the next", async () => {
    await using stage = await open();
    stage.ec2.change({ isDown: true });
    expect(await endOf(stage.provider.launch(attemptFor("a")))).toMatch(/^unavailable: /u);
    stage.ec2.change({ isDown: false });
    expect((await stage.provider.launch(attemptFor("a"))).machines).toHaveLength(1);
  });

  it("keeps what spot had when on demand is refused for its rate, and says so", async () => {
    const limits = { CreateFleet: { request: { burst: 1, perSecond: 1 } } };
    await using stage = await open({ region: { limits, quotas: { spot: 2 } } });
    const { machines, failures } = await stage.provider.launch(attemptFor("a", { count: 2 }));
    expect(machines).toHaveLength(1);
    expect([failures[0]?.kind, failures.at(-1)?.kind]).toEqual(["quota", "throttled"]);
  });

  it("rejects when nobody can say what on demand bought, and finds all by the attempt", async () => {
    let fleets = 0;
    await using stage = await open({
      region: { quotas: { spot: 2 } },
      alter: (client) =>
        breakCalls(client, (operation) => {
          if (operation !== "CreateFleet") return undefined;
          fleets += 1;
          return fleets === 2 ? "after" : undefined;
        }),
    });
    const attempt = attemptFor("a", { count: 3 });
    expect(await endOf(stage.provider.launch(attempt))).toMatch(/^unavailable: .*ECONNRESET/u);
    const filter = { environment: "ci", region: "us-east-1", attemptId: attempt.id };
    expect(await stage.provider.list(filter)).toHaveLength(3);
    const again = await stage.provider.launch(attempt);
    expect([again.machines.length, again.failures]).toEqual([3, []]);
    expect(count(stage)).toBe(3);
  });

  it("repeated when EC2 has forgotten machines that ended looks for the rest in the listing", async () => {
    let forgets = false;
    await using stage = await open({
      region: { isSold: ({ type }) => type.name === "c7g.large" },
      alter: (client) =>
        alterOutput(client, (operation, output) =>
          operation === "RunInstances" && forgets ? { ...output, Instances: [] } : output,
        ),
    });
    stage.ec2.setCapacity({ market: "spot" }, 1);
    const attempt = attemptFor("a", { count: 3, zone: "us-east-1a" });
    expect((await stage.provider.launch(attempt)).machines).toHaveLength(3);
    forgets = true;
    const { machines, failures } = await stage.provider.launch(attempt);
    expect([machines.length, failures]).toEqual([3, []]);
    expect(count(stage)).toBe(3);
  });

  it("repeated when its machines have ended learns that it has bought", async () => {
    let again = 0;
    await using stage = await open({
      alter: (client) =>
        refuseCalls(client, (operation) => {
          if (operation !== "RunInstances") return undefined;
          again += 1;
          return again > 1 ? "IdempotentInstanceTerminated" : undefined;
        }),
    });
    const attempt = attemptFor("a", { zone: "us-east-1a" });
    const first = await stage.provider.launch(attempt);
    const ids = first.machines.map(({ id }) => id);
    await stage.provider.terminate(ids);
    const { machines, failures } = await stage.provider.launch(attempt);
    expect(machines.map(({ id, state }) => [id, state])).toEqual([[ids[0], "shutting-down"]]);
    expect(failures).toEqual([]);
  });

  it("repeated with other types on sale buys nothing more", async () => {
    await using stage = await open();
    const attempt = attemptFor("a", { count: 2 });
    await stage.provider.launch(attempt);
    const narrow = { ...attempt, shape: { ...attempt.shape, families: ["m7i"] } };
    expect(await endOf(stage.provider.launch(narrow))).toMatch(/IdempotentParameterMismatch/u);
    expect(count(stage)).toBe(2);
  });
});
