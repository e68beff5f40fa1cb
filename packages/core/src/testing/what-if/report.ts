import type { Decision } from "../../fleet/status.ts";

/** Stands in the place of a pool's name for jobs, and machines, of no pool: bought for a shape alone. No pool can be called so. */
export const noPool = "-";

/** Where a number comes from, and of when it is. */
export interface Provenance {
  /** Who measured or published it, in one sentence. */
  readonly source: string;
  /** `YYYY-MM-DD`. */
  readonly date: string;
}

/** How long jobs waited from being queued to being started, milliseconds. All 0 without jobs. */
export interface Waits {
  /** Jobs that were started, and so are counted. */
  readonly jobs: number;
  /** Half of the jobs waited no longer. */
  readonly p50: number;
  /** 95 of 100 waited no longer. */
  readonly p95: number;
  /** 99 of 100 waited no longer. */
  readonly p99: number;
  /** The longest. */
  readonly max: number;
  /** Share of jobs that waited longer than a minute, 0 to 1. */
  readonly over60Share: number;
}

/** Waits of the jobs that were queued within one hour. */
export interface HourWaits extends Waits {
  /** Beginning of the hour, epoch milliseconds. */
  readonly atMs: number;
}

/** Waits of the jobs that were queued in one hour of the week, over all weeks. */
export interface WeekHourWaits extends Waits {
  /** 0 is Monday, 00:00 to 01:00 on the report's clock ({@link FleetReport.timeZone}); 167 is the last of Sunday. */
  readonly hour: number;
}

/** Where one length of waits ends and the next begins, milliseconds. A minute and the quarter of an hour are among them. */
export const waitBoundsMs: readonly number[] = Object.freeze(
  [
    ...[1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1_200, 1_800],
    ...[2_700, 3_600, 7_200, 14_400, 28_800, 86_400],
  ].map((seconds) => seconds * 1_000),
);

/** Started jobs whose waits are about as long. */
export interface WaitLength {
  /** They waited longer than this, milliseconds; a wait of 0 belongs to the first length. */
  readonly fromMs: number;
  /** And no longer than this, milliseconds. Absent: longer than the last of {@link waitBoundsMs}. */
  readonly toMs?: number;
  /** How many there are, at least 1. */
  readonly jobs: number;
}

/** Waits in one place, all together, by length and by hour. Lengths and hours without jobs are left out. */
export interface WaitsOverTime {
  /** Of all started jobs together. */
  readonly waitsMs: Waits;
  /** How many jobs waited how long, the shortest first. */
  readonly lengths: readonly WaitLength[];
  /** By the hour in which jobs were queued, oldest first. Hours are those of UTC. */
  readonly hours: readonly HourWaits[];
  /** By the hour of the week in which jobs were queued, Monday's first: at most 168. */
  readonly weekHours: readonly WeekHourWaits[];
}

/** How started jobs found their machine; the three shares add up to 1, or are all 0 without jobs. */
export interface ServedShares {
  /** A machine was ready when the job came. */
  readonly hot: number;
  /** A stopped machine was started. */
  readonly stopped: number;
  /** A machine was bought. */
  readonly cold: number;
}

/** Where waiting time goes, in the order in which a job meets it. */
export const waitPhases = [
  "delivery",
  "limit",
  "boot",
  "planning",
  "assignment",
  "registration",
] as const;

/**
 * One of {@link waitPhases}.
 *
 * `delivery`: until the controller knew of the job. `limit`: until the machine that served it was bought or started, or a
 * ready machine was held back by a limit. `boot`: from then until that machine was ready. `planning`: from a ready machine
 * to the claim. `assignment`: GitHub's registration and the way to the machine. `registration`: the runner's start, until
 * GitHub says that the job runs.
 */
export type WaitPhase = (typeof waitPhases)[number];

/** Milliseconds by phase; they add up to the wait. */
export type PhasesMs = Readonly<Record<WaitPhase, number>>;

