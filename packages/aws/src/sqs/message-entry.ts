import { type Entropy, FleetError, type Message } from "@runs-fleet/core";
import { assertName, copyJson } from "@runs-fleet/core/embedded/rules";
import { type Attributes, messageBytes, traceAttributes } from "./attributes.ts";
import type { BatchItem } from "./split-batches.ts";
import { escapeJson, sqsName } from "./text.ts";

/** A message as it goes into a batch. */
export interface MessageEntry extends BatchItem {
  /** JSON in characters that SQS takes. */
  readonly body: string;
  /** At most 10. */
  readonly attributes: Attributes;
  /** `MessageGroupId`; a FIFO queue has to have one. */
  readonly group: string | undefined;
  /** `MessageDeduplicationId`; only for FIFO queues, which have to have one. */
  readonly deduplicationId: string | undefined;
}

/** A message as it is to be sent, or why it cannot be. */
export type EncodedMessage =
  | { readonly ok: true; readonly entry: MessageEntry }
  | { readonly ok: false; readonly error: FleetError };

/** What the encoding of a message depends on. */
export interface EncodingOptions {
  readonly isFifo: boolean;
  /** Largest message, bytes of body and attributes. */
  readonly maxMessageBytes: number;
  readonly entropy: Entropy;
}

/** The message as SQS takes it; one that is no JSON, too large or badly named is a `config` failure, not an exception. */
export function encodeMessage(message: Message<unknown>, options: EncodingOptions): EncodedMessage {
  const { body, group, deduplicationId, trace } = message;
  try {
    if (group !== undefined) assertName(group, "The group of a message");
    if (deduplicationId !== undefined) assertName(deduplicationId, "A deduplication id");
    const json = escapeJson(JSON.stringify(copyJson(body, options.maxMessageBytes)));
    const attributes = traceAttributes(trace);
    const entry = placeEntry({ body: json, attributes, group, deduplicationId }, options);
    return { ok: true, entry };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "it is no message";
    return {
      ok: false,
      error: new FleetError({ kind: "config", message: `Cannot be queued: ${reason}`, cause }),
    };
  }
}

/** What is to be sent, whoever has made it. */
export type EntryParts = Pick<MessageEntry, "body" | "attributes" | "group" | "deduplicationId">;

/**
 * Gives an entry its group and its order. In a FIFO queue a message without a group is one of its own, so that it waits for
 * nobody; groups go by the deduplication id then, which also holds where a queue remembers ids by group.
 *
 * @throws A RangeError when it is too large.
 */
export function placeEntry(parts: EntryParts, options: EncodingOptions): MessageEntry {
  const { body, attributes } = parts;
  const { isFifo, maxMessageBytes, entropy } = options;
  const bytes = messageBytes(body, attributes);
  if (bytes > maxMessageBytes) {
    throw new RangeError(`A message has ${bytes} bytes, more than ${maxMessageBytes}`);
  }
  const given = parts.group === undefined ? undefined : sqsName(parts.group);
  if (!isFifo) {
    return { body, attributes, bytes, group: given, deduplicationId: undefined, order: undefined };
  }
  const deduplicationId = sqsName(parts.deduplicationId ?? entropy.uuid());
  const group = given ?? deduplicationId;
  return { body, attributes, bytes, group, deduplicationId, order: group };
}
