import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileSchedule, type Entry, evaluate, nextTransition } from "../index.ts";
import { dayNumber } from "./civil.ts";
import { everFires, firesOn, parseCron } from "./cron.ts";

const cronOf = (text: string) => {
  const cron = parseCron(text);
  if ("problem" in cron) return expect.fail(`${text}: ${cron.problem} ${cron.part}`);
  return cron;
};
const sunday = dayNumber(2026, 1, 4);

/** Weekdays of one week on which an expression fires, 0 = Sunday. */
const week = (text: string): number[] =>
  [0, 1, 2, 3, 4, 5, 6].filter((day) => firesOn(cronOf(text), sunday + day));

describe("a cron expression", () => {
  it("counts Sunday as 0 and as 7, and a week that ends on it", () => {
    expect(week("0 0 * * 0")).toEqual([0]);
    expect(week("0 0 * * 7")).toEqual([0]);
    expect(week("0 0 * * sat-sun")).toEqual([0, 6]);
    expect(week("0 0 * * 5-7")).toEqual([0, 5, 6]);
    expect(week("0 0 * * Mon-Fri")).toEqual([1, 2, 3, 4, 5]);
    expect(week("0 0 * * 1/2")).toEqual([1, 3, 5]);
    expect(week("0 0 * * */3")).toEqual([0, 3, 6]);
  });

  it("fires in every minute of the day whose hour and minute it names, in order", () => {
    const some = (max: number) => fc.uniqueArray(fc.nat(max), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(some(59), some(23), (minutes, hours) => {
        const all = Array.from({ length: 1_440 }, (_, at) => at);
        expect(cronOf(`${minutes.join()} ${hours.join()} * * *`).minutes).toEqual(
          all.filter((at) => hours.includes(Math.floor(at / 60)) && minutes.includes(at % 60)),
        );
      }),
    );
  });

  it("fires on either day when both day fields are restricted, and a step restricts", () => {
    expect(week("0 0 6 * 1")).toEqual([1, 2]);
    expect(week("0 0 6 * *")).toEqual([2]);
    expect(week("0 0 ? * 1")).toEqual([1]);
    expect(week("0 0 */2 * 6")).toEqual([1, 3, 5, 6]);
  });

  it("knows nicknames, and words no object should", () => {
    expect(cronOf("@daily")).toEqual(cronOf("0 0 * * *"));
    expect(cronOf(" @Hourly ").minutes).toHaveLength(24);
    for (const text of ["@reboot", "@constructor", "constructor", "__proto__"]) {
      expect(parseCron(text), text).toHaveProperty("problem");
    }
  });

  it.each([
    ["60 0 * * *", "value"],
    ["0 24 * * *", "value"],
    ["0 0 0 * *", "value"],
    ["0 0 * 13 *", "value"],
    ["0 0 * * 8", "value"],
    ["0 0 * * L", "value"],
    ["0 0 1W * *", "value"],
    ["0 0 * * 1#2", "value"],
    ["0-10-20 0 * * *", "value"],
    ["*/5/5 0 * * *", "value"],
    ["1,,2 0 * * *", "value"],
    ["-1 0 * * *", "value"],
    ["30-10 0 * * *", "order"],
    ["*/0 * * * *", "step"],
    ["*/90 * * * *", "step"],
    ["0 0 * *", "fields"],
    ["0 0 0 * * *", "fields"],
    ["", "fields"],
    ["@every 5m", "nickname"],
  ])("refuses %s", (text, problem) => {
    expect(parseCron(text)).toMatchObject({ problem });
  });

  it("knows when it never fires", () => {
    for (const text of ["0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 31 jun *"]) {
      expect(everFires(cronOf(text)), text).toBe(false);
    }
    for (const text of ["0 0 29 2 *", "0 0 31 1 *", "0 0 30 2 1", "* * * * *"]) {
      expect(everFires(cronOf(text)), text).toBe(true);
    }
  });
});

describe("a cron pair", () => {
  const pool = (cron: string, until: string) => {
    const entry: Entry = { kind: "cronPair", name: "it", cron, until, capacity: { hot: 1 } };
    return compileSchedule({ default: { hot: 0, stopped: 0 }, entries: [entry] });
  };
  const at = (iso: string): number => Date.parse(iso);

  it("that never closes stays open for 31 days", () => {
    const compiled = pool("0 8 1 1 *", "0 0 29 2 *");
    const opens = nextTransition(compiled, at("2026-01-01T00:00Z"));
    expect(opens?.atMs).toBe(at("2026-01-01T08:00Z"));
    expect(nextTransition(compiled, at("2026-01-02T00:00Z"))?.atMs).toBe(at("2026-02-01T08:00Z"));
  });

  it("may span days, wherever one happens to look", () => {
    const compiled = pool("0 8 * * mon", "0 18 * * fri");
    for (let week = 0; week < 520; week++) {
      const monday = at("2026-01-05T08:00Z") + week * 7 * 86_400_000;
      for (const [hours, hot] of [
        [-0.001, 0],
        [0, 1],
        [48, 1],
        [105.999, 1],
        [106, 0],
      ] as const) {
        expect(evaluate(compiled, monday + hours * 3_600_000).hot).toBe(hot);
      }
    }
  });

  it("ignores closings while nothing is open, and openings while something is", () => {
    const compiled = pool("0 8,9 * * *", "0 7,12,13 * * *");
    const day = at("2026-01-05T00:00Z");
    expect(nextTransition(compiled, day)?.atMs).toBe(day + 8 * 3_600_000);
    expect(nextTransition(compiled, day + 8 * 3_600_000)?.atMs).toBe(day + 12 * 3_600_000);
    expect(nextTransition(compiled, day + 12 * 3_600_000)?.atMs).toBe(day + 32 * 3_600_000);
  });

  it("does not close at the minute it opens", () => {
    const compiled = pool("0 8 * * *", "0 8 * * *");
    expect(nextTransition(compiled, at("2026-01-05T00:00Z"))).toBeNull();
    expect(evaluate(compiled, at("2026-01-05T00:00Z")).hot).toBe(1);
  });
});
