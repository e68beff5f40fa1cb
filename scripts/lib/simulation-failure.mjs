/** Trace lines shown before a violation. */
const linesBefore = 40;
const mostShown = 5;
/** Simulations that shrinking one seed may take. */
const mostTries = 24;

/**
 * Says what was found in a seed, how to see it again, and which faults it takes.
 *
 * @param {import("./simulation-crew.mjs").Crew} crew
 * @param {any} result
 * @param {any} options
 * @param {import("./simulation-campaign.mjs").Campaign & { isShrunk: boolean }} how
 */
export async function reportFailure(crew, result, options, { hours, mutant, faults, ...how }) {
  const command = `pnpm simulate --seeds 1 --seed ${result.seed} --hours ${hours}${mutant === undefined ? "" : ` --mutant ${mutant}`}`;
  console.log(`\nseed ${result.seed}`);
  if (result.error) {
    console.log(`  the simulation itself failed: ${result.error}\n  ${command}`);
    return;
  }
  for (const { invariant, atMs, detail } of result.violations.slice(0, mostShown)) {
    console.log(`  ${invariant} at ${new Date(atMs).toISOString()}: ${detail}`);
  }
  const more = result.violations.length - mostShown;
  if (more > 0) console.log(`  and ${more} more`);
  let last = result;
  let suffice = faults;
  if (how.isShrunk && faults === undefined) {
    last = await shrinkFaults(crew, result, options);
    suffice = last.faults;
    console.log(`  ${last.faults.length} of ${result.faults.length} faults suffice`);
  }
  console.log(`  ${command}${suffice === undefined ? "" : ` --faults '${suffice.join(",")}'`}`);
  if (!how.trace && !how.isShrunk) return;
  const lines = last.trace.split("\n");
  const at = lines.findIndex((/** @type {string} */ line) => line.includes("VIOLATION"));
  const shown = how.trace ? lines : lines.slice(Math.max(0, at - linesBefore), at + 1);
  console.log(shown.map((line) => `    ${line}`).join("\n"));
}

/**
 * Drops faults, halves first, as long as the first violation's invariant is still violated.
 *
 * @param {import("./simulation-crew.mjs").Crew} crew
 * @param {any} result
 * @param {any} options
 */
async function shrinkFaults(crew, result, options) {
  const until = result.violations[0].invariant;
  let best = result;
  let size = Math.ceil(best.faults.length / 2);
  let tries = mostTries;
  while (size >= 1 && tries > 0) {
    let dropped = false;
    for (let from = 0; from < best.faults.length && tries > 0; ) {
      tries -= 1;
      const kept = best.faults.filter((_, index) => index < from || index >= from + size);
      const task = { options: { ...options, onlyFaults: kept, until }, wantsTrace: true };
      const next = await crew.run(task);
      if (next.violations?.some(({ invariant }) => invariant === until)) {
        best = next;
        dropped = true;
      } else from += size;
    }
    if (size === 1 && !dropped) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return best;
}
