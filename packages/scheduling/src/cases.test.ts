import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  type Capacity,
  compileSchedule,
  evaluate,
  intlZones,
  layered,
  nextTransition,
  type Schedule,
  tableZones,
} from "./index.ts";
import { tzdata } from "./tzdata/index.ts";

interface Row {
  readonly id: string;
  readonly kind: "active" | "next";
  readonly tz: string;
  readonly note: string;
  readonly entry?: object;
  readonly schedule?: Schedule;
  readonly instantISO: string;
  readonly expectedActive: boolean;
  readonly fromISO: string;
  readonly expectedBefore: Capacity;
  readonly expectedNextISO: string;
  readonly expectedAfter: Capacity;
  readonly needsTzdata?: string;
}

const rows = readFileSync(new URL("../testdata/schedule-cases.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Row);

// Some rows need a newer tz release than the runtime may have; rows before 2024 need the runtime.
const zones = layered(tableZones(tzdata), intlZones());

describe("the shared schedule cases", () => {
  it("are all here", () => expect(rows).toHaveLength(60));

  for (const row of rows) {
    it(`${row.id} ${row.tz}: ${row.note}`, () => {
      if (row.schedule) {
        const compiled = compileSchedule(row.schedule, { zones });
        const from = Date.parse(row.fromISO);
        expect(evaluate(compiled, from)).toMatchObject(row.expectedBefore);
        const next = nextTransition(compiled, from);
        expect(next && new Date(next.atMs).toISOString().replace(".000", "")).toBe(
          row.expectedNextISO,
        );
        expect(next).toMatchObject({ before: row.expectedBefore, after: row.expectedAfter });
      } else {
        const entry = { name: "it", capacity: { hot: 1 }, ...row.entry };
        const schedule = { timeZone: row.tz, default: { hot: 0, stopped: 0 }, entries: [entry] };
        const compiled = compileSchedule(schedule as object as Schedule, { zones });
        const { active, hot } = evaluate(compiled, Date.parse(row.instantISO));
        expect(active.length === 1).toBe(row.expectedActive);
        expect(hot === 1).toBe(row.expectedActive);
      }
    });
  }
});
