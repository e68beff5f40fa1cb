import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { FleetError } from "@runs-fleet/core";
import { createVirtualClock } from "@runs-fleet/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createDynamodbAssignments } from "../../src/agent/index.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { type MachineStage, openMachine } from "./stage.ts";

let aws: TestAws;

beforeAll(async () => {
  aws = await openAws({ tables: "dynamodb-local" });
});

afterAll(() => aws[Symbol.asyncDispose]());

/** The machine's side, as a process of it has it. */
const machineSide = ({ dynamodb: client, names }: MachineStage) =>
  createDynamodbAssignments({ client, ...names });

const versionOf = async (stage: MachineStage): Promise<number> =>
  (await stage.store.get("assignments", stage.machineId))?.version ?? 0;

describe("a machine's assignment in DynamoDB", () => {
  it("is read as the controller wrote it, and is nobody else's", async () => {
    await using stage = await openMachine(aws);
    const { read } = machineSide(stage);
    expect(await read(stage.machineId)).toBeUndefined();
    const assignment = stage.assignment({ trace: { traceparent: "00-1-2-01" } });
    await stage.assign(assignment);
    expect(await read(stage.machineId)).toEqual(assignment);
    expect(await read("i-0000")).toBeUndefined();
    // Under the key of another machine stands what is not its own.
    const item = await stage.item();
    const id = { S: `${stage.names.assignmentKeyPrefix}i-0000` };
    await stage.dynamodb.send(
      new PutItemCommand({
        TableName: `${stage.names.tablePrefix}assignments`,
        Item: { ...(item as Record<string, never>), id },
      }),
    );
    expect(await read("i-0000")).toBeUndefined();
  });

  it("loses its credential by the blanking, and nothing else but its version changes", async () => {
    await using stage = await openMachine(aws);
    const { read, blank } = machineSide(stage);
    const assignment = stage.assignment();
    await stage.assign(assignment);
    const before = await stage.item();
    expect(await read(stage.machineId)).toEqual(assignment);
    expect(await blank(assignment)).toBe(true);
    const after = await stage.item();
    const value = JSON.stringify({ taken: assignment.id });
    expect(after).toEqual({ ...before, value: { S: value }, version: { N: "2" } });
    expect(await read(stage.machineId)).toBeUndefined();
    expect(await stage.withdraw(1)).toBe(false);
    // As often as it is asked, by this process or the next.
    expect(await blank(assignment)).toBe(true);
    expect(await machineSide(stage).blank(assignment)).toBe(true);
    expect(await stage.item()).toEqual(after);
  });

  it("cannot be had once it was taken back, replaced, or has expired", async () => {
    await using stage = await openMachine(aws);
    const first = stage.assignment();
    await stage.assign(first);
    const { read, blank } = machineSide(stage);
    expect(await read(stage.machineId)).toEqual(first);
    expect(await stage.withdraw(1)).toBe(true);
    expect(await blank(first)).toBe(false);
    expect(await stage.item()).toBeUndefined();
    const second = stage.assignment();
    await stage.assign(second);
    expect(await blank(first)).toBe(false);
    expect(await read(stage.machineId)).toEqual(second);
  });

  it("is not read past its expiry", async () => {
    await using stage = await openMachine(aws);
    const clock = createVirtualClock(1_000_000);
    const lease = await stage.store.leases.acquire("other/shard", "one", 60_000);
    const assignment = stage.assignment();
    if (lease === undefined) throw new Error("The lease is free");
    await stage.store.commit(lease, [
      {
        table: "assignments",
        id: stage.machineId,
        shard: "other/shard",
        open: true,
        expected: "any",
        value: { ...assignment },
        expiresAtMs: 1_010_000,
      },
    ]);
    const { read } = createDynamodbAssignments({
      client: stage.dynamodb,
      ...stage.names,
      clock,
    });
    await clock.advance(9_999);
    expect(await read(stage.machineId)).toEqual(assignment);
    await clock.advance(1);
    expect(await read(stage.machineId)).toBeUndefined();
  });

  it("is had although a controller has written it again since it was read", async () => {
    await using stage = await openMachine(aws);
    const { read, blank } = machineSide(stage);
    const assignment = stage.assignment();
    await stage.assign(assignment);
    expect(await read(stage.machineId)).toEqual(assignment);
    // A new controller stamps what it has loaded, perhaps in other words.
    await stage.assign(assignment);
    await stage.assign(Object.fromEntries(Object.entries(assignment).reverse()) as never);
    const seen = await versionOf(stage);
    expect(seen).toBe(3);
    expect(await blank(assignment)).toBe(true);
    expect(await stage.withdraw(seen)).toBe(false);
    expect(await versionOf(stage)).toBe(4);
  });

  it("goes to exactly one, the machine or the controller, in 200 races", async () => {
    await using stage = await openMachine(aws);
    const { read, blank } = machineSide(stage);
    const winners = { machine: 0, controller: 0 };
    for (let round = 0; round < 200; round += 1) {
      const assignment = stage.assignment();
      await stage.assign(assignment);
      const version = await versionOf(stage);
      expect(await read(stage.machineId)).toEqual(assignment);
      const both = [() => blank(assignment), () => stage.withdraw(version)];
      const order = round % 2 === 0 ? both : both.reverse();
      const results = await Promise.all(order.map((start) => start()));
      const [taken, withdrawn] = round % 2 === 0 ? results : results.reverse();
      expect([round, taken !== withdrawn]).toEqual([round, true]);
      winners[taken === true ? "machine" : "controller"] += 1;
      const item = await stage.item();
      expect(item === undefined).toBe(withdrawn);
      expect(JSON.stringify(item ?? "")).not.toContain(assignment.jitConfig);
      // Whoever asks again is told the same.
      expect(await blank(assignment)).toBe(taken);
    }
    expect(winners.machine + winners.controller).toBe(200);
    expect(winners.machine).toBeGreaterThan(0);
    expect(winners.controller).toBeGreaterThan(0);
  }, 120_000);

  it("takes two calls, one to read and one to blank", async () => {
    await using stage = await openMachine(aws);
    const { read, blank } = machineSide(stage);
    const assignment = stage.assignment();
    await stage.assign(assignment);
    const meter = aws.calls.meter();
    await read(stage.machineId);
    await blank(assignment);
    expect(Object.keys(meter.byAction())).toEqual(["dynamodb GetItem", "dynamodb UpdateItem"]);
    expect(meter.count()).toBe(2);
  });

  it("is read by no version that is too old, and errors hold nothing of it", async () => {
    await using stage = await openMachine(aws);
    const assignment = stage.assignment();
    await stage.assign(assignment);
    const item = { ...(await stage.item()), format: { N: "9" } } as unknown as Record<
      string,
      never
    >;
    await stage.dynamodb.send(
      new PutItemCommand({ TableName: `${stage.names.tablePrefix}assignments`, Item: item }),
    );
    const failure = await machineSide(stage)
      .read(stage.machineId)
      .catch((error) => error);
    expect(FleetError.isInstance(failure) && failure.kind).toBe("config");
    expect(JSON.stringify([failure.message, failure.details])).not.toContain(assignment.jitConfig);
  });

  it.each([
    { client: {} },
    { tablePrefix: "" },
    { tablePrefix: "a b" },
    { assignmentKeyPrefix: "x".repeat(513) },
  ])("takes no options like %j", async (wrong) => {
    await using stage = await openMachine(aws);
    const options = { client: stage.dynamodb, ...stage.names, ...wrong };
    expect(() => createDynamodbAssignments(options as never)).toThrow(TypeError);
  });
});
