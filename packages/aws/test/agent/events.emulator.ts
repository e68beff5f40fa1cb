import { CreateQueueCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  createOrchestrator,
  type Decision,
  type MachineProvider,
  systemClock,
  systemEntropy,
} from "@runs-fleet/core";
import { createMemoryQueue, createMemoryStore } from "@runs-fleet/core/embedded";
import { createFakeGitHub } from "@runs-fleet/core/testing";
import { type AgentEvent, parseAgentEvent } from "@runs-fleet/core/wire";
import { describe, expect, it } from "vitest";
import { createSqsAgentEvents } from "../../src/agent/index.ts";
import { createSqsQueue } from "../../src/sqs/index.ts";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws, TestCredentials } from "../../testing/test-aws.ts";
import { eventually } from "./process.ts";
import { openMachine } from "./stage.ts";

let counter = 0;

function eventOf(machineId: string, rest: object = {}): AgentEvent {
  counter += 1;
  return { id: `event-${counter}`, machineId, atMs: 1, sequence: counter, kind: "ready", ...rest };
}

/** The side of a machine that has these credentials. */
const eventsOf = (aws: TestAws, queueUrl: string, credentials: TestCredentials) =>
  createSqsAgentEvents({ client: new SQSClient(aws.clientOptions({ credentials })), queueUrl });

const trace = {
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  tracestate: "vendor=1",
};

/** Machines are no part of what happens here. */
const noMachines: MachineProvider = {
  name: "none",
  launch: async () => ({ machines: [], failures: [] }),
  list: async () => [],
  start: async () => [],
  stop: async () => [],
  terminate: async () => [],
  ring: async () => [],
};

describe("reports through SQS", () => {
  it("arrive as they were, with their trace, from who has sent them", async () => {
    await using aws = await openAws();
    await using stage = await openMachine(aws);
    const { machineId, reportsUrl, credentials } = stage;
    const { send } = eventsOf(aws, reportsUrl, credentials);
    const plain = eventOf(machineId);
    const finished = eventOf(machineId, {
      kind: "finished",
      result: "succeeded",
      exitCode: 100,
      timingsMs: { run: 7 },
      trace,
    });
    await send(plain);
    await send(finished);
    const deliveries = await stage.reports.receive({
      max: 10,
      waitMs: 1_000,
      visibilityMs: 60_000,
    });
    const seen = deliveries.map(({ body, sender, trace: carrier }) => [body, sender, carrier]);
    expect(seen).toHaveLength(2);
    expect(seen).toContainEqual([plain, machineId, undefined]);
    expect(seen).toContainEqual([finished, machineId, trace]);
    expect(stage.poison).toEqual([]);
  });

  it("keep their order in a FIFO queue, and come once although they are sent again", async () => {
    await using aws = await openAws({ queues: "fauxqs" });
    const client = new SQSClient(aws.clientOptions());
    const QueueName = `${aws.name("reports")}.fifo`;
    await client.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: "true" } }));
    const { QueueUrl = "" } = await client.send(new GetQueueUrlCommand({ QueueName }));
    const queue = createSqsQueue({ client, queueUrl: QueueUrl, parse: parseAgentEvent });
    const { send } = eventsOf(aws, QueueUrl, aws.machine("i-0a"));
    const events = Array.from({ length: 8 }, () => eventOf("i-0a"));
    for (const event of events) {
      await send(event);
      await send(event);
    }
    const received: AgentEvent[] = [];
    await eventually("all are received", async () => {
      const deliveries = await queue.receive({ max: 10, waitMs: 0, visibilityMs: 60_000 });
      received.push(...deliveries.map(({ body }) => body));
      await queue.acknowledge(deliveries);
      return deliveries.length === 0;
    });
    expect(received).toEqual(events);
  });

  it("are refused and counted when a machine speaks for another one", async () => {
    await using aws = await openAws();
    await using stage = await openMachine(aws);
    await using github = createFakeGitHub({ clock: systemClock, entropy: systemEntropy });
    const decisions: Decision[] = [];
    const orchestrator = createOrchestrator({
      environment: "ci",
      owner: "one",
      catalog: async () => ({
        version: "1",
        defaultEnvironment: "ci",
        environments: [{ name: "ci", regions: [aws.region] }],
        pools: [],
        images: [],
        policies: [],
      }),
      store: createMemoryStore(),
      demand: createMemoryQueue(),
      reports: stage.reports,
      providers: { [aws.region]: noMachines },
      github: github.client,
      webhookSecrets: ["secret"],
      onDecision: (decision) => decisions.push(decision),
    });
    await orchestrator.start();
    try {
      const victim = stage.machineId;
      const thief = `${victim.slice(0, -1)}${victim.endsWith("0") ? "1" : "0"}`;
      await eventsOf(aws, stage.reportsUrl, aws.machine(thief)).send(eventOf(victim));
      // A role that anybody may assume, under the name of the machine.
      const stranger = aws.machine(victim, "AROAOTHERROLE");
      await eventsOf(aws, stage.reportsUrl, stranger).send(eventOf(victim));
      // The machine itself is believed: it is not on the books, so its report waits.
      await eventsOf(aws, stage.reportsUrl, stage.credentials).send(eventOf(victim));
      const forged = () => decisions.filter(({ code }) => code === "forged-report");
      await eventually("both are refused", () => forged().length === 2);
      expect(forged().map(({ message }) => message)).toEqual(
        expect.arrayContaining([
          `${thief} reported for ${victim}; refused`,
          `AROAOTHERROLE:${victim} reported for ${victim}; refused`,
        ]),
      );
      expect(forged().map(({ subject }) => subject)).toContainEqual({ machineId: thief });
    } finally {
      await orchestrator.stop();
    }
    const left = await stage.reports.receive({ max: 10, waitMs: 0, visibilityMs: 1_000 });
    expect(left.filter(({ sender }) => sender !== stage.machineId)).toEqual([]);
  });

  it.each([{ client: {} }, { queueUrl: "reports" }])("take no options like %j", async (wrong) => {
    await using aws = await openAws();
    const options = { client: new SQSClient(aws.clientOptions()), queueUrl: "http://q/1/r" };
    expect(() => createSqsAgentEvents({ ...options, ...wrong } as never)).toThrow(TypeError);
  });
});
