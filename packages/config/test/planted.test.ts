import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseConfig } from "../src/parse-config.ts";

/** `# !rule marked text`, once or more at the end of a line. */
function plantedIn(text: string) {
  return text.split("\n").flatMap((line, index) =>
    [...line.matchAll(/# !(\S+) (.*?)(?= # !|$)/g)].map(([, rule = "", marked = ""]) => ({
      rule,
      line: index + 1,
      // The last of its kind before the comment.
      column: line.slice(0, line.indexOf(" # !")).lastIndexOf(marked) + 1,
      marked,
    })),
  );
}

it.each([
  ["forty-mistakes.yml", 40],
  ["beyond-its-form.yml", 30],
])(
  "finds every mistake planted in %s at its exact place, all at once, and nothing else",
  (file, least) => {
    const text = readFileSync(new URL(`planted/${file}`, import.meta.url), "utf8");
    const planted = plantedIn(text);
    const { ok, issues } = parseConfig(text, { file, atMs: Date.UTC(2026, 10, 28) });
    const found = issues.map(({ rule, start, end }) => ({
      rule,
      line: start.line,
      column: start.column,
      marked: text.slice(start.offset, end.offset),
    }));
    const byPlace = (left: (typeof found)[number], right: (typeof found)[number]) =>
      left.line - right.line || left.column - right.column || (left.rule < right.rule ? -1 : 1);
    expect(ok).toBe(false);
    expect(planted.length).toBeGreaterThanOrEqual(least);
    expect(found.sort(byPlace)).toEqual([...planted].sort(byPlace));
  },
);
