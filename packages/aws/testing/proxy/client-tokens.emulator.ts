import {
  CreateFleetCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../open-aws.ts";
import { stageMachines } from "../stage.ts";
import type { TestAws } from "../test-aws.ts";

let aws: TestAws;
beforeAll(async () => {
  aws = await openAws();
});
afterEach(() => aws.faults.clear());
afterAll(() => aws.close());

const lost = { kind: "reset", side: "after" } as const;

describe("a client token of RunInstances", () => {
  it("buys once when the reply is lost and the SDK asks again", async () => {
    const { client, run, machines } = await stageMachines(aws);
    const meter = aws.calls.meter();
    aws.faults.inject({ action: "RunInstances", times: 2, fault: lost });
    const { Instances = [] } = await client.send(new RunInstancesCommand(run(2)));
    expect(meter.count({ action: "RunInstances" })).toBe(3);
    const ids = (await machines()).map(({ InstanceId }) => InstanceId).sort();
    expect(ids).toHaveLength(2);
    expect(Instances.map(({ InstanceId }) => InstanceId).sort()).toEqual(ids);
  });

  it("answers the machines as they are now, ended ones too", async () => {
    const { client, run } = await stageMachines(aws);
    const command = new RunInstancesCommand({ ...run(2), ClientToken: aws.name("token") });
    const { Instances: [first, second] = [] } = await client.send(command);
    const ids = [first?.InstanceId ?? "", second?.InstanceId ?? ""];
    await client.send(new StopInstancesCommand({ InstanceIds: ids.slice(0, 1) }));
    await client.send(new TerminateInstancesCommand({ InstanceIds: ids.slice(1) }));
    const { Instances = [] } = await client.send(command);
    expect(Instances.map(({ InstanceId, State }) => [InstanceId, State?.Name])).toEqual([
      [ids[0], "stopped"],
      [ids[1], "terminated"],
    ]);
  });

  it("buys a second machine in another zone", async () => {
    const { client, run, machines } = await stageMachines(aws);
    const ClientToken = aws.name("token");
    for (const subnet of [0, 1, 0, 1]) {
      await client.send(new RunInstancesCommand({ ...run(1, subnet), ClientToken }));
    }
    expect(await machines()).toHaveLength(2);
  });

  it("is refused with other parameters", async () => {
    const { client, run, machines } = await stageMachines(aws);
    const ClientToken = aws.name("token");
    await client.send(new RunInstancesCommand({ ...run(1), ClientToken }));
    const other = client.send(new RunInstancesCommand({ ...run(2), ClientToken }));
    await expect(other).rejects.toMatchObject({
      name: "IdempotentParameterMismatch",
      $metadata: { httpStatusCode: 400 },
    });
    expect(await machines()).toHaveLength(1);
  });

  it("may be used again when it has bought nothing", async () => {
    const { client, run, machines } = await stageMachines(aws);
    const ClientToken = aws.name("token");
    const bad = new RunInstancesCommand({ ...run(1), SubnetId: "subnet-0", ClientToken });
    await expect(client.send(bad)).rejects.toMatchObject({ name: "InvalidSubnetID.NotFound" });
    await client.send(new RunInstancesCommand({ ...run(1), ClientToken }));
    expect(await machines()).toHaveLength(1);
  });

  it("buys once for eight that ask at the same time", async () => {
    const { client, run, machines } = await stageMachines(aws);
    const command = () => new RunInstancesCommand({ ...run(1), ClientToken });
    const ClientToken = aws.name("token");
    await Promise.all(Array.from({ length: 8 }, () => client.send(command())));
    expect(await machines()).toHaveLength(1);
  });
});

describe("a client token of CreateFleet", () => {
  it("launches nothing more, and names the fleet alone", async () => {
    const { client, fleet, machines } = await stageMachines(aws);
    const command = new CreateFleetCommand({ ...fleet(2), ClientToken: aws.name("token") });
    const first = await client.send(command);
    expect(first.Instances?.flatMap(({ InstanceIds = [] }) => InstanceIds)).toHaveLength(2);
    const again = await client.send(command);
    expect(again).toMatchObject({ FleetId: first.FleetId });
    expect([again.Instances ?? [], again.Errors ?? []]).toEqual([[], []]);
    expect(await machines()).toHaveLength(2);
  });

  it("is refused with other parameters", async () => {
    const { client, fleet } = await stageMachines(aws);
    const ClientToken = aws.name("token");
    await client.send(new CreateFleetCommand({ ...fleet(1), ClientToken }));
    const other = client.send(new CreateFleetCommand({ ...fleet(2), ClientToken }));
    await expect(other).rejects.toMatchObject({ name: "IdempotentParameterMismatch" });
  });

  it("keeps the errors of a fleet that came up in part from being told twice", async () => {
    const { client, fleet, machines } = await stageMachines(aws);
    const rule = aws.faults.inject({
      action: "CreateFleet",
      fault: {
        kind: "fleet-errors",
        keep: 1,
        codes: ["InsufficientInstanceCapacity", "MaxSpotInstanceCountExceeded"],
      },
    });
    const command = new CreateFleetCommand({ ...fleet(3), ClientToken: aws.name("token") });
    const { Errors = [], Instances } = await client.send(command);
    expect(rule.fired).toBe(1);
    expect(Instances?.flatMap(({ InstanceIds = [] }) => InstanceIds)).toHaveLength(1);
    expect(
      Errors.map(({ ErrorCode, LaunchTemplateAndOverrides, Lifecycle }) => [
        ErrorCode,
        LaunchTemplateAndOverrides?.Overrides?.InstanceType,
        Lifecycle,
      ]),
    ).toEqual([
      ["InsufficientInstanceCapacity", "m7g.large", "spot"],
      ["MaxSpotInstanceCountExceeded", "m7g.xlarge", "spot"],
    ]);
    expect((await client.send(command)).Errors ?? []).toEqual([]);
    expect(await machines()).toHaveLength(1);
  });
});
