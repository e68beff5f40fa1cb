import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  compileSchedule,
  evaluate,
  intlZones,
  layered,
  parseSchedule,
  tableZones,
  transitions,
} from "./index.ts";
import { tzdata } from "./tzdata/index.ts";

interface EdgeCase {
  readonly name: string;
  readonly zone: string;
  readonly window: string;
  readonly entry: object;
  readonly from: string;
  readonly expect: readonly [string, string] | null;
}

const path = new URL("../testdata/edge-cases.json", import.meta.url);
const cases = JSON.parse(readFileSync(path, "utf8")) as EdgeCase[];
const zones = layered(tableZones(tzdata), intlZones());

describe("the edge-case table of the specification", () => {
  it("has 19 lines", () => expect(cases).toHaveLength(19));

  for (const { name, zone, window, entry, from, expect: expected } of cases) {
    it(`${name}: ${zone} ${window}`, () => {
      const parsed = parseSchedule({
        timeZone: zone,
        default: { hot: 0, stopped: 0 },
        entries: [{ name: "it", capacity: { hot: 1 }, ...entry }],
      });
      if (!parsed.ok) return expect.fail(JSON.stringify(parsed.issues));
      const compiled = compileSchedule(parsed.value, { zones });
      const start = Date.parse(from);
      const found = [...transitions(compiled, start - 1, start + 3 * 86_400_000)].map(
        ({ atMs }) => atMs,
      );
      expect(found).toEqual(expected === null ? [] : expected.map((text) => Date.parse(text)));
      const end = found[1];
      if (end !== undefined)
        expect([evaluate(compiled, end - 1).hot, evaluate(compiled, end).hot]).toEqual([1, 0]);
    });
  }
});
