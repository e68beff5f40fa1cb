import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { FleetError } from "@runs-fleet/core";
import type { AgentEvent, Assignment } from "@runs-fleet/core/wire";
import { expect } from "vitest";
import {
  createDynamodbAssignments,
  createSqsAgentEvents,
  type DynamodbAssignments,
  type SqsAgentEvents,
} from "../../src/agent/index.ts";
import { describeFaultMatrix, type MatrixCase } from "../../testing/matrix/fault-matrix.ts";
import { impatient } from "../../testing/matrix/impatient.ts";
import { openAws } from "../../testing/open-aws.ts";
import { type MachineStage, openMachine } from "./stage.ts";

/** What a cell works on: a machine with an assignment. */
interface Context {
  readonly stage: MachineStage;
  readonly assignment: Assignment;
  /** The machine's side, which meets the fault. */
  readonly assignments: DynamodbAssignments;
  readonly events: SqsAgentEvents;
  readonly event: AgentEvent;
}

async function prepare(aws: Parameters<typeof openMachine>[0]): Promise<Context> {
  const stage = await openMachine(aws);
  const assignment = stage.assignment();
  await stage.assign(assignment);
  const assignments = createDynamodbAssignments({
    client: new DynamoDBClient(aws.clientOptions(impatient)),
    ...stage.names,
  });
  const { credentials, machineId, reportsUrl: queueUrl } = stage;
  const client = new SQSClient(aws.clientOptions({ ...impatient, credentials }));
  const event: AgentEvent = {
    id: `event-of-${machineId}`,
    machineId,
    atMs: 1,
    sequence: 1,
    kind: "ready",
  };
  return {
    stage,
    assignment,
    assignments,
    events: createSqsAgentEvents({ client, queueUrl }),
    event,
  };
}

/** What a fault may look like after the SDK's repetitions and ours; without an entry it is got over. */
const expected: Readonly<Record<string, readonly FleetError["kind"][]>> = {
  "server-error-always": ["unavailable"],
  "unavailable-always": ["unavailable"],
  "throttled-always": ["throttled"],
  "reset-always": ["unavailable"],
  "reply-lost-always": ["unavailable"],
  "no-answer-always": ["unavailable"],
  denied: ["auth"],
  "credentials-expired": ["auth"],
  "set-up-missing": ["config"],
  "entry-refused": ["config"],
};

const cases: readonly MatrixCase<Context, unknown>[] = [
  {
    name: "read",
    calls: [{ service: "dynamodb", action: "GetItem" }],
    prepare,
    act: ({ assignments, stage }) => assignments.read(stage.machineId),
    judge: async ({ assignment }, ending, { fault }) => {
      if (ending.ok) expect(ending.value).toEqual(assignment);
      else expect(expected[fault.name] ?? ["none"]).toContain(ending.error.kind);
      return undefined;
    },
  },
  {
    name: "blank",
    calls: [
      { service: "dynamodb", action: "GetItem" },
      { service: "dynamodb", action: "UpdateItem" },
    ],
    prepare,
    act: ({ assignments, assignment }) => assignments.blank(assignment),
    async judge({ stage, assignments, assignment }, ending, { fault }) {
      if (ending.ok) expect(ending.value).toBe(true);
      else expect(expected[fault.name] ?? ["none"]).toContain(ending.error.kind);
      const item = await stage.item();
      const isTaken = !JSON.stringify(item).includes(assignment.jitConfig);
      if (ending.ok) expect(isTaken).toBe(true);
      // Asked again it is true, once and for all: it happened once, and the controller has lost.
      expect(await assignments.blank(assignment)).toBe(true);
      expect(await stage.item()).toMatchObject({ version: { N: "2" } });
      expect(await stage.withdraw(1)).toBe(false);
      return ending.ok ? undefined : isTaken ? "taken" : "not taken";
    },
  },
  {
    name: "report",
    calls: [{ service: "sqs", action: "SendMessageBatch" }],
    prepare,
    act: ({ events, event }) => events.send(event),
    async judge({ stage, events, event }, ending, { fault }) {
      if (!ending.ok) {
        expect(expected[fault.name] ?? ["none"]).toContain(ending.error.kind);
        // The agent repeats it until it is sent.
        await events.send(event);
      }
      const deliveries = await stage.reports.receive({
        max: 10,
        waitMs: 1_000,
        visibilityMs: 60_000,
      });
      expect(deliveries.length).toBeGreaterThan(0);
      for (const { body, sender } of deliveries) {
        expect([body, sender]).toEqual([event, stage.machineId]);
      }
      return deliveries.length > 1 ? "more than once" : undefined;
    },
  },
];

describeFaultMatrix<Context, unknown>({ title: "The agent's side of AWS", open: openAws }, cases);
