import { SQSClient } from "@aws-sdk/client-sqs";
import type { Delivery, FleetError, Json, MessageQueue, SendOutcome } from "@runs-fleet/core";
import { expect } from "vitest";
import { redriveSqsDeadLetters, type SqsRedriveReport } from "../../src/sqs/index.ts";
import {
  describeFaultMatrix,
  type Ending,
  type Hit,
  type MatrixCase,
} from "../../testing/matrix/fault-matrix.ts";
import { impatient } from "../../testing/matrix/impatient.ts";
import { openAws } from "../../testing/open-aws.ts";
import { openQueue, type QueueStage } from "./stage.ts";

/** What a cell works on: a queue of its own with two messages, which somebody has received. */
interface Context {
  readonly stage: QueueStage;
  /** The queue under test, which meets the fault. */
  readonly queue: MessageQueue<Json>;
  readonly client: SQSClient;
  readonly received: readonly Delivery<Json>[];
}

const now = { max: 10, waitMs: 0, visibilityMs: 60_000 };
const both = ["a", "b"];

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

function judgeKind(error: FleetError | undefined, { fault }: Hit): void {
  if (error !== undefined) expect(expected[fault.name] ?? ["none"]).toContain(error.kind);
}

/** The bodies of a queue, hidden ones excepted, each once. */
async function bodiesOf({ look }: QueueStage, url?: string): Promise<readonly string[]> {
  const seen = (await look(url)).map(({ Body = "" }) => Body);
  return [...new Set(seen)].sort();
}

/** Waits until each has been seen: what was received by somebody else becomes visible by and by. */
async function sees(
  bodies: readonly string[],
  look: () => Promise<readonly string[]>,
): Promise<void> {
  const seen = new Set<string>();
  const wanted = bodies.map((body) => JSON.stringify(body));
  const missing = async () => {
    for (const body of await look()) seen.add(body);
    return wanted.filter((body) => !seen.has(body));
  };
  await expect.poll(missing, { timeout: 5_000 }).toEqual([]);
}

const prepareWith =
  (isReceived: boolean): MatrixCase<Context, unknown>["prepare"] =>
  async (aws) => {
    const stage = await openQueue(aws);
    const client = new SQSClient(aws.clientOptions(impatient));
    const patient = stage.queue();
    await patient.send(both.map((body) => ({ body })));
    const received = isReceived ? await patient.receive(now) : [];
    return { stage, client, queue: stage.queue({ client }), received };
  };

/** A case of the matrix; `act` answers what it may answer. */
function operation<T>(
  name: string,
  actions: readonly string[],
  act: (context: Context) => Promise<T>,
  judge: (context: Context, ending: Ending<T>, hit: Hit) => Promise<string | undefined>,
  prepare = prepareWith(true),
): MatrixCase<Context, unknown> {
  return {
    name,
    calls: actions.map((action) => ({ service: "sqs", action })),
    prepare,
    act,
    judge: async (context, ending, hit) => {
      if (!ending.ok) judgeKind(ending.error, hit);
      return judge(context, ending as Ending<T>, hit);
    },
  };
}

const one = ({ received }: Context): Delivery<Json> => {
  const [first] = received;
  if (first === undefined) throw new Error("There are messages");
  return first;
};

const cause = { code: "config", message: "It cannot be handled" } as const;
const deadBodies = ({ stage }: Context) => bodiesOf(stage, stage.deadLetterUrl);

/** Whatever happened: what was put aside is in one of the queues, or in both. */
async function judgePutAside(context: Context, isDone: boolean): Promise<string> {
  const { stage, received } = context;
  const dead = await deadBodies(context);
  await stage.queue().extend(received, 0);
  const alive = await bodiesOf(stage);
  const name = JSON.stringify(one(context).body);
  if (isDone) expect([dead, alive.includes(name)]).toEqual([[name], false]);
  expect([...new Set([...dead, ...alive])].sort()).toEqual(['"a"', '"b"']);
  return isDone ? "moved" : dead.includes(name) ? "in both" : "kept";
}

