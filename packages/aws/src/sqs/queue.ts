import type { SQSClient } from "@aws-sdk/client-sqs";
import {
  type Clock,
  type Delivery,
  type Entropy,
  type MessageQueue,
  systemClock,
  systemEntropy,
} from "@runs-fleet/core";
import { assertInteger } from "@runs-fleet/core/embedded/rules";
import { createDeadLetterUrl } from "./dead-letter-url.ts";
import { createPutAside } from "./dead-letters.ts";
import { defaultMessageBytes, leastMessageBytes, mostBatchBytes } from "./limits.ts";
import { encodeMessage } from "./message-entry.ts";
import { assertQueueUrl, isFifoUrl } from "./queue-url.ts";
import type { RawMessage } from "./read-message.ts";
import { createReceive, type SqsPoison } from "./receive.ts";
import { sendEntries } from "./send-entries.ts";
import { deleteReceipts, hideReceipts } from "./settle-receipts.ts";
import { escapeJson } from "./text.ts";
import { visibilitySeconds } from "./visibility.ts";

/** Options of {@link createSqsQueue}. */
export interface SqsQueueOptions<T> {
  /**
   * How SQS is reached: region, credentials, retries and timeouts are its own. Give it timeouts, the SDK's default is to wait for
   * ever; {@link createSqsClients} makes good ones. It is never closed here.
   */
  readonly client: SQSClient;
  /**
   * Client of the receives, which wait: with sockets of its own, so that no send waits behind them. One that waits may take 5 s
   * longer than its wait, whatever the client says. @defaultValue `client`
   */
  readonly longPollClient?: SQSClient;
  /** The queue. One whose name ends in `.fifo` is a FIFO queue. */
  readonly queueUrl: string;
  /** The typed body; throws, or answers `undefined`, when it is none. Such a message is put aside. */
  parse(body: unknown): T | undefined;
  /** Where messages are put aside. @defaultValue the queue that the redrive policy of `queueUrl` names, looked up when needed */
  readonly deadLetterUrl?: string;
  /**
   * Largest message, bytes of its body and attributes, 1,024 to 1,048,576. Larger ones are refused by `send`, and put aside by
   * `receive`. No more than the queue's own `MaximumMessageSize`. @defaultValue 262,144
   */
  readonly maxMessageBytes?: number;
  /**
   * Who a verified sender is. SQS says it as `<id of the role>:<name of the session>`, and an empty text stands for nobody; see
   * {@link createMachineSenders}. @defaultValue what SQS says
   */
  readonly senderOf?: (senderId: string) => string;
  /** Told of each message that could not be read and was put aside, or could not be: count them. It must not throw. */
  readonly onPoison?: (poison: SqsPoison) => void;
  /** Decides about waits and pauses. @defaultValue `systemClock` */
  readonly clock?: Clock;
  /** Makes ids and jitter. @defaultValue `systemEntropy` */
  readonly entropy?: Entropy;
}

/**
 * A queue of SQS, for any number of processes.
 *
 * A standard queue delivers at least once, in any order; groups make it fair. A FIFO queue keeps the order within a group, and
 * takes a deduplication id once in 5 minutes; a message without a group is one of its own, without an id it gets one. Waits
 * and visibilities are rounded up to whole seconds. Groups and ids that SQS would not take go by their hash.
 *
 * A message is removed by `acknowledge` and nothing else. What cannot be read goes to the dead-letter queue, with the cause in
 * attributes that begin with `dead-letter.`, and is removed when it is there; until then it comes again. So it does as
 * well after as many receives as the queue's redrive policy says; let that allow more than the 50 of a controller.
 *
 * `send` answers per message, and tries those again that SQS fails to take. Other calls reject with a `FleetError`: `config` when
 * the queue is missing or a message has no dead-letter queue to go to, `auth`, `throttled`, `unavailable`.
 *
 * @throws A TypeError or a RangeError for options that cannot work.
 * @example
 * const { client, longPollClient } = createSqsClients({ region: "us-east-1" });
 * const demand = createSqsQueue({ client, longPollClient, queueUrl, parse: parseDemandEvent });
 */