/** What every job that was handed in became. `given` is the sum of the others. */
export interface JobCounts {
  /** Jobs handed in. */
  readonly given: number;
  /** Not simulated: see {@link Trust.leftOut}. */
  readonly leftOut: number;
  /** Started and completed. */
  readonly completed: number;
  /** Started, and still running when the simulation ended. */
  readonly running: number;
  /** Started, and lost with their machine: it was interrupted. */
  readonly interrupted: number;
  /** Refused by the controller, by cause: wrong labels, no policy. */
  readonly refused: number;
  /** Given up by the controller after waiting, by cause: past their deadline. */
  readonly failed: number;
  /** Cancelled before they were started. */
  readonly cancelled: number;
  /** Still waiting when the simulation ended. */
  readonly waiting: number;
}

/** Jobs that a report does not cover in the same way as the others, with the reason. */
export interface JobGroup {
  /** `not-ours`, `outside-horizon`, `not-routed-here`, or a cause code of the controller; stable. */
  readonly code: string;
  /** The same in words. */
  readonly reason: string;
  /** How many jobs there are for this reason. */
  readonly jobs: number;
  /** A few of them: ids where the jobs had one, else `#` and the place in the input, from 1. */
  readonly examples: readonly string[];
}

/** What the report can be trusted for. */
export interface Trust {
  /** Boot times by what they were used for: the system, or a pool with times of its own. */
  readonly boots: readonly ({ readonly for: string; readonly machines: number } & Provenance)[];
  /** Delays of GitHub and of registration. */
  readonly delays: Provenance;
  /** Rates, with the pools that they price; absent without rates. */
  readonly rates?: Provenance & { readonly pools: readonly string[] };
  /** Pools that had machines and have no rate: no cost in the report covers them. */
  readonly unpriced: readonly string[];
  /** Jobs that were not simulated, and why. */
  readonly leftOut: readonly JobGroup[];
  /** Jobs that got no runner although they were simulated, and why. */
  readonly unserved: readonly JobGroup[];
  /** What the simulated world does not have, one sentence each: always read. */
  readonly notModelled: readonly string[];
  /** What in these inputs makes the result doubtful, one sentence each. */
  readonly warnings: readonly string[];
}

/** US dollars. A running machine's disk is part of its hourly rate. */
export interface Cost {
  /** Over the whole horizon: the sum of the four parts below. */
  readonly totalUsd: number;
  /** Machines that were claimed or ran a job, and those that were ending after it. */
  readonly busyUsd: number;
  /** Machines that were ready and nobody's. */
  readonly idleUsd: number;
  /** Machines that were booting, and what each purchase and each start costs. */
  readonly bootUsd: number;
  /** Machines that were stopped, or on the way there. */
  readonly diskUsd: number;
  /** The total for 168 hours, from the horizon's. */
  readonly usdPerWeek: number;
}

/** Machine-hours within the horizon. */
export interface MachineHours {
  /** Claimed by a job or running one, or ending after it. */
  readonly busy: number;
  /** Ready and nobody's. */
  readonly idle: number;
  /** From a purchase, or the start of a stopped machine, to ready. */
  readonly boot: number;
  /** Stopped, or on the way there: only the disk is paid for. */
  readonly stopped: number;
}

/** The most of something at once, and how much is allowed. */
export interface Peak {
  /** The most at once. */
  readonly peak: number;
  /** When it was first reached, epoch milliseconds. */
  readonly atMs: number;
  /** Absent: no limit. */
  readonly limit?: number;
}

