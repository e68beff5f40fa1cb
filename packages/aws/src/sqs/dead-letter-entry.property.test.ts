import { createSeededEntropy } from "@runs-fleet/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageBytes } from "./attributes.ts";
import { deadLetterEntry } from "./dead-letter-entry.ts";
import type { RawMessage } from "./read-message.ts";

const options = { isFifo: true, entropy: createSeededEntropy(1) };

function rawOf(text: string, more: Partial<RawMessage> = {}): RawMessage {
  const base = { id: "m-1", receipt: "r-1", attempt: 1, sender: "AROA:i-1" };
  return { ...base, text, group: undefined, trace: undefined, ...more };
}

describe("a dead letter", () => {
  it("is a message that SQS takes, whatever it was and whyever", () => {
    const texts = fc.string({ maxLength: 4_000, unit: "binary" });
    fc.assert(
      fc.property(texts, texts, texts, (sender, message, id) => {
        const raw = rawOf("{}", { sender, id: `m${id}` });
        const { attributes, bytes } = deadLetterEntry(raw, { code: "config", message }, options);
        expect(Object.keys(attributes).length).toBeLessThanOrEqual(10);
        expect(bytes).toBeLessThanOrEqual(1_048_576);
        for (const [name, { StringValue = "" }] of Object.entries(attributes)) {
          expect(name).toMatch(/^(?!aws\.|amazon\.)[\w.-]{1,256}$/iu);
          expect(StringValue).toMatch(/^[\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u);
        }
      }),
    );
  });

  it("has the whole body, or says how large it was", () => {
    const size = fc.oneof(
      fc.integer({ min: 4, max: 400 }),
      fc.integer({ min: 1_040_000, max: 1_048_576 }),
    );
    fc.assert(
      fc.property(size, fc.constantFrom("x", "é", "🚀"), (bytes, character) => {
        const text = character.repeat(Math.floor(bytes / Buffer.byteLength(character)));
        const entry = deadLetterEntry(rawOf(text), { code: "config", message: "no" }, options);
        expect(text.startsWith(entry.body)).toBe(true);
        expect(messageBytes(entry.body, entry.attributes)).toBeLessThanOrEqual(1_048_576);
        const told = entry.attributes["dead-letter.bytes"]?.StringValue;
        expect(told).toBe(entry.body === text ? undefined : String(Buffer.byteLength(text)));
        if (Buffer.byteLength(text) <= 1_040_000) expect(entry.body).toBe(text);
      }),
      { numRuns: 40 },
    );
  });

  it("keeps its group and its trace, and goes by one id however often it is put aside", () => {
    const trace = { traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
    const raw = rawOf("{}", { group: "acme/web", trace });
    const cause = { code: "config", message: "no" } as const;
    const entry = deadLetterEntry(raw, cause, options);
    expect(entry).toMatchObject({ group: "acme/web", deduplicationId: "dead-m-1" });
    expect(entry.attributes["traceparent"]?.StringValue).toBe(trace.traceparent);
    expect(deadLetterEntry(raw, cause, options)).toEqual(entry);
  });
});