describeFaultMatrix<Context, unknown>({ title: "SQS, the queue", open: openAws }, [
  operation<readonly SendOutcome[]>(
    "send",
    ["SendMessageBatch"],
    ({ queue }) => queue.send(["c", "d", "e"].map((body) => ({ body }))),
    async ({ stage }, ending, hit) => {
      if (!ending.ok) throw new Error("Sends answer per message");
      const there = await bodiesOf(stage);
      for (const [index, outcome] of ending.value.entries()) {
        if (outcome.ok) expect(there).toContain(JSON.stringify("cde"[index]));
        else judgeKind(outcome.error, hit);
      }
      const failed = ending.value.filter(({ ok }) => !ok).length;
      return failed === 0 ? undefined : `${failed} not accepted`;
    },
  ),
  operation<readonly Delivery<Json>[]>(
    "receive",
    ["ReceiveMessage"],
    ({ queue }) => queue.receive({ ...now, visibilityMs: 1_000 }),
    async ({ stage }, ending) => {
      // Received or not, or received by an answer that was lost: nothing is removed, and all comes again.
      await sees(both, () => bodiesOf(stage));
      return ending.ok ? `${ending.value.length} received` : undefined;
    },
    prepareWith(false),
  ),
  operation<void>(
    "acknowledge",
    ["DeleteMessageBatch"],
    (context) => context.queue.acknowledge([one(context)]),
    async (context, ending) => {
      const { stage, received } = context;
      const count = await stage.count();
      if (ending.ok) expect(count).toBe(1);
      // Done again, it is done, and it was done to one.
      await stage.queue().acknowledge([one(context)]);
      await stage.queue().extend(received, 0);
      const left = both.filter((body) => body !== one(context).body);
      expect(await bodiesOf(stage)).toEqual(left.map((body) => JSON.stringify(body)));
      return ending.ok ? undefined : count === 1 ? "done" : "not done";
    },
  ),
  operation<void>(
    "extend",
    ["ChangeMessageVisibilityBatch"],
    (context) => context.queue.extend([one(context)], 0),
    async (context, ending) => {
      const there = await bodiesOf(context.stage);
      const name = JSON.stringify(one(context).body);
      expect([[name], []]).toContainEqual(there);
      if (ending.ok) expect(there).toEqual([name]);
      expect(await context.stage.count()).toBe(2);
      return ending.ok ? undefined : there.length === 1 ? "done" : "not done";
    },
  ),
  operation<void>(
    "deadLetter",
    ["GetQueueAttributes", "GetQueueUrl", "SendMessageBatch", "DeleteMessageBatch"],
    (context) => context.queue.deadLetter(one(context), cause),
    (context, ending) => judgePutAside(context, ending.ok),
  ),
  operation<readonly Delivery<Json>[]>(
    "receive poison",
    ["SendMessageBatch", "DeleteMessageBatch"],
    ({ stage, client }) =>
      stage
        .queue({ client, parse: (body) => (body === "a" ? undefined : (body as Json)) })
        .receive({ ...now, visibilityMs: 1_000 }),
    async (context, ending, hit) => {
      const { stage } = context;
      // Whatever becomes of the one that cannot be read, the other one is handed out.
      expect(ending.ok && ending.value.map(({ body }) => body)).toEqual(["b"]);
      const [poison] = stage.poison;
      judgeKind(poison?.failure, hit);
      await sees(both, async () => [...(await deadBodies(context)), ...(await bodiesOf(stage))]);
      if (poison?.failure === undefined) expect(await stage.count()).toBe(1);
      return poison?.failure === undefined ? "moved" : `kept, ${poison.failure.kind}`;
    },
    prepareWith(false),
  ),
  operation<SqsRedriveReport>(
    "redrive",
    ["ReceiveMessage", "SendMessageBatch", "DeleteMessageBatch"],
    ({ stage: { deadLetterUrl, queueUrl }, client }) =>
      redriveSqsDeadLetters({ client, deadLetterUrl, queueUrl, max: 2 }),
    async (context, ending, hit) => {
      if (!ending.ok) throw new Error("A redrive says what went wrong");
      const { stage } = context;
      const { moved, kept, failure } = ending.value;
      judgeKind(failure, hit);
      const alive = await bodiesOf(stage);
      expect(alive.length).toBeGreaterThanOrEqual(moved);
      // What an answer that was lost has hidden is hidden still.
      const left = await stage.count(stage.deadLetterUrl);
      expect(alive.length + left).toBeGreaterThanOrEqual(2);
      if (failure === undefined) expect([alive.length, left]).toEqual([moved, 2 - moved]);
      return `${moved} moved, ${kept} kept`;
    },
    async (aws) => {
      const context = await prepareWith(true)(aws);
      for (const delivery of context.received) {
        await context.stage.queue().deadLetter(delivery, cause);
      }
      return context;
    },
  ),
]);
