import { compileSchedule, type Schedule, type Smoothing } from "@runs-fleet/scheduling";
import { describe, expect, it } from "vitest";
import { poolWords } from "./next-words.ts";
import type { PoolCounts } from "./pool-counts.ts";

const workdays = ["mon", "tue", "wed", "thu", "fri"] as const;

const office: Schedule = {
  timeZone: "Europe/Berlin",
  default: { hot: 2, stopped: 20 },
  entries: [
    {
      kind: "weekly",
      name: "office",
      days: workdays,
      start: "08:00",
      end: "19:00",
      capacity: { hot: 20 },
    },
  ],
};
const pace: Smoothing = {
  leadMs: 300_000,
  rampUp: { step: 6, everyMs: 60_000 },
  rampDown: { step: 5, everyMs: 300_000 },
};
const some: PoolCounts = {
  ready: { hot: 17, stopped: 20 },
  booting: 3,
  buying: 0,
  busy: 0,
  stopping: 0,
  leaving: 0,
};

/** Words of a pool at a moment that is written with its offset. */
function words(at: string, schedule: Schedule = office, smoothing: Smoothing = pace) {
  return poolWords({
    schedule: compileSchedule(schedule, { smoothing }),
    nowMs: Date.parse(at),
    counts: some,
  });
}

/** What a pool has, in words. */
function having(counts: Partial<PoolCounts>, more: Partial<Parameters<typeof poolWords>[0]> = {}) {
  const nowMs = Date.parse("2026-11-24T12:00:00+01:00");
  const schedule = compileSchedule(office);
  return poolWords({ schedule, nowMs, counts: { ...some, ...counts }, ...more }).now;
}

describe("what a pool has, in words", () => {
  it("counts what is there beside what is wanted, and says for what", () => {
    expect(having({})).toBe("17 ready of 20 wanted for office, 3 booting, 20 stopped.");
    expect(having({ ready: { hot: 20, stopped: 12 }, booting: 0, busy: 4 })).toBe(
      "20 ready as wanted for office, 4 busy, 12 stopped of 20 wanted.",
    );
    expect(having({ booting: 1, buying: 2, stopping: 3, leaving: 4 })).toBe(
      "17 ready of 20 wanted for office, 1 booting, 2 being bought, 20 stopped, 3 being stopped, 4 on the way out.",
    );
  });

  it("says what becomes of those that are too many", () => {
    expect(having({ ready: { hot: 25, stopped: 22 }, booting: 0 })).toBe(
      "25 ready (20 wanted for office), 22 stopped (20 wanted). 5 more than wanted, to go when idle.",
    );
  });

  it("says how many are held back, and by what", () => {
    const cause = { code: "pool-limit", message: "Pool p has all of its 37 machines" } as const;
    expect(having({ booting: 0 }, { cause, missing: 3 })).toBe(
      "17 ready of 20 wanted for office, 20 stopped. 3 held back: Pool p has all of its 37 machines.",
    );
  });

  it("names a pool that has nothing and wants nothing", () => {
    const schedule = compileSchedule({ default: { hot: 0, stopped: 0 }, entries: [] });
    expect(poolWords({ schedule, nowMs: 0 })).toEqual({
      now: "No machines, and none wanted by default.",
      next: "No change in sight.",
    });
    expect(poolWords({ schedule, nowMs: 0, counts: some }).now).toBe(
      "17 ready (none wanted by default), 3 booting, 20 stopped (none wanted).",
    );
  });

  it("speaks of this region's share alone", () => {
    const share = (total: number): number => Math.floor(total / 2);
    const nowMs = Date.parse("2026-11-24T12:00:00+01:00");
    const schedule = compileSchedule(office);
    expect(poolWords({ schedule, nowMs, share, counts: some })).toEqual({
      now: "17 ready (10 wanted for office), 3 booting, 20 stopped (10 wanted). 7 more than wanted, to go when idle.",
      next: "At 19:00 falls to 1.",
    });
    // What changes in other regions alone is not told: one machine of two goes to the other half.
    const small = compileSchedule({ ...office, default: { hot: 21, stopped: 0 } });
    expect(poolWords({ schedule: small, nowMs, share }).next).toBe("No change in sight.");
  });
});

