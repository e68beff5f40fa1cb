import { setTimeout as sleep } from "node:timers/promises";
import { type Handle, jsonOf, withJson } from "./exchange.ts";

/** How often an empty queue is looked at, milliseconds; a message that is sent through us is seen at once. */
const lookMs = 250;

/** Calls that may make a message visible. */
const wakers: ReadonlySet<string> = new Set([
  "SendMessage",
  "SendMessageBatch",
  "ChangeMessageVisibility",
  "ChangeMessageVisibilityBatch",
]);

/**
 * Turns a long poll into short ones, so that each look at the queue can wait for its turn: moto gives the same message to two
 * polls at once otherwise, and a long poll that holds its turn stops everybody.
 */
export function withShortPolls(next: Handle): Handle {
  const waiting = new Map<string, Set<() => void>>();
  const defaults = new Map<string, number>();

  function arrival(queue: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const callbacks = waiting.get(queue) ?? new Set();
      waiting.set(queue, callbacks);
      const done = () => {
        callbacks.delete(done);
        resolve();
      };
      callbacks.add(done);
      // Whatever ends the wait first, ends both.
      sleep(lookMs, undefined, { signal }).then(done, done);
    });
  }

  /** The wait that a queue prescribes to those who do not say one. */
  async function defaultWait(request: Parameters<Handle>[0], queue: string): Promise<number> {
    const known = defaults.get(queue);
    if (known !== undefined) return known;
    const name = "ReceiveMessageWaitTimeSeconds";
    const answer = await next({
      ...withJson(request, { QueueUrl: queue, AttributeNames: [name] }),
      action: "GetQueueAttributes",
      headers: { ...request.headers, "x-amz-target": "AmazonSQS.GetQueueAttributes" },
    });
    const attributes = jsonOf(answer)?.["Attributes"] as Record<string, string> | undefined;
    const seconds = Number(attributes?.[name] ?? 0);
    defaults.set(queue, seconds);
    return seconds;
  }

  return async (request) => {
    const json = request.service === "sqs" ? jsonOf(request) : undefined;
    const queue = json?.["QueueUrl"];
    if (json === undefined || typeof queue !== "string") return next(request);
    if (request.action === "SetQueueAttributes") defaults.delete(queue);
    if (request.action !== "ReceiveMessage") {
      const answer = await next(request);
      if (wakers.has(request.action)) for (const wake of waiting.get(queue) ?? []) wake();
      return answer;
    }
    const seconds = json["WaitTimeSeconds"] ?? (await defaultWait(request, queue));
    const endMs = performance.now() + Number(seconds) * 1_000;
    const look = withJson(request, { ...json, WaitTimeSeconds: 0 });
    for (;;) {
      const answer = await next(look);
      const messages = answer.status === 200 ? jsonOf(answer)?.["Messages"] : answer;
      const isEmpty = messages === undefined || (Array.isArray(messages) && messages.length === 0);
      if (!isEmpty || performance.now() >= endMs || request.gone.aborted) return answer;
      await arrival(queue, request.gone);
    }
  };
}
