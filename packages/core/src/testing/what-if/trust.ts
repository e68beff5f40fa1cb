import { bootProfileOf } from "./luck.ts";
import type { BootProfiles, DelayProfile } from "./options.ts";
import type { Provenance, Trust } from "./report.ts";
import type { Witness } from "./witness.ts";

/** What the simulated world does not have. */
const notModelled: readonly string[] = Object.freeze([
  "Nothing fails: no webhook, message, call or machine is lost or refused, and capacity is never short.",
  "Spot machines are always to be had, at the rate that was given; interruptions come only at the rate that was asked for. A job that loses its machine is lost: re-runs are not simulated.",
  "Jobs take as long as they were recorded or generated, on whichever machine they run; jobs that need one another are queued when they were queued.",
  "Delays and boot times are drawn from four points of their distribution, each independent of the others and of the hour.",
  "Machines are bought as fast as EC2 takes RunInstances from an account that asked for no more; CreateFleet takes more.",
  "GitHub and the provider answer at once; the time that a registration takes passes before the machine hears of it.",
  "A machine's agent hears of its assignment after a drawn delay instead of looking, and reports that it has read it when its runner is there.",
  "Word of starts and ends reaches the controller without delay; word of queued jobs does not.",
  "Leases are renewed every 12 hours and GitHub is swept every 30 minutes: where nothing is lost this changes nothing that is measured. Listings every 60 s, dwell times and deadlines are the product's own.",
  "Each environment and region has one controller that never restarts; a lead that is learnt is unknown at the beginning.",
  "Every owner is an organisation, every runner group that a policy names exists and lets in the repositories that the policy sends to it.",
  "No repository narrows what it is allowed by a file of its own, and no developer is told of a job that waits.",
  "A job without a region goes to the first one that it may use; regions do not stand in for one another.",
  "Costs are machine-hours times the given rates: no minimum charges, traffic, storage of images or logs.",
]);

const day = 86_400_000;
const sixHoursMs = 6 * 60 * 60_000;
const fewJobs = 100;

const unknownRates: Provenance = {
  source: "Given without a source",
  date: "unknown",
};

/** Says what a report can be trusted for, its lists of jobs aside. */
export function trustOf(options: {
  readonly witness: Witness;
  readonly boots: BootProfiles | undefined;
  readonly delays: DelayProfile;
  readonly ratesFrom: Provenance | undefined;
  readonly priced: readonly string[];
  readonly unpriced: readonly string[];
  readonly hasRates: boolean;
  readonly horizonMs: number;
  readonly furtherWarnings: readonly string[];
}): Omit<Trust, "leftOut" | "unserved"> {
  const { witness, boots, delays, ratesFrom = unknownRates, priced, unpriced } = options;
  const uses = new Map<string, { machines: number; source: string; date: string }>();
  for (const { pool, os } of witness.machines.values()) {
    const { for: name, profile } = bootProfileOf(pool, os, boots);
    const { source, date } = profile;
    const use = uses.get(name) ?? { machines: 0, source, date };
    uses.set(name, use);
    use.machines += 1;
  }
  const long = witness.lives.filter(({ job }) => job.durationMs > sixHoursMs).length;
  const warnings = [
    ...(boots === undefined
      ? [
          "Boot times are those published by others: measure your own image before you trust a wait.",
        ]
      : []),
    ...(options.horizonMs < 7 * day
      ? ["Less than a week was simulated: hours of the week and weekly costs rest on few of them."]
      : []),
    ...(witness.lives.length < fewJobs
      ? [`Only ${witness.lives.length} jobs were simulated: quantiles of so few say little.`]
      : []),
    ...(long > 0
      ? [`${long} jobs run longer than the 6 hours after which their machine is ended.`]
      : []),
    ...options.furtherWarnings,
  ];
  return {
    boots: [...uses]
      .sort((left, right) => (left[0] < right[0] ? -1 : 1))
      .map(([name, use]) => ({ for: name, ...use })),
    delays: { source: delays.source, date: delays.date },
    ...(options.hasRates
      ? { rates: { source: ratesFrom.source, date: ratesFrom.date, pools: priced } }
      : {}),
    unpriced,
    notModelled,
    warnings,
  };
}