describe("why the target is what it is", () => {
  it.each([
    ["2026-11-24T06:00:00+01:00", "17 ready (2 wanted by default), 3 booting"],
    ["2026-11-24T07:53:30+01:00", "17 ready (8 wanted on the climb to office at 08:00)"],
    ["2026-11-24T07:56:00+01:00", "17 ready of 20 wanted ahead of office at 08:00"],
    ["2026-11-24T12:00:00+01:00", "17 ready of 20 wanted for office"],
    ["2026-11-24T19:06:00+01:00", "17 ready (10 wanted coming down from office)"],
    ["2026-11-24T22:00:00+01:00", "17 ready (2 wanted by default)"],
  ])("is told at %s", (at, start) => {
    expect(words(at).now).toMatch(new RegExp(`^${start.replace(/[()]/g, "\\$&")}`));
  });

  it("names the window whose level is held", () => {
    expect(words("2026-11-24T19:10:00+01:00", office, { holdMs: 900_000 }).now).toContain(
      "17 ready of 20 wanted held over from office",
    );
  });

  it("is told of the stopped tier when the hot one is at its level", () => {
    const schedule: Schedule = {
      ...office,
      entries: office.entries.map((entry) => ({ ...entry, capacity: { stopped: 40 } })),
    };
    expect(words("2026-11-24T07:56:00+01:00", schedule).now).toContain("ahead of office at 08:00");
  });
});

describe("what happens next, in words", () => {
  it("is the next change with its pace", () => {
    expect(words("2026-11-24T12:00:00+01:00").next).toBe("At 19:00 falls to 2, by 5 every 5 min.");
    expect(words("2026-11-24T06:00:00+01:00").next).toBe(
      "At 08:00 rises to 20 for office, by 6 every 1 min, bought from 07:53.",
    );
    expect(words("2026-11-24T12:00:00+01:00", office, {}).next).toBe("At 19:00 falls to 2.");
    expect(words("2026-11-24T12:00:00+01:00", office, { ...pace, holdMs: 5_400_000 }).next).toBe(
      "At 19:00 falls to 2, kept 90 min longer, then by 5 every 5 min.",
    );
  });

  it("names the day when it is another one, and the date when it is far", () => {
    expect(words("2026-11-24T20:30:00+01:00", office, {}).next).toMatch(/^Tomorrow at 08:00 rises/);
    expect(words("2026-11-27T20:30:00+01:00", office, {}).next).toMatch(
      /^On Monday at 08:00 rises/,
    );
    const far: Schedule = {
      ...office,
      entries: [{ kind: "dated", name: "fair", dates: ["2027-02-01"], capacity: { hot: 9 } }],
    };
    expect(words("2026-11-24T12:00:00+01:00", far, {}).next).toBe(
      "On 2027-02-01 at 00:00 rises to 9 for fair.",
    );
  });

  it("is what comes after the window that the target is ready for already", () => {
    expect(words("2026-11-24T07:56:00+01:00").next).toMatch(/^At 19:00 falls to 2/);
  });

  it("says when a target that comes down has arrived", () => {
    expect(words("2026-11-24T19:06:00+01:00").next).toBe(
      "Falls to 2 by 19:15; tomorrow at 08:00 rises to 20 for office, by 6 every 1 min.",
    );
  });

  it("tells both tiers apart", () => {
    const both = (capacity: { hot: number; stopped: number }): string =>
      words("2026-11-24T12:00:00+01:00", { ...office, default: capacity }, {}).next;
    const schedule: Schedule = {
      ...office,
      entries: office.entries.map((entry) => ({ ...entry, capacity: { hot: 20, stopped: 20 } })),
    };
    const at = "2026-11-24T12:00:00+01:00";
    expect(words(at, { ...schedule, default: { hot: 2, stopped: 5 } }, {}).next).toBe(
      "At 19:00 falls to 2 ready and 5 stopped.",
    );
    expect(words(at, { ...schedule, default: { hot: 2, stopped: 40 } }, {}).next).toBe(
      "At 19:00 falls to 2 ready, stopped rises to 40.",
    );
    expect(words(at, { ...schedule, default: { hot: 20, stopped: 5 } }, {}).next).toBe(
      "At 19:00 stopped falls to 5.",
    );
    expect(both({ hot: 2, stopped: 20 })).toBe("At 19:00 falls to 2.");
  });

  it("is on the wall clock of the pool, wherever that is", () => {
    const at = "2026-11-24T12:00:00Z";
    const inZone = (timeZone: string): string => words(at, { ...office, timeZone }, {}).next;
    expect(inZone("UTC")).toBe("At 19:00 falls to 2.");
    // 23:00 there, so the working day begins tomorrow.
    expect(inZone("Pacific/Noumea")).toBe("Tomorrow at 08:00 rises to 20 for office.");
    // 04:00 there.
    expect(inZone("America/Los_Angeles")).toBe("At 08:00 rises to 20 for office.");
  });

  it("tells of a change of the clock on the day of the next change", () => {
    const night: Schedule = {
      ...office,
      entries: [
        { kind: "weekly", name: "night", start: "02:30", end: "05:00", capacity: { hot: 8 } },
      ],
    };
    expect(words("2027-03-27T12:00:00+01:00", night, {}).next).toBe(
      "Tomorrow at 03:00 rises to 8 for night; the clock is put 1 h forward tomorrow, to 03:00.",
    );
    expect(words("2026-10-25T01:00:00+02:00", night, {}).next).toBe(
      "At 02:30 rises to 8 for night; the clock is put 1 h back today, to 02:00.",
    );
    expect(words("2026-10-25T04:00:00+01:00", night, {}).next).toBe("At 05:00 falls to 2.");
  });
});

