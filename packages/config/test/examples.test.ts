import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseConfig } from "../src/parse-config.ts";

it("finds nothing wrong with the example", () => {
  const text = readFileSync(new URL("../examples/runs-fleet.yml", import.meta.url), "utf8");
  expect(parseConfig(text, { atMs: Date.UTC(2026, 10, 28) })).toMatchObject({
    ok: true,
    issues: [],
  });
});
