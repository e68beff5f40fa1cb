import type { Message } from "@runs-fleet/core";
import { createSeededEntropy } from "@runs-fleet/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageBytes } from "./attributes.ts";
import { encodeMessage } from "./message-entry.ts";

const entropy = createSeededEntropy(1);
const standard = { isFifo: false, maxMessageBytes: 1_024, entropy };
const fifo = { ...standard, isFifo: true };
const trace = {
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  tracestate: "vendor=value",
};

function entryOf(message: Message<unknown>, options = standard) {
  const encoded = encodeMessage(message, options);
  if (!encoded.ok) throw encoded.error;
  return encoded.entry;
}

describe("an encoded message", () => {
  it("carries the trace in attributes, and counts them", () => {
    const entry = entryOf({ body: { a: 1 }, trace });
    expect(entry.attributes).toEqual({
      traceparent: { DataType: "String", StringValue: trace.traceparent },
      tracestate: { DataType: "String", StringValue: trace.tracestate },
    });
    const words = ["traceparent", "String", trace.traceparent, "tracestate", "String"];
    const bytes = `${words.join("")}${trace.tracestate}{"a":1}`.length;
    expect(entry.bytes).toBe(bytes);
  });

  it("leaves a trace behind that is none, and takes nothing else of a carrier along", () => {
    const baggage = { ...trace, baggage: "user=1" };
    expect(Object.keys(entryOf({ body: 1, trace: baggage }).attributes)).toEqual([
      "traceparent",
      "tracestate",
    ]);
    for (const bad of [
      { traceparent: "none" },
      { traceparent: "" },
      { tracestate: "vendor=value" },
      {},
    ]) {
      expect(entryOf({ body: 1, trace: bad }).attributes).toEqual({});
    }
    const empty = { traceparent: trace.traceparent, tracestate: "" };
    expect(Object.keys(entryOf({ body: 1, trace: empty }).attributes)).toEqual(["traceparent"]);
  });

  it("has a group in a standard queue when it was given one, and no deduplication id", () => {
    const entry = entryOf({ body: 1, group: "acme/web", deduplicationId: "id" });
    expect(entry).toMatchObject({ group: "acme/web", deduplicationId: undefined });
    expect(entryOf({ body: 1 }).group).toBe(undefined);
    expect(entry.order).toBe(undefined);
  });

  it("keeps the order of its group in a FIFO queue", () => {
    const entry = entryOf({ body: 1, group: "acme/web", deduplicationId: "id" }, fifo);
    expect(entry).toMatchObject({ group: "acme/web", deduplicationId: "id", order: "acme/web" });
  });

  it("is a group of its own in a FIFO queue without one, by its deduplication id", () => {
    const named = entryOf({ body: 1, deduplicationId: "id" }, fifo);
    expect(named).toMatchObject({ group: "id", deduplicationId: "id", order: "id" });
    const [one, other] = [entryOf({ body: 1 }, fifo), entryOf({ body: 1 }, fifo)];
    expect(one.group).toBe(one.deduplicationId);
    expect(one.group === other.group).toBe(false);
  });

  it("is refused exactly when body and attributes are larger than the limit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 800, max: 1_100 }), fc.boolean(), (length, isTraced) => {
        const message = { body: "x".repeat(length), ...(isTraced ? { trace } : {}) };
        const traced = isTraced ? entryOf({ body: 1, trace }).attributes : {};
        const bytes = messageBytes(JSON.stringify(message.body), traced);
        const encoded = encodeMessage(message, standard);
        expect(encoded.ok).toBe(bytes <= 1_024);
        if (!encoded.ok) expect(encoded.error.kind).toBe("config");
      }),
    );
  });

  it.each([
    ["a number that JSON lacks", { body: Number.NaN }],
    ["no JSON", { body: () => 1 }],
    ["an empty group", { body: 1, group: "" }],
    ["an empty deduplication id", { body: 1, deduplicationId: "" }],
  ])("is refused with %s", (_, message) => {
    expect(encodeMessage(message, fifo)).toMatchObject({ ok: false, error: { kind: "config" } });
  });
});
