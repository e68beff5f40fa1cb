import { describe, expect, it } from "vitest";
import { createOracleStage } from "../../../test/simulation/stage.ts";
import type { Delivery, MessageQueue } from "../../ports/message-queue.ts";
import { createQueueFacts, observeQueue } from "./observe-queue.ts";
import { judgeDelivery } from "./oracles/messages.ts";

const minutes = 60_000;

async function looked(send: MessageQueue<string>["send"], received: readonly string[] = []) {
  const stage = await createOracleStage();
  const facts = createQueueFacts();
  const inner = {
    send,
    receive: async () => received.map((body) => ({ body }) as Delivery<string>),
  } as unknown as MessageQueue<string>;
  const queue = observeQueue(
    inner,
    facts,
    (body) => body,
    async () => undefined,
    stage.clock,
  );
  await queue.send([{ body: "m" }]).catch(() => undefined);
  await queue.receive({ max: 1, waitMs: 0, visibilityMs: 1 });
  await stage.clock.advance(6 * minutes);
  judgeDelivery(stage.observation, stage.trouble, "demand", facts);
  return stage.found();
}

describe("a queue (ack-after-persist)", () => {
  it("delivers what it accepted", async () => {
    const accepts = async () => [{ ok: true } as const];
    expect(await looked(accepts, ["m"])).toEqual([]);
    expect(await looked(accepts)).toEqual(["ack-after-persist"]);
  });

  it("owes nothing that it did not accept", async () => {
    expect(await looked(() => Promise.reject(new Error("no")))).toEqual([]);
  });
});
