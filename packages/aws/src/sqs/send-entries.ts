import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Clock, Entropy, FleetError } from "@runs-fleet/core";
import { type EntryOutcome, eachEntry } from "./each-entry.ts";
import type { MessageEntry } from "./message-entry.ts";
import { splitBatches } from "./split-batches.ts";
import { inWaves } from "./waves.ts";

/** What sending needs. */
export interface SendTools {
  readonly client: SQSClient;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/**
 * Sends messages, one outcome per message in order. Batches of a standard queue go side by side, those of a FIFO queue one after
 * the other; when a message of a group is not accepted, those behind it are not sent, so that it can be sent again in order.
 *
 * @throws The reason of the signal: some may have been sent.
 */
export async function sendEntries(
  tools: SendTools,
  target: { readonly queueUrl: string; readonly isFifo: boolean },
  entries: readonly MessageEntry[],
  signal: AbortSignal | undefined,
): Promise<readonly EntryOutcome[]> {
  const { queueUrl, isFifo } = target;
  const outcomes: EntryOutcome[] = entries.map(() => undefined);
  const stopped = new Map<string, FleetError>();
  const items = entries.map((entry, place) => ({ ...entry, place }));

  async function sendBatch(batch: readonly (MessageEntry & { place: number })[]): Promise<void> {
    const free = batch.filter(({ order, place }) => {
      const before = order === undefined ? undefined : stopped.get(order);
      outcomes[place] = before;
      return before === undefined;
    });
    if (free.length === 0) return;
    const results = await eachEntry(
      free,
      {
        purpose: "send messages",
        signal,
        send: (sent, http) =>
          tools.client.send(
            new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: sent.map(toSqs) }),
            http,
          ),
      },
      tools,
    );
    for (const [index, { place, order }] of free.entries()) {
      const failure = results[index];
      outcomes[place] = failure;
      if (failure !== undefined && order !== undefined) stopped.set(order, failure);
    }
  }

  await inWaves(splitBatches(items), isFifo ? 1 : undefined, sendBatch);
  return outcomes;
}

function toSqs(entry: MessageEntry, place: number) {
  const { body, attributes, group, deduplicationId } = entry;
  return {
    Id: String(place),
    MessageBody: body,
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: { ...attributes } }),
    ...(group === undefined ? {} : { MessageGroupId: group }),
    ...(deduplicationId === undefined ? {} : { MessageDeduplicationId: deduplicationId }),
  };
}
