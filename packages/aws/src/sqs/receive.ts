import {
  ReceiveMessageCommand,
  type SQSClient,
  type Message as SqsMessage,
} from "@aws-sdk/client-sqs";
import type { Cause, Clock, Delivery, Entropy, FleetError, MessageQueue } from "@runs-fleet/core";
import { assertInteger } from "@runs-fleet/core/embedded/rules";
import { traceFields } from "./attributes.ts";
import { callSqs } from "./call.ts";
import type { PutAside } from "./dead-letters.ts";
import { longestWaitSeconds, mostEntries } from "./limits.ts";
import { type RawMessage, type Reading, readMessage, systemAttributes } from "./read-message.ts";
import { visibilitySeconds } from "./visibility.ts";
import { waitOptions } from "./wait-options.ts";

/** A message that the queue could not read. */
export interface SqsPoison {
  /** Id of the message. */
  readonly id: string;
  /** Why it could not be read; says nothing of its content. */
  readonly cause: Cause;
  /** Who sent it, as SQS verified it. */
  readonly sender: string;
  /** How often it was received. */
  readonly attempt: number;
  /** Why it could not be put into the dead-letter queue: it stays, hidden, and comes again. Absent: it is there. */
  readonly failure?: FleetError;
}

/** What receiving needs. */
export interface ReceiveTools<T> extends Reading<T> {
  readonly longPollClient: SQSClient;
  readonly queueUrl: string;
  readonly isFifo: boolean;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly putAside: PutAside;
  readonly onPoison: (poison: SqsPoison) => void;
  /** Remembers what a delivery was made of. */
  readonly remember: (delivery: Delivery<T>, raw: RawMessage) => void;
}

interface Page<T> {
  /** How many messages SQS handed out. */
  readonly count: number;
  readonly deliveries: readonly Delivery<T>[];
}

/** Makes the receive of a queue: a long poll for the first messages, then short ones while each brings all that it asks for. */
export function createReceive<T>(tools: ReceiveTools<T>): MessageQueue<T>["receive"] {
  const { clock, entropy, longPollClient, queueUrl, isFifo, putAside } = tools;

  async function poll(
    most: number,
    waitSeconds: number,
    hideSeconds: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly SqsMessage[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: most,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: hideSeconds,
      MessageSystemAttributeNames: [...systemAttributes],
      MessageAttributeNames: [...traceFields],
      // Repeated by the SDK because the answer was lost, a poll brings the same messages, not those behind them.
      ...(isFifo ? { ReceiveRequestAttemptId: entropy.uuid() } : {}),
    });
    const { Messages = [] } = await callSqs(
      "receive messages",
      signal === undefined ? undefined : { signal },
      (http) => longPollClient.send(command, { ...http, ...waitOptions(waitSeconds) }),
    );
    return Messages;
  }

  async function take(
    messages: readonly SqsMessage[],
    signal: AbortSignal | undefined,
  ): Promise<Page<T>> {
    const read = messages.map((message) => readMessage(message, tools));
    const deliveries = read.flatMap((one) => {
      if (!one.ok) return [];
      tools.remember(one.delivery, one.raw);
      return [one.delivery];
    });
    const poison = read.flatMap((one) => (one.ok ? [] : [one]));
    if (poison.length > 0) {
      const failures = await putAside(poison, signal === undefined ? undefined : { signal });
      for (const [index, { raw, cause }] of poison.entries()) {
        const failure = failures[index];
        const { id, sender, attempt } = raw;
        const told = { id, cause, sender, attempt };
        tools.onPoison(failure === undefined ? told : { ...told, failure });
      }
    }
    return { count: messages.length, deliveries };
  }

  /** More of what is there, without a wait. What was received must not be lost to a failure that comes after it. */
  async function more(
    first: Page<T>,
    max: number,
    hideSeconds: number,
    signal: AbortSignal | undefined,
  ): Promise<readonly Delivery<T>[]> {
    const all = [...first.deliveries];
    let { count } = first;
    for (let polls = 1; polls < max / mostEntries && count === mostEntries; polls += 1) {
      try {
        const most = Math.min(mostEntries, max - all.length);
        const page = await take(await poll(most, 0, hideSeconds, signal), signal);
        all.push(...page.deliveries);
        count = page.count;
      } catch (error) {
        if (all.length === 0) throw error;
        break;
      }
    }
    return all;
  }

  return async ({ max, waitMs, visibilityMs, signal }) => {
    assertInteger(max, "max", 1);
    assertInteger(waitMs, "waitMs", 0);
    assertInteger(visibilityMs, "visibilityMs", 1);
    const hideSeconds = visibilitySeconds(visibilityMs);
    const endMs = clock.monotonicMs() + waitMs;
    let waitSeconds = Math.ceil(waitMs / 1_000);
    for (;;) {
      const most = Math.min(mostEntries, max);
      const wait = Math.min(waitSeconds, longestWaitSeconds);
      const messages = await poll(most, wait, hideSeconds, signal);
      if (messages.length > 0) return more(await take(messages, signal), max, hideSeconds, signal);
      // Less than a second is not worth another poll.
      waitSeconds = Math.floor((endMs - clock.monotonicMs()) / 1_000);
      if (waitSeconds < 1) return [];
    }
  };
}
