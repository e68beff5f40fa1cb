import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ec2Table } from "./ec2.ts";
import { githubTable } from "./github.ts";
import { metadataTable } from "./metadata.ts";
import { queueTable, storeTable } from "./queue-and-store.ts";
import { renderStrictness } from "./render.ts";

const core = join(import.meta.dirname, "..", "..", "..");
const tables = [ec2Table, metadataTable, queueTable, storeTable, githubTable];

/** Cases are declared beside the file that runs them. */
const declaredIn: Readonly<Record<string, readonly string[]>> = {
  "test/conformance/ec2-model.test.ts": [
    "test/conformance/ec2-launch-cases.ts",
    "test/conformance/ec2-parameter-cases.ts",
    "test/conformance/ec2-steer-cases.ts",
    "test/conformance/ec2-read-cases.ts",
  ],
  "test/conformance/queue-memory.test.ts": ["test/conformance/queue-cases.ts"],
  "test/conformance/store-memory.test.ts": ["test/conformance/store-cases.ts"],
};

describe("the table of strictness", () => {
  it("is what the page says: update it by `vitest run -u` of this file", async () => {
    await expect(renderStrictness(tables)).toMatchFileSnapshot(
      join(core, "..", "..", "docs", "strictness.md"),
    );
  });

  it("names a test that exists for every rule", () => {
    const missing = tables.flatMap(({ rows }) =>
      rows.filter(({ proof: { file, title } }) => {
        const files = declaredIn[file] ?? [file];
        return !files.some((path) => readFileSync(join(core, path), "utf8").includes(title));
      }),
    );
    expect(missing.map(({ rule }) => rule)).toEqual([]);
  });

  it("has no rule twice", () => {
    const rules = tables.flatMap(({ rows }) => rows.map(({ rule }) => rule));
    expect(rules.length).toBe(new Set(rules).size);
  });
});
