import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { DescribeInstancesCommand, type Instance } from "@aws-sdk/client-ec2";
import { createDynamodbStore } from "@runs-fleet/aws/dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createImpatientClock } from "./impatient-clock.ts";
import { type Misbehaviour, playMachines } from "./machine-player.ts";
import { type DoctorStage, openStage, runHere, type SeenRun } from "./stage.ts";

let stage: DoctorStage;
beforeEach(async () => {
  stage = await openStage();
  // moto takes its time to say what it sells.
}, 180_000);
afterEach(async () => {
  await stage[Symbol.asyncDispose]();
});

async function runLive(
  misbehaviour: Misbehaviour = {},
  over: { readonly signal?: AbortSignal } = {},
): Promise<SeenRun> {
  // Where something is waited for that never comes, there is no reason to be patient.
  const deadlines = misbehaviour.isSilent ? 30 : 5;
  await using _machines = playMachines(stage, misbehaviour);
  // Not the promise: the machines have to play until it is kept.
  return await runHere(
    stage,
    { live: true },
    { clock: createImpatientClock({ sleeps: 20, deadlines }), ...over },
  );
}

/** Somebody presses Ctrl-C as soon as there is a machine. */
async function runStopped(): Promise<SeenRun> {
  const stop = new AbortController();
  const running = runLive({ isSilent: true }, { signal: stop.signal });
  await expect.poll(async () => (await machines()).length, { timeout: 30_000 }).toBe(1);
  stop.abort(new Error("stopped by SIGINT"));
  return running;
}

async function machines(): Promise<readonly Instance[]> {
  const { Reservations = [] } = await stage.clients.ec2.send(new DescribeInstancesCommand({}));
  return Reservations.flatMap(({ Instances = [] }) => Instances);
}

async function expectNothingLeft(bought: number): Promise<void> {
  const states = (await machines()).map(({ State }) => State?.Name);
  expect(states).toEqual(Array.from({ length: bought }, () => "terminated"));
  const TableName = "runs-fleet-ci-assignments";
  const { Items } = await stage.clients.dynamodb.send(new ScanCommand({ TableName }));
  expect(Items).toEqual([]);
}