/** One pool, or all that is of no pool. */
export interface PoolReport extends WaitsOverTime {
  /** Name of the pool, or {@link noPool}. */
  readonly name: string;
  /** Environment of the pool. Absent for {@link noPool}. */
  readonly environment?: string;
  /** How the pool's started jobs found their machine. */
  readonly served: ServedShares;
  /** Means over the started jobs. */
  readonly phasesMs: PhasesMs;
  /** Machines in any state but terminated, against the pool's limit. */
  readonly machines: Peak;
  /** Machines bought within the horizon; starts of stopped ones are not counted. */
  readonly bought: number;
  /** Starts of stopped machines. */
  readonly started: number;
  /** Share of the horizon in which fewer machines were ready than the schedule wanted, 0 to 1. */
  readonly belowTargetShare: number;
  /** Hours of the pool's machines by what they were for, within the horizon. */
  readonly machineHours: MachineHours;
  /** Absent: no rate is known. */
  readonly cost?: Cost;
}

/** Curves of one pool, one value per bin: means over the bin, rounded to hundredths. */
export interface PoolSeries {
  /** Name of the pool, or {@link noPool}. */
  readonly pool: string;
  /** Ready machines that the schedule wanted. */
  readonly target: readonly number[];
  /** Machines that were ready and nobody's. */
  readonly ready: readonly number[];
  /** Machines that were booting: bought or started, and not ready yet. */
  readonly booting: readonly number[];
  /** Machines that were claimed or ran a job, and those that were ending after it. */
  readonly busy: readonly number[];
  /** Stopped machines that the schedule wanted. */
  readonly stoppedTarget: readonly number[];
  /** Machines that were stopped, or on the way there. */
  readonly stopped: readonly number[];
  /** Jobs that had been queued and not started. */
  readonly waiting: readonly number[];
}

/** All curves over the horizon. */
export interface Series {
  /** Beginning of the first bin, epoch milliseconds. */
  readonly fromMs: number;
  /** Length of each bin; the last may reach over the horizon's end, and then averages what is within. */
  readonly binMs: number;
  /** One for each of {@link FleetReport.pools}, in the same order. */
  readonly pools: readonly PoolSeries[];
}

/** A job that waited long. */
export interface WorstJob {
  /** The job's id, or `#` and its place in the input, from 1. */
  readonly id: string;
  /** `owner/name`. */
  readonly repository: string;
  /** The job's `runs-on` labels. */
  readonly labels: readonly string[];
  /** Name of the pool, or {@link noPool}. */
  readonly pool: string;
  /** Epoch milliseconds. */
  readonly queuedAtMs: number;
  /** From being queued to being started, milliseconds. */
  readonly waitMs: number;
  /** How it found its machine: a ready one, a stopped one that was started, or one that was bought. */
  readonly served: keyof ServedShares;
  /** Where its wait went. */
  readonly phasesMs: PhasesMs;
  /** What the controller decided about it, oldest first. */
  readonly decisions: readonly Pick<Decision, "atMs" | "code" | "message">[];
}

/** A schedule entry that does not bind: without it, no simulated job would have waited longer. */
export interface SpareWindow {
  /** Name of the pool whose schedule has the entry. */
  readonly pool: string;
  /** Name of the schedule's entry. */
  readonly entry: string;
  /**
   * `no-effect`: without the entry the pool's target is the same at every moment of the horizon. `never-needed`: whenever a
   * job of the pool came while the entry raised the target, at least as many machines of each tier as the entry adds were
   * left over after the job had taken its own.
   */
  readonly kind: "no-effect" | "never-needed";
  /** Jobs that came while the entry raised the target. */
  readonly jobs: number;
  /** Machine-hours by which it raises the targets, hot and stopped. */
  readonly addsHours: { readonly hot: number; readonly stopped: number };
  /** What it adds to the cost of the targets over the horizon. Absent: no rate is known. */
  readonly addsUsd?: number;
}

/** A schedule entry that is active at no moment of the horizon: nothing is known of what jobs would do without it. */
export interface UntriedWindow {
  /** Name of the pool whose schedule has the entry. */
  readonly pool: string;
  /** Name of the schedule's entry. */
  readonly entry: string;
}