describe("exceptions of the coming week", () => {
  const at = "2026-12-21T12:00:00+01:00";
  const nextWith = (exceptions: Schedule["exceptions"], moment = at): string =>
    words(moment, { ...office, ...(exceptions ? { exceptions } : {}) }, {}).next;

  it.each([
    [{ name: "de", dates: ["2026-12-24"] }, "exception de on Thursday: office is skipped"],
    [{ name: "de", dates: ["2026-12-22"] }, "exception de tomorrow: office is skipped"],
    [
      { name: "de", dates: ["2026-12-24..2026-12-26"] },
      "exception de on Thursday and Friday: office is skipped",
    ],
    [
      { name: "de", dates: ["2026-12-22..2026-12-31"] },
      "exception de from tomorrow to 2026-12-28: office is skipped",
    ],
    [
      { name: "bridge", dates: ["2026-12-23"], action: { as: "sun" } },
      "exception bridge on Wednesday: as on Sunday",
    ],
    [
      { name: "release", dates: ["2026-12-23"], action: { capacity: { hot: 40 } } },
      "exception release on Wednesday: office wants 40 ready",
    ],
    [
      { name: "release", dates: ["2026-12-23"], action: { capacity: { hot: 40, stopped: 1 } } },
      "exception release on Wednesday: office wants 40 ready and 1 stopped",
    ],
  ] as const)("are told: %o", (exception, clause) => {
    expect(nextWith([exception])).toBe(`At 19:00 falls to 2; ${clause}.`);
  });

  it("are not told when they change nothing, lie further ahead or are over", () => {
    const unheard = [
      { name: "weekend", dates: ["2026-12-26"] },
      { name: "far", dates: ["2027-01-04"] },
      { name: "past", dates: ["2026-12-18"] },
      { name: "same", dates: ["2026-12-23"], action: { capacity: { hot: 20 } } },
    ];
    expect(nextWith(unheard)).toBe("At 19:00 falls to 2.");
  });

  it("are told today for as long as they take effect", () => {
    const exceptions = [{ name: "de", dates: ["2026-12-21"] }];
    expect(nextWith(exceptions)).toBe(
      "Tomorrow at 08:00 rises to 20 for office; exception de today: office is skipped.",
    );
    expect(nextWith(exceptions, "2026-12-21T19:00:00+01:00")).toBe(
      "Tomorrow at 08:00 rises to 20 for office.",
    );
    // The same schedule object, asked again in the other order.
    expect(nextWith(exceptions)).toContain("exception de today");
  });

  it("are told soonest first, and each for itself", () => {
    const exceptions = [
      { name: "late", dates: ["2026-12-25"] },
      { name: "early", dates: ["2026-12-23"], action: { capacity: { hot: 3 } } },
    ];
    expect(nextWith(exceptions)).toBe(
      "At 19:00 falls to 2; exception early on Wednesday: office wants 3 ready; exception late on Friday: office is skipped.",
    );
  });

  it("that skip a window over midnight are told for the day on which it would begin", () => {
    const night: Schedule = {
      ...office,
      entries: [
        { kind: "weekly", name: "night", start: "22:00", end: "06:00", capacity: { hot: 8 } },
      ],
      exceptions: [{ name: "de", dates: ["2026-12-24"] }],
    };
    expect(words("2026-12-23T23:00:00+01:00", night, {}).next).toContain(
      "exception de tomorrow: night is skipped",
    );
    expect(words("2026-12-25T02:00:00+01:00", night, {}).next).toContain("night is skipped");
  });
});
