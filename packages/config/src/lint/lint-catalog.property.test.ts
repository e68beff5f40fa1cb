import { readFileSync } from "node:fs";
import process from "node:process";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { parseConfig } from "../parse-config.ts";

const isFull = process.env["RUNS_FLEET_FULL"] === "1";
const numRuns = isFull ? 5_000 : 100;
// At full size each takes minutes.
if (isFull) vi.setConfig({ testTimeout: 1_800_000 });
const files = ["../../test/planted/beyond-its-form.yml", "../../examples/organisation.yml"].map(
  (file) => readFileSync(new URL(file, import.meta.url), "utf8"),
);

it("never throws on a file with a line left out, doubled or changed, and tells nothing outside it", () => {
  const edit = fc.tuple(
    fc.nat({ max: 99 }),
    fc.constantFrom<(line: string) => readonly string[]>(
      () => [],
      (line) => [line, line],
      (line) => [line.replace(/\d+/, "3")],
      (line) => [line.replace(/[a-z]+:/, "x:")],
      (line) => [line.replace(/\[[^[\]]*\]/, "[]")],
      (line) => [line.replace(/[a-z]+/, "*")],
    ),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(
        undefined,
        Date.UTC(2026, 2, 28),
        Date.UTC(2026, 10, 28),
        Date.UTC(2031, 0, 1),
      ),
      (file, edits, atMs) => {
        let lines: readonly string[] = file.split("\n");
        for (const [at, change] of edits)
          lines = lines.flatMap((line, index) => (index === at ? change(line) : [line]));
        const text = lines.join("\n");
        const { issues } = parseConfig(text, atMs === undefined ? {} : { atMs });
        for (const { start, end, message } of issues) {
          expect(start.offset).toBeLessThanOrEqual(end.offset);
          expect(end.offset).toBeLessThanOrEqual(text.length);
          expect(message).not.toMatch(/undefined|NaN|Infinity|\[object/);
        }
      },
    ),
    { numRuns },
  );
});
