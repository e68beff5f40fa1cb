import process from "node:process";
import { systemClock } from "@runs-fleet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { givenEmulators } from "../../../packages/aws/testing/open-aws.ts";
import type { CallMeter } from "../../../packages/aws/testing/proxy/call-log.ts";
import type { HostProcess } from "../dev/host-process.ts";
import { devCatalog, openWorld, type World } from "../dev/world.ts";
import { program } from "./campaign.ts";

const full = process.env["RUNS_FLEET_FULL"] === "1";
const burst = full ? 200 : 24;

/** Looks are rare, so that what jobs cost stands out against what passes cost; agents poll slowly soon, as idle machines do. */
const timings = { reconcileMs: 60_000, sweepMs: 120_000 };
const agentTimings = { fastPollForMs: 8_000, fastPollMs: 1_000, slowPollMs: 30_000 };

async function startController(world: World): Promise<HostProcess> {
  const host = await world.startHost();
  while ((await host.status())?.role !== "controller") await systemClock.sleep(100);
  return host;
}

function openFleet(options: Partial<Parameters<typeof openWorld>[0]> = {}): Promise<World> {
  return openWorld({
    emulators: givenEmulators(),
    program,
    timings,
    limits: { mintsPerMinute: false, mintsPerHour: false, corePerHour: false },
    ...options,
  });
}

async function runJobs({ github, yard }: World, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    github.queueJob({
      repository: `acme/app${index % 4}`,
      labels: ["runs-fleet/cpu=2"],
      durationMs: 300,
    });
  }
  while (github.jobs().some(({ state }) => state !== "completed")) await systemClock.sleep(200);
  // The last reports are on their way. Where a job ran on another's machine, one is left over, and is kept for the next job.
  const untilMs = systemClock.now() + 20_000;
  while (yard.running() > 0 && systemClock.now() < untilMs) await systemClock.sleep(200);
  await systemClock.sleep(2_500);
}

/** What the orchestrator called, but for what it calls whether there are jobs or not. */
function ofOrchestrator(world: World, meter: CallMeter, service: string): Record<string, number> {
  const { accessKeyId: accessKey } = world.aws.credentials;
  const counts = meter.byAction({ service, accessKey });
  return Object.fromEntries(
    Object.entries(counts).map(([name, { calls }]) => [name.replace(`${service} `, ""), calls]),
  );
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

describe("a cold job", () => {
  let world: World;
  let host: HostProcess;
  beforeAll(async () => {
    const environments = devCatalog.environments.map((one) => ({ ...one, machines: burst }));
    world = await openFleet({ catalog: { ...devCatalog, environments } });
    host = await startController(world);
    const ledAtMs = systemClock.now();
    // The first learns what the region sells.
    await runJobs(world, 1);
    // Of jobs that are hardly younger than its leadership a controller asks whether they ended before.
    await systemClock.sleep(Math.max(0, ledAtMs + 62_000 - systemClock.now()));
  }, 180_000);
  afterAll(() => world[Symbol.asyncDispose]());

  it("alone costs at most 6 requests of DynamoDB and 1 call of EC2", async () => {
    const meter = world.aws.calls.meter();
    await runJobs(world, 1);
    // What waits to be stored is stored now, in the one commit that it would be later.
    await host.drain();
    const { UpdateItem: renewals = 0, ...dynamodb } = ofOrchestrator(world, meter, "dynamodb");
    const ec2 = ofOrchestrator(world, meter, "ec2");
    const items = Object.values(meter.byAction({ service: "dynamodb" })).reduce(
      (a, b) => a + b.items,
      0,
    );
    console.log(
      `one cold job: DynamoDB ${JSON.stringify(dynamodb)} (${items} items with the agent's, and ${renewals} renewals), EC2 ${JSON.stringify(ec2)}`,
    );
    expect(sum(dynamodb)).toBeLessThanOrEqual(6);
    const { DescribeInstances: listings = 0, ...rest } = ec2;
    expect(sum(rest)).toBeLessThanOrEqual(1);
    expect(listings).toBeLessThanOrEqual(1);
  }, 120_000);

  it("of a burst shares its calls with others", async () => {
    await startController(world);
    const meter = world.aws.calls.meter();
    await runJobs(world, burst);
    const { UpdateItem: renewals = 0, ...dynamodb } = ofOrchestrator(world, meter, "dynamodb");
    const ec2 = ofOrchestrator(world, meter, "ec2");
    console.log(
      `${burst} cold jobs at once: DynamoDB ${(sum(dynamodb) / burst).toFixed(2)} a job ${JSON.stringify(dynamodb)} (and ${renewals} renewals), EC2 ${(sum(ec2) / burst).toFixed(2)} a job ${JSON.stringify(ec2)}`,
    );
    expect(sum(dynamodb) / burst).toBeLessThanOrEqual(6);
    // Listings come by the minute, however many jobs there are, and what the region sells is learnt once.
    const { DescribeInstances: listings = 0, CreateFleet: purchases = 0, ...learnt } = ec2;
    expect(sum(learnt), JSON.stringify(learnt)).toBeLessThanOrEqual(3);
    if (full) expect((sum(learnt) + purchases + listings) / burst).toBeLessThanOrEqual(0.1);
    // How close together webhooks arrive depends on how busy this machine is: what has come is bought together, pass by pass.
    const [first] = meter.records({ action: "TransactWriteItems" });
    const last = meter.records({ action: "CreateFleet" }).at(-1);
    const seconds = ((last?.atMs ?? 0) - (first?.atMs ?? 0)) / 1_000;
    expect(purchases, `in ${seconds.toFixed(1)} s`).toBeLessThanOrEqual(4 + 2 * seconds);
  }, 600_000);
});

describe("an idle hot machine", () => {
  it("reads its document at most twice a minute, and nobody calls EC2 or GitHub for it", async () => {
    await using world = await openFleet({
      agentTimings,
      catalog: {
        ...devCatalog,
        pools: [
          {
            name: "warm",
            environment: "ci",
            regions: [{ name: "us-east-1" }],
            shape: { os: "linux", cpu: { min: 2, max: 2 }, spot: false },
            schedule: { timeZone: "UTC", default: { hot: 1, stopped: 0 }, entries: [] },
            limits: { machines: 2 },
          },
        ],
      },
    });
    await startController(world);
    while (world.yard.running() < 1) await systemClock.sleep(200);
    await systemClock.sleep(agentTimings.fastPollForMs + 4_000);
    const meter = world.aws.calls.meter();
    const minutes = 2;
    await systemClock.sleep(minutes * 60_000);
    const reads = meter.count({ service: "dynamodb", action: "GetItem" });
    const ec2 = ofOrchestrator(world, meter, "ec2");
    const dynamodb = ofOrchestrator(world, meter, "dynamodb");
    console.log(
      `an idle hot machine in ${minutes} minutes: ${reads} reads; the whole fleet EC2 ${JSON.stringify(ec2)}, DynamoDB ${JSON.stringify(dynamodb)}`,
    );
    // Every 30 s, give or take a quarter.
    expect(reads).toBeLessThanOrEqual(minutes * 2 + 1);
    expect(Object.keys(ec2)).toEqual(["DescribeInstances"]);
    expect(ec2["DescribeInstances"]).toBeLessThanOrEqual(minutes + 1);
    const { UpdateItem: renewals = 0, ...rest } = dynamodb;
    expect(renewals).toBeLessThanOrEqual(minutes * 12 + 1);
    expect(rest).toEqual({});
  }, 300_000);
});