/** One number over several seeds. */
export interface Spread {
  /** The smallest, in the unit of the number. */
  readonly min: number;
  /** The middle one; of an even number of seeds the mean of the middle two. */
  readonly median: number;
  /** The largest. */
  readonly max: number;
  /** Of each seed, in the order of {@link SeedSpread.seeds}. */
  readonly values: readonly number[];
}

/** The same configuration and jobs under several seeds. */
export interface SeedSpread {
  /** In the order in which they were run; the first is the report's. */
  readonly seeds: readonly number[];
  /** Of {@link Waits.p50} of the whole fleet, milliseconds. */
  readonly p50Ms: Spread;
  /** Of {@link Waits.p95} of the whole fleet, milliseconds. */
  readonly p95Ms: Spread;
  /** Of {@link Waits.p99} of the whole fleet, milliseconds. */
  readonly p99Ms: Spread;
  /** Of {@link Waits.over60Share} of the whole fleet, 0 to 1. */
  readonly over60Share: Spread;
  /** Of {@link FleetReport.totalUsd}, US dollars. Absent where the report has none. */
  readonly totalUsd?: Spread;
}

/** The simulation against what GitHub recorded of the same jobs. */
export interface Baseline {
  /** Jobs that carry a recorded start and were started here. */
  readonly jobs: number;
  /** Waits that GitHub recorded of these jobs. */
  readonly recorded: Waits;
  /** Waits of the same jobs here. */
  readonly simulated: Waits;
  /** Simulated less recorded, in milliseconds, and as a share of what was recorded (absent when that is 0). */
  readonly errorP50: { readonly ms: number; readonly share?: number };
  /** The same of the 95th percentile. */
  readonly errorP95: { readonly ms: number; readonly share?: number };
}

/** What a simulation of a fleet came to. Plain JSON; the same inputs give the same bytes. */
export interface FleetReport extends WaitsOverTime {
  /** Form of this report. */
  readonly version: 1;
  /** The seed that decided boot times, delays and interruptions; with several, the first. */
  readonly seed: number;
  /** `Catalog.version` of the configuration. */
  readonly catalogVersion: string;
  /** What was simulated, epoch milliseconds: `toMs` is not included. */
  readonly horizon: { readonly fromMs: number; readonly toMs: number };
  /** IANA time zone of {@link WeekHourWaits.hour}. */
  readonly timeZone: string;
  /** What the numbers rest on, and what they leave out: read it before them. */
  readonly trust: Trust;
  /** What every job that was handed in became. */
  readonly jobs: JobCounts;
  /** Absent: no rates, or some machines have none ({@link Trust.unpriced}). */
  readonly totalUsd?: number;
  /** Of all pools that have a rate. Absent: none has. */
  readonly cost?: Cost;
  /** Hours of all machines by what they were for, whether they have a rate or not. */
  readonly machineHours: MachineHours;
  /** How the started jobs of all pools found their machine. */
  readonly served: ServedShares;
  /** Means over the started jobs. */
  readonly phasesMs: PhasesMs;
  /** In the catalog's order; {@link noPool} last, only when it had jobs or machines. */
  readonly pools: readonly PoolReport[];
  /** Machines of each environment in any state but terminated. */
  readonly environments: readonly (Peak & { readonly name: string })[];
  /** Jobs of a repository that have a machine at once: those with a limit, and the ten with the highest peak. */
  readonly repositories: readonly (Peak & { readonly name: string })[];
  /** Machines and waiting jobs of each pool over the horizon, in bins of five minutes. */
  readonly series: Series;
  /** The ten started jobs that waited longest, the longest first. */
  readonly worst: readonly WorstJob[];
  /** Schedule entries that these jobs did not need. Empty: none was found. */
  readonly spareWindows: readonly SpareWindow[];
  /** Schedule entries of which these jobs tell nothing, because they never fall into the horizon. */
  readonly untriedWindows: readonly UntriedWindow[];
  /** Absent: one seed was run. */
  readonly spread?: SeedSpread;
  /** Absent: no job carries a recorded start. */
  readonly baseline?: Baseline;
}
