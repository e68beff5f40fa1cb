import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../src/parse-config.ts";

const files = ["runs-fleet.yml", "organisation.yml"];
const textOf = (file: string): string =>
  readFileSync(new URL(`../examples/${file}`, import.meta.url), "utf8");

describe.each(files)("the example %s", (file) => {
  const text = textOf(file);

  it("is one in which nothing is wrong", () => {
    const parsed = parseConfig(text, { atMs: Date.UTC(2026, 10, 28) });
    expect(parsed).toMatchObject({ ok: true, issues: [] });
  });

  it("can be read at once", () => {
    expect(text.trimEnd().split("\n").length).toBeLessThanOrEqual(100);
  });
});

it("finds nothing wrong with the organisation's example on any day of two years", () => {
  const text = textOf("organisation.yml");
  const within = { min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 11, 31) };
  fc.assert(
    fc.property(fc.integer(within), (atMs) => {
      expect(parseConfig(text, { atMs }).issues).toEqual([]);
    }),
    { numRuns: 100, examples: [[Date.UTC(2026, 2, 29, 1)], [Date.UTC(2026, 9, 25, 1)]] },
  );
});

it("has in the organisation's example four pools, one of them Windows, and all that such a file holds", () => {
  const parsed = parseConfig(textOf("organisation.yml"));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const { catalog } = parsed.value;
  expect(catalog.pools.map(({ name, shape }) => [name, shape.os])).toEqual([
    ["linux", "linux"],
    ["builds", "linux"],
    ["windows", "windows"],
    ["signing", "linux"],
  ]);
  expect(catalog.policies).toHaveLength(3);
  expect(catalog.aliases).toHaveLength(3);
  expect(catalog.environments).toHaveLength(2);
  expect(catalog.unserved).toBeDefined();
  for (const { schedule } of catalog.pools.slice(0, 3)) {
    expect(schedule.exceptions?.[0]?.dates).toContain("2027-03-26..2027-03-29");
  }
});