describe("with a machine", { timeout: 120_000 }, () => {
  it("goes through its whole life, buys one, and leaves nothing", async () => {
    const seen = await runLive();
    expect(seen.exitCode).toBe(0);
    expect(seen.row("alone")).toBe("proven alone nobody holds the lease of ci/us-east-1");
    expect(seen.row("bought")).toMatch(/^unproven bought i-\w+, a t4g\.\w+; unproven here: /u);
    expect(seen.row("replay")).toBe(
      "unproven replay the same fleet; its answer names no machine; the listing shows one; unproven here: client tokens are kept by the proxy in front of the emulator",
    );
    expect(seen.row("sender")).toBe(
      "unproven sender it is the machine's id behind its role's; unproven here: the proxy in front of the emulator writes the sender",
    );
    expect(seen.row("restart")).toMatch(/ready \d+ s after the start; unproven here/u);
    expect(seen.row("own-document")).toBe(
      "unproven own-document it has read its document, and its credential is gone from the table; unproven here: an emulator enforces no policy and shows no tags in metadata",
    );
    expect(seen.row("tag-latency")).toMatch(/^unproven tag-latency acknowledged at most \d+ ms/u);
    // moto's machines cannot shut themselves down.
    expect(seen.row("shutdown")).toMatch(/^unproven shutdown it has ended, by Client\.User/u);
    expect(seen.row("clean-up")).toBe("proven clean-up one machine has ended, none is left");
    await expectNothingLeft(1);
  });

  it("ends the machine when nobody reports from it, and says what to look at", async () => {
    const seen = await runLive({ isSilent: true });
    expect(seen.exitCode).toBe(0);
    expect(seen.row("ready")).toMatch(
      /^unproven ready no report in 300 s\n-> is the agent in the image/u,
    );
    expect(seen.text).toContain("because ready does not hold: sender, restart");
    expect(seen.row("clean-up")).toMatch(/^proven/u);
    await expectNothingLeft(1);
  });

  it("does not believe what somebody else has sent, and sees a credential that stays", async () => {
    const seen = await runLive({ sender: "i-0badbadbad", keepsCredential: true });
    expect(seen.exitCode).toBe(1);
    expect(seen.row("sender")).toMatch(
      /^disproven sender SQS says AROA\w+:i-0badbadbad, the machine is i-/u,
    );
    expect(seen.row("own-document")).toBe(
      "disproven own-document the credential is still in the document",
    );
    await expectNothingLeft(1);
  });

  it("sees that a machine cannot read its document", async () => {
    const seen = await runLive({ isDenied: true });
    expect(seen.exitCode).toBe(1);
    expect(seen.row("own-document")).toMatch(
      /^disproven own-document no acknowledgement in 90 s\n-> the agent's log/u,
    );
    await expectNothingLeft(1);
  });

  it("buys nothing where a controller is at work", async () => {
    const store = createDynamodbStore({
      client: stage.clients.dynamodb,
      tablePrefix: "runs-fleet-ci-",
      owner: "host-1",
    });
    await store.leases.acquire("ci/us-east-1", "host-1", 60_000);
    const seen = await runLive();
    expect(seen.exitCode).toBe(1);
    expect(seen.row("alone")).toBe(
      "disproven alone host-1 controls ci/us-east-1\n-> make an environment for the doctor alone, by runs-fleet-aws stack apply --environment doctor",
    );
    expect(await machines()).toEqual([]);
  });

  it("says why a fleet launches nothing", async () => {
    stage.aws.faults.inject({
      service: "ec2",
      action: "CreateFleet",
      // The dry runs come before.
      where: ({ body }) => !body.includes("DryRun"),
      fault: { kind: "fleet-errors", keep: 0, codes: ["VcpuLimitExceeded"] },
    });
    const seen = await runLive();
    expect(seen.exitCode).toBe(1);
    expect(seen.row("bought")).toBe(
      "disproven bought the fleet launched nothing: VcpuLimitExceeded\n-> capacity: name more subnets; a quota: ask for more; else correct what the code names",
    );
    expect(await machines()).toEqual([]);
  });

  it("finds and ends the machine of a purchase whose answer was lost", async () => {
    stage.aws.faults.inject({
      service: "ec2",
      action: "CreateFleet",
      where: ({ body }) => !body.includes("DryRun"),
      fault: { kind: "reset", side: "after" },
      times: Number.POSITIVE_INFINITY,
    });
    const seen = await runLive();
    expect(seen.exitCode).toBe(1);
    expect(seen.row("bought")).toMatch(/^unproven bought ECONNRESET to ec2:CreateFleet/u);
    expect(seen.row("clean-up")).toMatch(/^proven/u);
    await expectNothingLeft(1);
  });

  it("ends the machine when the person stops the run", async () => {
    const seen = await runStopped();
    expect(seen.text).toContain("because the run was stopped");
    expect(seen.row("clean-up")).toMatch(/^proven/u);
    await expectNothingLeft(1);
  });

  it("says how to end a machine that it may not end", async () => {
    stage.aws.faults.inject({
      service: "ec2",
      action: "TerminateInstances",
      fault: { kind: "error", side: "before", code: "UnauthorizedOperation" },
      times: Number.POSITIVE_INFINITY,
    });
    const seen = await runStopped();
    expect(seen.exitCode).toBe(1);
    const [machine] = await machines();
    const id = machine?.InstanceId;
    expect(seen.row("clean-up")).toBe(
      `disproven clean-up not ended: ${id} (UnauthorizedOperation to ec2:TerminateInstances)\n-> aws ec2 terminate-instances --instance-ids ${id}`,
    );
  });
});
