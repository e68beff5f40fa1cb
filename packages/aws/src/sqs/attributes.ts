import type { MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { Delivery } from "@runs-fleet/core";

/** Attributes of a message; those that we make are texts. */
export type Attributes = Readonly<Record<string, MessageAttributeValue>>;

/** The trace in which a message was sent. */
type Trace = NonNullable<Delivery<unknown>["trace"]>;

/** The fields of the trace context and how they look. Source: https://www.w3.org/TR/trace-context/, read in November 2026. */
const fields = {
  traceparent: /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(?:-[!-~]{1,200})?$/u,
  tracestate: /^[ -~\t]{1,512}$/u,
} as const;

/** Attributes to ask for on a receive. */
export const traceFields = Object.keys(fields) as readonly string[];

/** An attribute with a text. */
export function textAttribute(value: string): MessageAttributeValue {
  return { DataType: "String", StringValue: value };
}

/** The trace context as attributes. What is none stays behind: a message goes without its trace rather than not at all. */
export function traceAttributes(trace: Trace | undefined): Attributes {
  const sound = checkedTrace((field) => trace?.[field]);
  return Object.fromEntries(
    Object.entries(sound ?? {}).map(([field, value]) => [field, textAttribute(value)]),
  );
}

/** The trace context out of attributes; `undefined` when they hold none. */
export function readTrace(attributes: Attributes | undefined): Trace | undefined {
  return checkedTrace((field) => attributes?.[field]?.StringValue);
}

function checkedTrace(read: (field: string) => string | undefined): Trace | undefined {
  const entries = Object.entries(fields).flatMap(([field, form]) => {
    const value = read(field);
    return typeof value === "string" && form.test(value) ? [[field, value] as const] : [];
  });
  const trace = Object.fromEntries(entries);
  return trace["traceparent"] === undefined ? undefined : Object.freeze(trace);
}

/** What SQS counts of a message: its body, and the names, types and values of its attributes. */
export function messageBytes(body: string, attributes: Attributes): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(attributes)) {
    const { DataType = "", StringValue = "", BinaryValue } = value;
    bytes += Buffer.byteLength(name + DataType + StringValue) + (BinaryValue?.length ?? 0);
  }
  return bytes;
}
