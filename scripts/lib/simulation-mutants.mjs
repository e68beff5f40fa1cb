import { kitUrl } from "./simulation-crew.mjs";
import { createProgress, table } from "./table.mjs";

/** A bug has to be caught in one of so many short simulations. */
const seedsEach = 4;
const defaultHours = 3;
/** At most this part of the bugs may go unnoticed. */
const mayMiss = 0.1;

/**
 * Plants every bug, and lets the same worlds live without one. Answers whether enough were caught, each by its own oracle.
 *
 * @param {import("./simulation-crew.mjs").Crew} crew
 * @param {{ seed?: number | undefined, hours?: number | undefined, json?: boolean, short?: boolean }} options
 */
export async function runMutants(crew, { seed = 1, hours = defaultHours, json, short }) {
  const { mutantFacts } = await import(kitUrl);
  const seeds = Array.from({ length: seedsEach }, (_, index) => seed + index);
  const names = Object.keys(mutantFacts);
  const progress = createProgress(names.length + seeds.length, "simulations");
  const control = seeds.map(async (own) => {
    const result = await crew.run({ options: { seed: own, hours } });
    progress.step();
    return result.error ?? result.violations[0]?.detail;
  });
  const rows = await Promise.all(
    names.map(async (mutant) => {
      const row = await plant(crew, mutant, mutantFacts[mutant], seeds, hours);
      progress.step();
      return row;
    }),
  );
  const spoilt = (await Promise.all(control)).filter((problem) => problem !== undefined);
  progress.clear();
  const caught = rows.filter((row) => row.caught).length;
  const least = Math.ceil(names.length * (1 - mayMiss));
  const missed = rows.filter((row) => !row.caught).map(({ mutant }) => mutant);
  if (json) console.log(JSON.stringify({ rows, spoilt }));
  else if (!short || caught < least) console.log(`\n${tableOf(rows)}\n`);
  for (const problem of spoilt) console.log(`without a bug: ${problem}`);
  console.log(
    `${caught} of ${rows.length} planted bugs caught by their oracle, ${least} must be${missed.length > 0 ? `; not caught: ${missed.join(", ")}` : ""}; ${seeds.length - spoilt.length} of ${seeds.length} sound worlds found sound`,
  );
  return caught >= least && spoilt.length === 0;
}

/** One seed after another until its oracle notices. */
async function plant(
  /** @type {import("./simulation-crew.mjs").Crew} */ crew,
  /** @type {string} */ mutant,
  /** @type {{ note: string, caughtBy: string }} */ { note, caughtBy },
  /** @type {readonly number[]} */ seeds,
  /** @type {number} */ hours,
) {
  /** @type {Set<string>} */
  const also = new Set();
  let error;
  for (const seed of seeds) {
    const options = { seed, hours, mutant, until: caughtBy };
    const result = await crew.run({ options });
    error ??= result.error;
    const violations = result.violations ?? [];
    for (const { invariant } of violations) if (invariant !== caughtBy) also.add(invariant);
    const found = violations.find((/** @type {any} */ { invariant }) => invariant === caughtBy);
    if (!found) continue;
    const { detail } = found;
    const atHour = (found.atMs - result.startMs) / 3_600_000;
    return { mutant, note, caughtBy, caught: true, seed, atHour, detail, also: [...also], error };
  }
  return { mutant, note, caughtBy, caught: false, also: [...also], error };
}

function tableOf(/** @type {readonly any[]} */ rows) {
  return table([
    ["planted bug", "field note", "oracle", "caught", "seed", "at hour", "also found"],
    ...rows.map(({ mutant, note, caughtBy, caught, seed, atHour, also, error }) => [
      mutant,
      note,
      caughtBy,
      caught ? "yes" : "NO",
      seed === undefined ? "" : String(seed),
      atHour === undefined ? "" : atHour.toFixed(2),
      [...also, ...(error ? [`FAILED: ${error}`] : [])].join(" "),
    ]),
  ]);
}
