import type { Observation } from "../observe-provider.ts";
import type { QueueFacts } from "../observe-queue.ts";
import type { Trouble } from "../trouble.ts";

const minutes = 60_000;
/** A message that a queue accepted is seen by a receiver within this, once nothing is wrong. */
const seenWithinMs = 5 * minutes;

/** ack-after-persist: a queue that said it has a message delivers it. */
export function judgeDelivery(
  { judge, clock }: Observation,
  trouble: Trouble,
  name: string,
  facts: QueueFacts,
): void {
  const calmMs = trouble.calmForMs();
  for (const [key, atMs] of facts.unseen) {
    if (Math.min(calmMs, clock.now() - atMs) < seenWithinMs) continue;
    judge.check(
      "ack-after-persist",
      `${name} ${key}`,
      `the ${name} queue accepted ${key} and nobody has received it`,
    );
  }
}

/** ack-after-persist: what GitHub was told is accepted is in the queue. */
export function judgeWebhook(
  { judge }: Observation,
  guid: string,
  status: number,
  facts: QueueFacts,
): void {
  if (status !== 202) return;
  judge.check(
    "ack-after-persist",
    `webhook ${guid}`,
    facts.heads.has(guid) ? undefined : `delivery ${guid} was answered 202 and is in no queue`,
  );
}
