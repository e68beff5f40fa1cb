import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutToBytes, escapeJson, plainText, sqsName } from "./text.ts";

/** Characters that SQS takes, as its page lists them. */
const taken = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** Texts with what SQS refuses in them: controls, halves of characters, and the two that are no characters. */
const strange = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\u0000", "\u001F", "\uFFFE", "\uFFFF", "\uD800", "\uDFFF", "🚀", "é", "\\"),
    fc.string({ minLength: 1, maxLength: 1, unit: "binary" }),
  ),
});

/** Halves of characters have no bytes of their own. */
const wellFormed = (text: string) => Buffer.from(text).toString();

describe("escaped JSON", () => {
  it("has only characters that SQS takes, and says the same", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(strange, strange)), (value) => {
        const json = escapeJson(JSON.stringify(value));
        expect(json).toMatch(taken);
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("escapes what is no character of XML", () => {
    expect(escapeJson(JSON.stringify("a\uFFFFb\uFFFEc"))).toBe('"a\\uffffb\\ufffec"');
  });
});

describe("words for people", () => {
  it("have only characters that SQS takes, as many as may be, and never none", () => {
    fc.assert(
      fc.property(strange, fc.integer({ min: 1, max: 20 }), (words, longest) => {
        const plain = plainText(words, longest);
        expect(plain).toMatch(taken);
        expect([...plain].length).toBeLessThanOrEqual(longest);
        expect(plain.length).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it("stay as they are where they can", () => {
    expect(plainText("naïve 🚀", 10)).toBe("naïve 🚀");
  });
});

describe("a text that is cut by bytes", () => {
  it("is the longest beginning that fits, and whole in each character", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 40 });
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 60 }), (whole, most) => {
        const cut = cutToBytes(whole, most);
        expect(whole.startsWith(cut)).toBe(true);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(most);
        const [next = ""] = whole.slice(cut.length);
        if (next !== "") expect(Buffer.byteLength(cut + next)).toBeGreaterThan(most);
      }),
    );
  });
});

describe("a name", () => {
  it("is one that SQS takes, and another one for another text", () => {
    const name = fc.oneof(strange, fc.string({ minLength: 100, maxLength: 300 }));
    fc.assert(
      fc.property(name, name, (one, other) => {
        expect(sqsName(one)).toMatch(/^[!-~]{1,128}$/u);
        const differ = wellFormed(one) !== wellFormed(other);
        expect(sqsName(one) !== sqsName(other)).toBe(differ);
      }),
    );
  });

  it("of a repository stays as it is", () => {
    expect(sqsName("acme/web-app.js")).toBe("acme/web-app.js");
  });
});
