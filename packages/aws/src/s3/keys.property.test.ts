import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKeys } from "./keys.ts";

const segment = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .filter((text) => !/[\p{Cc}\p{Surrogate}\\/]/u.test(text) && text !== "." && text !== "..");
const key = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("/"));
const prefix = fc.option(
  key.map((text) => `${text}/`),
  { nil: "" },
);

describe("keys behind a prefix", () => {
  it("stay behind it, and are found again", () => {
    fc.assert(
      fc.property(prefix, key, (before, own) => {
        const keys = createKeys(before);
        expect(keys.whole(own)).toBe(before + own);
        expect(keys.own(keys.whole(own))).toBe(own);
      }),
    );
  });

  it("mean the same to whoever takes them for a path", () => {
    fc.assert(
      fc.property(prefix, fc.string({ unit: "binary-ascii", maxLength: 30 }), (before, own) => {
        let whole: string;
        try {
          whole = createKeys(before).whole(own);
        } catch {
          return;
        }
        const path = whole.split("/").map(encodeURIComponent).join("/");
        expect(new URL(`http://host/${path}`).pathname).toBe(`/${path}`);
      }),
    );
  });

  it.each([
    "",
    "/a",
    "a/",
    "a//b",
    "..",
    "../a",
    "a/../b",
    "a/./b",
    "a\\b",
    "a\u0000b",
    "a\nb",
    "a\u007F",
    "\uD800",
    "a\uFFFF",
    "x".repeat(1_025),
    "é".repeat(513),
  ])("are not %j", (own) => {
    expect(() => createKeys("").whole(own)).toThrow(RangeError);
  });

  it("have 1,024 bytes together with it", () => {
    const keys = createKeys("p/");
    expect(Buffer.byteLength(keys.whole("x".repeat(1_022)))).toBe(1_024);
    expect(() => keys.whole("x".repeat(1_023))).toThrow("1022 bytes");
  });

  it.each(["a", "/", "/a/", "a//", "../", "a/../", "x".repeat(1_024)])(
    "have no prefix like %j",
    (before) => {
      expect(() => createKeys(before)).toThrow(RangeError);
    },
  );

  it("are listed by a beginning, which may be half of a segment", () => {
    const keys = createKeys("ci/");
    expect(keys.beginning("")).toBe("ci/");
    expect(keys.beginning("logs/")).toBe("ci/logs/");
    expect(keys.beginning("logs/a")).toBe("ci/logs/a");
    for (const bad of ["/", "../", "a/../", "a//"]) {
      expect(() => keys.beginning(bad)).toThrow(RangeError);
    }
  });
});
