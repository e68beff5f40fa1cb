import { describe, expect, it } from "vitest";
import {
  compileSchedule,
  evaluate,
  explain,
  lintSchedule,
  parseSchedule,
  tableZones,
  target,
} from "../src/index.ts";
import { tzdata } from "../src/tzdata/index.ts";
import { firstMatchWins, mask, pair, smoothing, week, withHolidays } from "./pools-example.ts";

const zones = tableZones(tzdata);
const at = (iso: string): number => Date.parse(iso);
const hot = (schedule: typeof week, iso: string): number =>
  evaluate(compileSchedule(schedule, { zones }), at(iso)).hot;

describe("the examples of the page about pools", () => {
  it.each(Object.entries({ week, withHolidays, firstMatchWins, pair, mask }))(
    "are valid: %s",
    (_, schedule) => {
      expect(parseSchedule(schedule)).toEqual({ ok: true, value: schedule });
      const remarks = lintSchedule(schedule, at("2026-12-01T00:00Z"), { zones });
      expect(remarks.filter(({ severity }) => severity === "error")).toEqual([]);
    },
  );

  it("do what the page says", () => {
    expect(hot(week, "2026-12-03T11:00Z")).toBe(25); // Thursday at noon
    expect(hot(week, "2026-12-04T02:00Z")).toBe(6); // Friday morning belongs to Thursday night
    expect(hot(week, "2026-12-05T02:00Z")).toBe(1); // no night starts on a Friday
    expect(hot(withHolidays, "2026-12-24T10:00Z")).toBe(1);
    expect(hot(withHolidays, "2027-03-26T10:00Z")).toBe(1);
    expect(hot(withHolidays, "2027-04-12T10:00Z")).toBe(20);
    expect(hot(withHolidays, "2027-04-12T21:00Z")).toBe(6);
    expect(hot(firstMatchWins, "2026-12-03T10:00Z")).toBe(12);
    expect(hot(pair, "2026-12-05T10:00Z")).toBe(0); // Saturday
    expect(hot(mask, "2026-12-03T16:59:59.999Z")).toBe(3);
    expect(hot(mask, "2026-12-03T17:00Z")).toBe(0);
    const smooth = compileSchedule(week, { zones, smoothing });
    expect(target(smooth, at("2026-12-02T06:58Z")).hot).toBe(10); // two minutes before eight
    expect(target(smooth, at("2026-12-02T17:10Z")).hot).toBe(5); // ten minutes after six
  });

  it("are explained as the page shows", () => {
    const compiled = compileSchedule({ ...week, max: { hot: 9 } }, { zones });
    expect(explain(compiled, at("2026-12-02T10:00Z")).text).toContain(
      "wed 2026-12-02 11:00 +01:00 Europe/Berlin: 9 hot by office (10, cut to the maximum), 20 stopped by office since wed 2026-12-02 08:00 until wed 2026-12-02 18:00.",
    );
  });
});
