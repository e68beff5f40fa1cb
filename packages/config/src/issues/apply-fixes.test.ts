import { expect, it } from "vitest";
import { parseConfig } from "../parse-config.ts";
import { applyFixes } from "./apply-fixes.ts";
import type { ConfigIssue } from "./issue.ts";

const fixed = (start: number, end: number, text: string) =>
  ({ fix: { start, end, text } }) as unknown as ConfigIssue;

it("changes what is to be changed, wherever it stands, and leaves the rest", () => {
  const text = "a: 22:00\nb: [2026-12-24, on]\n";
  const { issues } = parseConfig(text);
  expect(applyFixes(text, issues)).toEqual({
    text: 'a: "22:00"\nb: ["2026-12-24", "on"]\n',
    count: 3,
  });
  expect(applyFixes(text, [])).toEqual({ text, count: 0 });
});

it("makes the first of fixes that overlap", () => {
  const fixes = [fixed(2, 4, "x"), fixed(0, 3, "y")];
  expect(applyFixes("abcdef", fixes)).toEqual({ text: "ydef", count: 1 });
});