export function createSqsQueue<T>(options: SqsQueueOptions<T>): MessageQueue<T> {
  const { client, longPollClient = client, queueUrl, deadLetterUrl, parse } = options;
  const { maxMessageBytes = defaultMessageBytes, senderOf = (id) => id } = options;
  const { onPoison = () => undefined, clock = systemClock, entropy = systemEntropy } = options;
  assertClient(client, "client");
  assertClient(longPollClient, "longPollClient");
  assertQueueUrl(queueUrl, "queueUrl");
  if (deadLetterUrl !== undefined) assertQueueUrl(deadLetterUrl, "deadLetterUrl");
  if (typeof parse !== "function") throw new TypeError("parse must be a function");
  assertInteger(maxMessageBytes, "maxMessageBytes", leastMessageBytes);
  if (maxMessageBytes > mostBatchBytes) {
    throw new RangeError(
      `maxMessageBytes must be at most ${mostBatchBytes}, is ${maxMessageBytes}`,
    );
  }
  const isFifo = isFifoUrl(queueUrl);
  const tools = { client, queueUrl, clock, entropy };
  const findUrl =
    deadLetterUrl === undefined
      ? createDeadLetterUrl(client, queueUrl)
      : () => Promise.resolve(deadLetterUrl);
  const putAside = createPutAside(tools, findUrl);
  /** What deliveries were made of, for as long as somebody has them. */
  const raws = new WeakMap<Delivery<T>, RawMessage>();

  return {
    isOrdered: isFifo,
    async send(messages, callOptions) {
      const signal = callOptions?.signal;
      signal?.throwIfAborted();
      const encoding = { isFifo, maxMessageBytes, entropy };
      const encoded = messages.map((message) => encodeMessage(message, encoding));
      const entries = encoded.flatMap((one) => (one.ok ? [one.entry] : []));
      const failures = await sendEntries(tools, { queueUrl, isFifo }, entries, signal);
      const results = failures.values();
      return encoded.map((one) => {
        const error = one.ok ? results.next().value : one.error;
        return error === undefined ? { ok: true } : { ok: false, error };
      });
    },
    receive: createReceive<T>({
      longPollClient,
      queueUrl,
      isFifo,
      clock,
      entropy,
      putAside,
      onPoison,
      parse,
      maxMessageBytes,
      senderOf,
      remember: (delivery, raw) => raws.set(delivery, raw),
    }),
    async acknowledge(deliveries, callOptions) {
      callOptions?.signal?.throwIfAborted();
      const receipts = deliveries.map(({ receipt }) => receipt);
      await deleteReceipts(tools, receipts, callOptions?.signal);
    },
    async extend(deliveries, visibilityMs, callOptions) {
      callOptions?.signal?.throwIfAborted();
      assertInteger(visibilityMs, "visibilityMs", 0);
      const seconds = visibilitySeconds(visibilityMs);
      const receipts = deliveries.map(({ receipt }) => receipt);
      await hideReceipts(tools, receipts, seconds, callOptions?.signal);
    },
    async deadLetter(delivery, cause, callOptions) {
      callOptions?.signal?.throwIfAborted();
      const raw = raws.get(delivery) ?? rawOf(delivery);
      const [failure] = await putAside([{ raw, cause }], callOptions);
      if (failure !== undefined) throw failure;
    },
  };
}

/** What a delivery was made of, as far as a copy of it still tells. */
function rawOf<T>(delivery: Delivery<T>): RawMessage {
  const { id, body, receipt, attempt, sender = "", trace } = delivery;
  const text = escapeJson(JSON.stringify(body));
  return { id, text, receipt, attempt, sender, group: undefined, trace };
}

function assertClient(client: SQSClient, what: string): void {
  if (typeof client?.send !== "function") throw new TypeError(`${what} must be an SQSClient`);
}
