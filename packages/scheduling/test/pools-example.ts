import type { Schedule, Smoothing } from "@runs-fleet/scheduling";

// #region week
export const week: Schedule = {
  timeZone: "Europe/Berlin",
  default: { hot: 1, stopped: 4 },
  entries: [
    {
      kind: "weekly",
      name: "office",
      days: ["mon", "tue", "wed", "thu", "fri"],
      start: "08:00",
      end: "18:00",
      capacity: { hot: 10, stopped: 20 },
    },
    {
      kind: "weekly",
      name: "lunch rush",
      days: ["tue", "thu"],
      start: "11:30",
      end: "13:00",
      mode: "atLeast",
      capacity: { hot: 25 },
    },
    {
      kind: "weekly",
      name: "nightly builds",
      days: ["sun", "mon", "tue", "wed", "thu"],
      start: "22:00",
      end: "06:00",
      capacity: { hot: 6 },
      idleTimeoutMs: 1_800_000,
    },
    {
      kind: "cron",
      name: "first of the month",
      cron: "0 4 1 * *",
      forMinutes: 120,
      capacity: { hot: 8 },
    },
  ],
  max: { hot: 30 },
};
// #endregion

// #region exceptions
export const withHolidays: Schedule = {
  ...week,
  exceptions: [
    { name: "Christmas", dates: ["2026-12-24..2026-12-26"] },
    { name: "Good Friday", dates: ["2027-03-26"], entries: ["office"], action: { as: "sun" } },
    {
      name: "release week",
      dates: ["2027-04-12..2027-04-16"],
      entries: ["office"],
      action: { capacity: { hot: 20 } },
    },
  ],
};
// #endregion

// #region smoothing
export const smoothing: Smoothing = {
  leadMs: 120_000,
  holdMs: 600_000,
  rampUp: { step: 5, everyMs: 60_000 },
  rampDown: { step: 5, everyMs: 300_000 },
};
// #endregion

// #region moving
/** Where the first match won: the first entry gets the highest priority. */
export const firstMatchWins: Schedule = {
  default: { hot: 0, stopped: 0 },
  entries: [
    {
      kind: "weekly",
      name: "release day",
      days: ["thu"],
      start: "00:00",
      end: "24:00",
      priority: 2,
      capacity: { hot: 12 },
    },
    {
      kind: "weekly",
      name: "workdays",
      days: ["mon", "tue", "wed", "thu", "fri"],
      start: "00:00",
      end: "24:00",
      priority: 1,
      capacity: { hot: 5 },
    },
  ],
};

/** A pair of cron expressions: from each first to the next second. */
export const pair: Schedule = {
  timeZone: "Europe/Berlin",
  default: { hot: 0, stopped: 0 },
  entries: [
    {
      kind: "cronPair",
      name: "keda",
      cron: "0 6 * * 1-5",
      until: "10 22 * * 1-5",
      mode: "atLeast",
      capacity: { hot: 5 },
    },
  ],
};

/** A cron expression as a mask, without its field of seconds. */
export const mask: Schedule = {
  timeZone: "Europe/Amsterdam",
  default: { hot: 0, stopped: 0 },
  entries: [
    { kind: "cronMask", name: "idle_config", during: "* 8-17 * * 1-5", capacity: { hot: 3 } },
  ],
};
// #endregion
