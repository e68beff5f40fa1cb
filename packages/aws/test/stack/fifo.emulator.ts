import { createSqsQueue } from "@runs-fleet/aws/sqs";
import { applyStack, deleteStack, planStack } from "@runs-fleet/aws/stack/apply";
import type { Json } from "@runs-fleet/core";
import { expect, it, vi } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import { openStackStage } from "./stage.ts";

// Some hundred calls, of emulators that others use as well.
vi.setConfig({ testTimeout: 120_000 });

it("queues that keep the order are made, with dead-letter queues that keep it as well", async () => {
  await using aws = await openAws({ queues: "fauxqs", tables: "moto" });
  const stage = await openStackStage(aws);
  const { clients } = stage;
  const stack = stage.stack({ fifo: ["demand"] });
  const { outputs } = await applyStack(clients, stack);
  const queueUrl = outputs.queueUrls.demand ?? "";
  expect(queueUrl).toMatch(/-demand\.fifo$/u);
  const different = (await planStack(clients, stack)).filter(({ state }) => state !== "present");
  expect(different).toEqual([]);
  const parse = (body: unknown) => body as Json;
  const queue = createSqsQueue({ client: clients.sqs, queueUrl, parse });
  await queue.send([1, 2, 3].map((body) => ({ body, group: "one" })));
  const bodies: Json[] = [];
  for (let round = 0; round < 3; round += 1) {
    const received = await queue.receive({ max: 1, waitMs: 0, visibilityMs: 60_000 });
    bodies.push(...received.map(({ body }) => body));
    await queue.acknowledge(received);
  }
  expect(bodies).toEqual([1, 2, 3]);
  await deleteStack(clients, stack);
});
