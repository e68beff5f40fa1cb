import { berlinHolidays, chicagoHolidays } from "./demo-pools.ts";
import type { Weekday } from "./local-time.ts";

/** Hours of some weekdays in which work comes. */
export interface DemandHours {
  readonly days: readonly Weekday[];
  /** Local, `HH:MM`, inclusive. */
  readonly from: string;
  /** Local, `HH:MM`, exclusive, later than `from`; `24:00` is midnight. */
  readonly to: string;
  /** Workflow runs per hour, on average. */
  readonly runsPerHour: number;
}

/** What one group of people, or one machine room, asks of the fleet in a week. */
export interface DemandPattern {
  /** Names it in the random choices: the same name and seed make the same jobs. */
  readonly name: string;
  readonly repositories: readonly string[];
  /** Pool that serves its jobs. Absent: each gets a machine that is bought for it. */
  readonly pool?: string;
  /** `runs-on` of its jobs. */
  readonly labels: readonly string[];
  /** Where its days and hours are read. */
  readonly timeZone: string;
  /** Hours that follow one another; none of them overlap on a day. */
  readonly week: readonly DemandHours[];
  /** Dates on which nothing comes, `YYYY-MM-DD`. */
  readonly holidays: readonly string[];
  /** Most jobs of one run, which are queued together. Most runs have fewer. */
  readonly mostJobs: number;
  /** How long jobs take: half of them less than this, a tenth more than twice of it. */
  readonly medianMs: number;
}

const minutes = 60_000;
const workdays = ["mon", "tue", "wed", "thu", "fri"] as const;
const everyDay = [...workdays, "sat", "sun"] as const;

/** A working day: few early, most before and after lunch, few late. */
function workingDay(busiest: number, hours: readonly [string, string, string, string, string]) {
  const [early, morning, lunch, afternoon, evening] = hours;
  const hour = (from: string, to: string, share: number): DemandHours => ({
    days: workdays,
    from,
    to,
    runsPerHour: busiest * share,
  });
  return (end: string): readonly DemandHours[] => [
    hour(early, morning, 0.3),
    hour(morning, lunch, 1),
    hour(lunch, afternoon, 0.4),
    hour(afternoon, evening, 0.9),
    hour(evening, end, 0.25),
  ];
}

/** Who works in the simulation. */
export const demandPatterns: readonly DemandPattern[] = [
  {
    name: "berlin",
    repositories: ["acme/shop", "acme/payments", "acme/mobile"],
    pool: "berlin",
    labels: ["runs-fleet/pool=berlin"],
    timeZone: "Europe/Berlin",
    week: workingDay(26, ["08:00", "09:00", "12:15", "13:00", "17:00"])("19:30"),
    holidays: berlinHolidays,
    mostJobs: 6,
    medianMs: 4 * minutes,
  },
  {
    name: "chicago",
    repositories: ["acme/search", "acme/ads"],
    pool: "chicago",
    labels: ["runs-fleet/pool=chicago"],
    timeZone: "America/Chicago",
    week: workingDay(16, ["08:30", "09:30", "12:00", "13:00", "16:30"])("19:00"),
    holidays: chicagoHolidays,
    mostJobs: 5,
    medianMs: 5 * minutes,
  },
  {
    name: "nightly",
    repositories: ["acme/monorepo"],
    pool: "nightly",
    labels: ["runs-fleet/pool=nightly"],
    timeZone: "Europe/Berlin",
    week: [{ days: everyDay, from: "02:30", to: "03:20", runsPerHour: 14 }],
    holidays: [],
    mostJobs: 4,
    medianMs: 15 * minutes,
  },
  {
    name: "steady",
    repositories: ["acme/infrastructure", "acme/docs"],
    pool: "steady",
    labels: ["runs-fleet/pool=steady"],
    timeZone: "Asia/Tokyo",
    week: [
      { days: everyDay, from: "00:00", to: "09:00", runsPerHour: 2 },
      { days: everyDay, from: "09:00", to: "18:00", runsPerHour: 5 },
      { days: everyDay, from: "18:00", to: "24:00", runsPerHour: 2 },
    ],
    holidays: [],
    mostJobs: 3,
    medianMs: 3 * minutes,
  },
  {
    // No pool has machines of this size: each is bought for its job.
    name: "large",
    repositories: ["acme/models"],
    labels: ["runs-fleet/cpu=16/arch=arm64/spot=false"],
    timeZone: "UTC",
    week: [{ days: everyDay, from: "00:00", to: "24:00", runsPerHour: 1 }],
    holidays: [],
    mostJobs: 2,
    medianMs: 12 * minutes,
  },
];
