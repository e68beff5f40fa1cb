import { describeMessageQueueContract } from "@runs-fleet/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openAws } from "../../testing/open-aws.ts";
import type { TestAws } from "../../testing/test-aws.ts";
import { openQueue } from "./stage.ts";

/** A case that an emulator is known to fail: what it does instead, and how that shows. */
type Lies = Readonly<Record<string, { readonly why: string; readonly shows: RegExp }>>;

const liesOfFauxqs: Lies = {
  "delivers a body as it was sent": {
    why: "it refuses characters beyond U+FFFF",
    shows: /to deeply equal|InvalidMessageContents/u,
  },
  "stops waiting when it is cancelled, and loses nothing": {
    why: "a poll that nobody waits for any more takes the message, and hides it",
    shows: /to deeply equal/u,
  },
};

/** `it`, where a known lie has to show: an emulator that has learnt is noticed. Each case has a queue of its own, and most wait. */
function declareWith(lies: Lies) {
  return (name: string, body: () => Promise<void> | void): void => {
    const lie = lies[name];
    if (lie === undefined) it.concurrent(name, async () => body());
    else {
      it.concurrent(`deviates: ${name} (${lie.why})`, async () => {
        await expect(async () => body()).rejects.toThrow(lie.shows);
      });
    }
  };
}

for (const { name, queues, isFifo, lies } of [
  { name: "standard, on moto", queues: "moto", isFifo: false, lies: {} },
  { name: "FIFO, on fauxqs", queues: "fauxqs", isFifo: true, lies: liesOfFauxqs },
] as const) {
  describe(`a queue of SQS, ${name}`, () => {
    let aws: TestAws;
    beforeAll(async () => {
      aws = await openAws({ queues });
    });
    afterAll(() => aws.close());

    describeMessageQueueContract({
      api: { describe, it: declareWith(lies), expect },
      create: async () => (await openQueue(aws, { isFifo })).queue(),
      // Turns of groups are SQS's, emulators know none; that ids are remembered for 5 minutes is tried in fifo.emulator.ts.
      traits: { time: "real", concurrent: true },
    });
  });
}
