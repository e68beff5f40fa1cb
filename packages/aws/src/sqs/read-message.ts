import type { Message as SqsMessage } from "@aws-sdk/client-sqs";
import type { Cause, Delivery } from "@runs-fleet/core";
import { readTrace } from "./attributes.ts";

/** A message as SQS handed it out, read as far as it concerns us. */
export interface RawMessage {
  readonly id: string;
  readonly text: string;
  readonly receipt: string;
  readonly attempt: number;
  /** Who sent it, as SQS verified it. */
  readonly sender: string;
  readonly group: string | undefined;
  readonly trace: Delivery<unknown>["trace"];
}

/** A message that was read: what it says, or why it says nothing that this queue carries. */
export type ReadMessage<T> =
  | { readonly ok: true; readonly raw: RawMessage; readonly delivery: Delivery<T> }
  | { readonly ok: false; readonly raw: RawMessage; readonly cause: Cause };

/** What is needed to read a message. */
export interface Reading<T> {
  readonly parse: (body: unknown) => T | undefined;
  readonly maxMessageBytes: number;
  readonly senderOf: (senderId: string) => string;
}

/** System attributes to ask for on every receive. */
export const systemAttributes = ["ApproximateReceiveCount", "MessageGroupId", "SenderId"] as const;

/** Reads a message. The words of a cause say nothing of the content, which may be secret. */
export function readMessage<T>(message: SqsMessage, reading: Reading<T>): ReadMessage<T> {
  const raw = readRaw(message, reading.senderOf);
  const parsed = readBody(raw.text, reading);
  if ("cause" in parsed) return { ok: false, raw, cause: parsed.cause };
  const { id, receipt, attempt, sender, trace } = raw;
  const delivery = Object.freeze({
    id,
    body: parsed.body,
    receipt,
    attempt,
    sender,
    ...(trace === undefined ? {} : { trace }),
  });
  return { ok: true, raw, delivery };
}

function readRaw(message: SqsMessage, senderOf: (senderId: string) => string): RawMessage {
  const { Attributes: system = {} } = message;
  const count = Number(system.ApproximateReceiveCount);
  return {
    id: message.MessageId ?? "",
    text: message.Body ?? "",
    receipt: message.ReceiptHandle ?? "",
    // It is received now, whatever the count says, which is approximate.
    attempt: Number.isSafeInteger(count) && count > 1 ? count : 1,
    // Nobody is a sender too: whoever compares must not take it for a queue that verifies none.
    sender: senderOf(system.SenderId ?? ""),
    group: system.MessageGroupId,
    trace: readTrace(message.MessageAttributes),
  };
}

function readBody<T>(
  text: string,
  { parse, maxMessageBytes }: Reading<T>,
): { readonly body: T } | { readonly cause: Cause } {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxMessageBytes) {
    return config(`The body has ${bytes} bytes, more than ${maxMessageBytes}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return config("The body is no JSON");
  }
  try {
    const body = parse(json);
    if (body !== undefined) return { body };
  } catch {
    // Told below: the error of a parser may quote the body.
  }
  return config("The body is not what this queue carries");
}

function config(message: string): { readonly cause: Cause } {
  return { cause: { code: "config", message } };
}
