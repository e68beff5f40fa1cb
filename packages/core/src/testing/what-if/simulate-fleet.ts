import { admitJobs } from "./admit-jobs.ts";
import { checkOptions } from "./check-options.ts";
import { live } from "./live.ts";
import { makeReport, withSpread } from "./make-report.ts";
import type { SimulateFleetOptions } from "./options.ts";
import { defaultDelays } from "./profiles.ts";
import type { FleetReport } from "./report.ts";

/**
 * Tries a configuration: lets the real orchestrators serve the jobs in virtual time, on machines that boot as slowly as they
 * are said to, and tells what the jobs waited and what the machines cost.
 *
 * The same options give the same report, to the byte of its JSON. Luck belongs to jobs and machines, not to the
 * configuration: two configurations under one seed differ by what they do.
 *
 * @throws A `TypeError` or `RangeError` for options that cannot work; the signal's reason once it aborts.
 */
export async function simulateFleet(options: SimulateFleetOptions): Promise<FleetReport> {
  const { catalog, jobs, seed, seeds = 1, boots, signal } = options;
  const {
    delays = defaultDelays,
    interruptionsPerHour = 0,
    onProgress = () => undefined,
  } = options;
  const horizon = checkOptions(options);
  const reports: FleetReport[] = [];
  for (let run = 0; run < seeds; run += 1) {
    signal?.throwIfAborted();
    const { lives, leftOut } = admitJobs(catalog, jobs, horizon);
    const lived = await live({
      catalog,
      lives,
      horizon,
      seed: seed + run,
      boots,
      delays,
      interruptionsPerHour,
      onProgress: (part) => onProgress((run + part) / seeds),
      signal,
    });
    reports.push(makeReport(options, lived, leftOut, delays, horizon));
  }
  const [first, ...others] = reports;
  if (first === undefined) throw new RangeError("seeds must be at least 1");
  return withSpread([first, ...others]);
}
