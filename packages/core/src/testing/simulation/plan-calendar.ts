import type { Entry, Exception } from "@runs-fleet/scheduling";
import type { PoolConfig } from "../../routing/index.ts";
import type { Dice } from "./dice.ts";

const minutes = 60_000;
const hours = 60 * minutes;
const days = 24 * hours;

/** Clock changes within the span in which simulations begin, with the zones that have them. Source: tz database 2026. */
const clockChanges = [
  { zone: "Europe/Berlin", atMs: Date.parse("2026-10-25T01:00:00Z") },
  { zone: "America/New_York", atMs: Date.parse("2026-11-01T06:00:00Z") },
  { zone: "America/New_York", atMs: Date.parse("2027-03-14T07:00:00Z") },
  { zone: "Europe/Berlin", atMs: Date.parse("2027-03-28T01:00:00Z") },
  { zone: "Australia/Lord_Howe", atMs: Date.parse("2026-10-03T15:30:00Z") },
  { zone: "Australia/Lord_Howe", atMs: Date.parse("2027-04-03T15:00:00Z") },
  { zone: "America/Santiago", atMs: Date.parse("2027-04-04T03:00:00Z") },
] as const;

/** When a simulation begins, and the zone whose clock changes in its first day, if one does. */
export interface Beginning {
  /** Epoch milliseconds, a whole hour. */
  readonly startMs: number;
  readonly zone?: string;
}

/** Moves some beginnings to the hours before a clock change. */
export function planBeginning(dice: Dice, usualMs: number): Beginning {
  const change = dice.pick(clockChanges);
  if (!dice.chance(0.3)) return { startMs: usualMs };
  const { zone, atMs } = change;
  const startMs = (Math.floor(atMs / hours) - dice.whole(1, 9)) * hours;
  return { startMs, zone };
}

function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function clock(dice: Dice, from: number, to: number): string {
  const hour = String(dice.whole(from, to)).padStart(2, "0");
  return `${hour}:${dice.pick(["00", "10", "30", "45"])}`;
}

/** Further entries of every kind: some end on the next day, some begin in an hour that a clock change skips or repeats. */
function planEntries(dice: Dice, startMs: number): readonly Entry[] {
  const most: readonly Entry[] = [
    {
      kind: "weekly",
      name: "late",
      start: clock(dice, 20, 23),
      end: clock(dice, 1, 5),
      mode: "atLeast",
      capacity: { hot: dice.whole(1, 2) },
    },
    {
      kind: "weekly",
      name: "small hours",
      start: clock(dice, 0, 2),
      end: clock(dice, 3, 5),
      capacity: { hot: dice.whole(0, 3) },
      priority: dice.whole(-1, 1),
    },
    {
      kind: "dated",
      name: "release",
      dates: [`${dateOf(startMs)}..${dateOf(startMs + days)}`],
      start: clock(dice, 9, 12),
      end: clock(dice, 14, 18),
      mode: "atLeast",
      capacity: { hot: dice.whole(2, 4) },
    },
    {
      kind: "cronPair",
      name: "batch",
      cron: `${dice.pick([5, 20, 50])} ${dice.whole(0, 6)},${dice.whole(11, 16)} * * *`,
      until: `${dice.pick([10, 25, 55])} */${dice.whole(2, 4)} * * *`,
      mode: "atLeast",
      capacity: { hot: dice.whole(1, 2) },
    },
    {
      kind: "cronMask",
      name: "quiet",
      during: `* ${dice.whole(12, 13)},${dice.whole(1, 3)} * * *`,
      mode: "atMost",
      capacity: { hot: dice.whole(0, 2), stopped: 1 },
    },
  ];
  return most.filter(() => dice.chance(0.35));
}

function planExceptions(dice: Dice, startMs: number): readonly Exception[] {
  const date = dateOf(startMs + dice.whole(0, 1) * days);
  const most: readonly Exception[] = [
    { name: "holiday", dates: [date], entries: ["office"], action: "skip" },
    { name: "like saturday", dates: [date], action: { as: "sat" } },
    { name: "rush", dates: [date], entries: ["office"], action: { capacity: { hot: 5 } } },
  ];
  const chosen = dice.pick([0, 1, 2] as const);
  return dice.chance(0.25) ? most.slice(chosen, chosen + 1) : [];
}

/** The pool with a richer calendar: further entries, exceptions, ramps, holds; in the beginning's zone if that has one. */
export function enrichPool(dice: Dice, pool: PoolConfig, { startMs, zone }: Beginning): PoolConfig {
  const { schedule } = pool;
  const exceptions = planExceptions(dice, startMs);
  const holds = dice.chance(0.2);
  const climbs = dice.chance(0.25);
  return {
    ...pool,
    schedule: {
      ...schedule,
      ...(zone === undefined ? {} : { timeZone: zone }),
      entries: [...schedule.entries, ...planEntries(dice, startMs)],
      ...(exceptions.length === 0 ? {} : { exceptions }),
    },
    ...(holds ? { holdMs: dice.whole(5, 20) * minutes } : {}),
    ...(climbs ? { rampUp: { step: dice.whole(1, 2), everyMs: dice.whole(1, 4) * minutes } } : {}),
  };
}
