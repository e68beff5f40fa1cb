import {
  compileSchedule,
  evaluate,
  nextTransition,
  parseSchedule,
  target,
} from "@runs-fleet/scheduling";

const parsed = parseSchedule({
  timeZone: "Europe/Berlin",
  default: { hot: 0, stopped: 2 },
  entries: [
    {
      name: "office",
      days: ["mon", "tue", "wed", "thu", "fri"],
      start: "08:00",
      end: "18:00",
      capacity: { hot: 10 },
    },
    { name: "night", cron: "0 22 * * 1-5", forMinutes: 480, mode: "atLeast", capacity: { hot: 3 } },
  ],
  exceptions: [{ name: "holidays", dates: ["2026-12-24..2026-12-26"] }],
});
if (!parsed.ok) throw new Error(parsed.issues.map(({ message }) => message).join("\n"));

const pool = compileSchedule(parsed.value, {
  smoothing: { leadMs: 120_000, rampUp: { step: 5, everyMs: 60_000 } },
});

export const capacityAt = (atMs: number) => ({
  calendar: evaluate(pool, atMs).hot, // what the calendar says
  wanted: target(pool, atMs).hot, // what to have, so that it is ready in time
  nextMs: nextTransition(pool, atMs)?.atMs, // when to look again
});
