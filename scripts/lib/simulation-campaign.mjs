import { kitUrl } from "./simulation-crew.mjs";
import { reportFailure } from "./simulation-failure.mjs";
import { printReport, sumOf } from "./simulation-report.mjs";
import { createProgress } from "./table.mjs";

/**
 * @typedef {import("./simulation-crew.mjs").Crew} Crew
 * @typedef {object} Campaign
 * @property {readonly number[]} seeds
 * @property {number} hours
 * @property {number} cores
 * @property {number} shrink How many seeds with violations are shrunk.
 * @property {string} [name] How its last line begins.
 * @property {string | undefined} [mutant]
 * @property {readonly string[] | undefined} [faults] The only ones that happen.
 * @property {boolean} [trace]
 * @property {boolean} [json]
 * @property {boolean} [short] Without tables.
 * @property {number} [enoughMs] No more seeds are begun after it, milliseconds.
 */

/**
 * Runs many seeds and says what was found. Answers how many seeds had violations.
 *
 * @param {Crew} crew
 * @param {Campaign} campaign
 */
export async function runCampaign(crew, campaign) {
  const { seeds, hours, cores, shrink, mutant, faults } = campaign;
  const optionsOf = (/** @type {number} */ seed) => ({
    seed,
    hours,
    ...(mutant === undefined ? {} : { mutant }),
    ...(faults === undefined ? {} : { onlyFaults: faults }),
  });
  const startedMs = performance.now();
  const progress = createProgress(seeds.length, "seeds");
  let bad = 0;
  const live = async (/** @type {number} */ seed) => {
    const wantsTrace = seeds.length === 1;
    const result = await crew.run({ options: optionsOf(seed), wantsTrace });
    if (result.error || result.violations.length > 0) bad += 1;
    progress.step(`, ${bad} with violations`);
    return { ...result, seed };
  };
  const { enoughMs } = campaign;
  const together = enoughMs === undefined ? seeds.length : 4 * cores;
  const results = [];
  while (results.length < seeds.length) {
    if (enoughMs !== undefined && performance.now() - startedMs >= enoughMs) break;
    const next = seeds.slice(results.length, results.length + together);
    results.push(...(await Promise.all(next.map(live))));
  }
  const tookS = (performance.now() - startedMs) / 1_000;
  progress.clear();
  const failed = results.filter(({ error, violations }) => error || violations.length > 0);
  for (const [index, result] of failed.entries()) {
    const isShrunk = index < shrink;
    await reportFailure(crew, result, optionsOf(result.seed), { ...campaign, isShrunk });
  }
  const kit = await import(kitUrl);
  const sums = sumOf(results);
  const missed = kit.unreached(results.flatMap(({ reached }) => reached ?? []));
  if (campaign.json) {
    const bare = failed.map(({ seed, violations, error }) => ({ seed, violations, error }));
    console.log(JSON.stringify({ seeds, hours, tookS, sums, failed: bare, unreached: missed }));
  } else if (!campaign.short) printReport(results, sums, missed);
  const perSecond = (/** @type {string} */ name) => ((sums[name] ?? 0) / tookS / cores).toFixed(1);
  const left = seeds.length - results.length;
  const { name = `${seeds.length} seeds x ${hours} h from ${seeds[0]}` } = campaign;
  console.log(
    `${name}${left > 0 ? `, ${left} left out for want of time` : ""}: ${failed.length} with violations, ${sums.jobs ?? 0} jobs, ${sums.faults ?? 0} faults, ${sums.oracleChecks ?? 0} checks, ${sums.hours ?? 0} virtual hours in ${tookS.toFixed(0)} s; per second and core: ${perSecond("hours")} virtual hours, ${perSecond("jobs")} jobs, ${perSecond("portCalls")} port calls`,
  );
  return failed.length;
}
