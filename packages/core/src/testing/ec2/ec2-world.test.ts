import { describe, expect, it } from "vitest";
import { createMemoryQueue, createMemoryStore } from "../../embedded/index.ts";
import type { LaunchAttempt } from "../../ports/machine-provider.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import { createAssignmentBoard, createSimulatedMachines } from "../machines/index.ts";
import { createSeededEntropy } from "../seeded-entropy.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { createEc2Host, type Ec2Host } from "./ec2-host.ts";

const startMs = 1_790_000_000_000;
const attempt: LaunchAttempt = {
  id: "a",
  token: "token-a",
  shard: "ci/us-east-1",
  environment: "ci",
  region: "us-east-1",
  count: 1,
  shape: { os: "linux", cpu: { min: 2, max: 2 } },
  markets: ["spot"],
  specHash: "spec",
  deadlineMs: startMs + 3_600_000,
};

function setUp() {
  const clock = createVirtualClock(startMs);
  const reports = createMemoryQueue<AgentEvent>({ clock });
  let made: Ec2Host | undefined;
  const machines = createSimulatedMachines({
    region: "us-east-1",
    clock,
    entropy: createSeededEntropy(1),
    board: createAssignmentBoard(createMemoryStore({ clock })),
    reports,
    fetch: () => Promise.reject(new Error("No GitHub here")),
    host: (hooks) => {
      made = createEc2Host({ clock, entropy: createSeededEntropy(2), ...hooks });
      return made;
    },
  });
  const said = async () => {
    const deliveries = await reports.receive({ max: 10, waitMs: 0, visibilityMs: 60_000 });
    return deliveries.map(({ body }) => body.kind);
  };
  return { clock, machines, said, ec2: made?.ec2 };
}

describe("machines that live on a simulated EC2", () => {
  it("report that they are ready, and of their interruption", async () => {
    const { clock, machines, said, ec2 } = setUp();
    const { machines: bought } = await machines.provider.launch(attempt);
    await clock.advance(60_000);
    expect(await said()).toEqual(["ready"]);
    ec2?.interrupt(bought.map(({ id }) => id));
    await clock.advance(1_000);
    expect(await said()).toEqual(["interrupted"]);
    await clock.advance(240_000);
    const [gone] = await machines.truth.list({ environment: "ci", region: "us-east-1" });
    expect(gone?.state).toBe("terminated");
  });

  it("die without a word", async () => {
    const { clock, machines, said } = setUp();
    const { machines: bought } = await machines.provider.launch(attempt);
    await clock.advance(10_000);
    await machines.kill(bought[0]?.id ?? "");
    await clock.advance(60_000);
    expect(await said()).toEqual([]);
  });
});
