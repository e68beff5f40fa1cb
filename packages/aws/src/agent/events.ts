import type { SQSClient } from "@aws-sdk/client-sqs";
import { type Clock, type Entropy, systemClock, systemEntropy } from "@runs-fleet/core";
import type { AgentEvent, CallOptions } from "@runs-fleet/core/wire";
import { defaultMessageBytes } from "../sqs/limits.ts";
import { encodeMessage } from "../sqs/message-entry.ts";
import { assertQueueUrl, isFifoUrl } from "../sqs/queue-url.ts";
import { sendEntries } from "../sqs/send-entries.ts";

/** Options of {@link createSqsAgentEvents}. */
export interface SqsAgentEventsOptions {
  /** How SQS is reached. Give it timeouts; {@link createMachineClients} makes a good one. It is never closed here. */
  readonly client: SQSClient;
  /** The controller's queue of reports. One whose name ends in `.fifo` is a FIFO queue. */
  readonly queueUrl: string;
  /** Decides about pauses. @defaultValue `systemClock` */
  readonly clock?: Clock;
  /** Makes jitter. @defaultValue `systemEntropy` */
  readonly entropy?: Entropy;
}

/** Where a machine reports: `events` of the agent's options. */
export interface SqsAgentEvents {
  /**
   * Resolves when SQS has the report. The controller believes it because SQS says who has sent it, not because of what it holds.
   *
   * @throws A `FleetError`: `config` when the queue is missing, `auth`, `throttled`, `unavailable`. It may have been sent.
   */
  send(event: AgentEvent, options?: CallOptions): Promise<void>;
}

/**
 * Reports as `createSqsQueue` reads them: one message each, the trace beside it, the machine as group, the report's id as
 * deduplication id. `SendMessage` on the queue is all that it needs to be allowed.
 *
 * @throws A TypeError for options that cannot work.
 * @example
 * const events = createSqsAgentEvents({ client, queueUrl });
 */
export function createSqsAgentEvents(options: SqsAgentEventsOptions): SqsAgentEvents {
  const { client, queueUrl, clock = systemClock, entropy = systemEntropy } = options;
  if (typeof client?.send !== "function") throw new TypeError("client must be an SQSClient");
  assertQueueUrl(queueUrl, "queueUrl");
  const isFifo = isFifoUrl(queueUrl);
  const encoding = { isFifo, maxMessageBytes: defaultMessageBytes, entropy };

  return {
    async send(event, callOptions) {
      const signal = callOptions?.signal;
      signal?.throwIfAborted();
      const { id, machineId, trace } = event;
      const encoded = encodeMessage(
        { body: event, group: machineId, deduplicationId: id, ...(trace && { trace }) },
        encoding,
      );
      if (!encoded.ok) throw encoded.error;
      const tools = { client, clock, entropy };
      const [failure] = await sendEntries(tools, { queueUrl, isFifo }, [encoded.entry], signal);
      if (failure !== undefined) throw failure;
    },
  };
}
