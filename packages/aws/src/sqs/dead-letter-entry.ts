import type { Cause } from "@runs-fleet/core";
import { type Attributes, messageBytes, textAttribute, traceAttributes } from "./attributes.ts";
import { mostBatchBytes } from "./limits.ts";
import { type EncodingOptions, type MessageEntry, placeEntry } from "./message-entry.ts";
import type { RawMessage } from "./read-message.ts";
import { cutToBytes, plainText } from "./text.ts";

/** What the names of a dead letter's own attributes begin with; other attributes are the message's. */
export const deadLetterPrefix = "dead-letter.";

/** Attributes that say why a message is a dead letter. */
export const deadLetterFields = {
  code: "dead-letter.code",
  message: "dead-letter.message",
  id: "dead-letter.id",
  attempts: "dead-letter.attempts",
  sender: "dead-letter.sender",
  bytes: "dead-letter.bytes",
} as const;

/** Longest words about a cause, characters. */
const longestWords = 512;
/** Largest body of a dead letter, bytes: with its attributes it is a message, whose limit is a mebibyte. */
const mostBodyBytes = mostBatchBytes - 8_192;

/**
 * A message with the cause beside it. Its body goes as it is; one of almost a mebibyte is cut, and `dead-letter.bytes` says how
 * large it was. Repeated within 5 minutes a FIFO queue takes it once.
 */
export function deadLetterEntry(
  raw: RawMessage,
  cause: Cause,
  options: Pick<EncodingOptions, "isFifo" | "entropy">,
): MessageEntry {
  const { id, text, attempt, sender, group, trace } = raw;
  const body = cutToBytes(text, mostBodyBytes);
  const attributes: Attributes = {
    ...traceAttributes(trace),
    [deadLetterFields.code]: textAttribute(cause.code),
    [deadLetterFields.message]: textAttribute(plainText(cause.message, longestWords)),
    [deadLetterFields.id]: textAttribute(plainText(id, longestWords)),
    [deadLetterFields.attempts]: textAttribute(String(attempt)),
    [deadLetterFields.sender]: textAttribute(plainText(sender, longestWords)),
    ...(body === text
      ? {}
      : { [deadLetterFields.bytes]: textAttribute(String(messageBytes(text, {}))) }),
  };
  return placeEntry(
    { body: body === "" ? "null" : body, attributes, group, deduplicationId: `dead-${id}` },
    { ...options, maxMessageBytes: mostBatchBytes },
  );
}
