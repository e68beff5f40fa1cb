import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Clock, Entropy, FleetError } from "@runs-fleet/core";
import { type BatchCall, eachEntry } from "./each-entry.ts";
import { mostEntries } from "./limits.ts";
import { inWaves } from "./waves.ts";

/** What settling needs. */
export interface SettleTools {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/**
 * What is said of a receipt that has had its time: the message is gone, was received by somebody else since, or, in a FIFO queue,
 * its visibility has run out. The receipt is all of an entry that can be wrong.
 */
const pastCodes: ReadonlySet<unknown> = new Set(["InvalidParameterValue"]);

/** Removes messages for good; a receipt that has had its time is passed over. @throws The first failure, when all is tried. */
export function deleteReceipts(
  tools: SettleTools,
  receipts: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { client, queueUrl: QueueUrl } = tools;
  return settle(tools, receipts, {
    purpose: "delete messages",
    signal,
    send: (batch, http) =>
      client.send(
        new DeleteMessageBatchCommand({
          QueueUrl,
          Entries: batch.map((ReceiptHandle, place) => ({ Id: String(place), ReceiptHandle })),
        }),
        http,
      ),
  });
}

/** Hides messages for `seconds` from now; a receipt that has had its time is passed over. @throws The first failure, when all is tried. */
export function hideReceipts(
  tools: SettleTools,
  receipts: readonly string[],
  seconds: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { client, queueUrl: QueueUrl } = tools;
  return settle(tools, receipts, {
    purpose: seconds === 0 ? "hand messages back" : "hide messages for longer",
    signal,
    send: (batch, http) =>
      client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl,
          Entries: batch.map((ReceiptHandle, place) => ({
            Id: String(place),
            ReceiptHandle,
            VisibilityTimeout: seconds,
          })),
        }),
        http,
      ),
  });
}

async function settle(
  tools: SettleTools,
  receipts: readonly string[],
  call: BatchCall<string>,
): Promise<void> {
  const batches: (readonly string[])[] = [];
  for (let start = 0; start < receipts.length; start += mostEntries) {
    batches.push(receipts.slice(start, start + mostEntries));
  }
  let first: FleetError | undefined;
  await inWaves(batches, undefined, async (batch) => {
    for (const error of await eachEntry(batch, call, tools)) {
      if (error !== undefined && !isPast(error)) first ??= error;
    }
  });
  if (first !== undefined) throw first;
}

function isPast({ kind, details }: FleetError): boolean {
  return kind === "conflict" || (details["senderFault"] === true && pastCodes.has(details["code"]));
}
