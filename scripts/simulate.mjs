// Runs simulations of many seeds on all cores and judges them: `pnpm simulate --help`.
import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { setUp } from "./lib/setup.mjs";
import { help, readArguments } from "./lib/simulation-arguments.mjs";
import { runCampaign } from "./lib/simulation-campaign.mjs";
import { createCrew } from "./lib/simulation-crew.mjs";
import { runMutants } from "./lib/simulation-mutants.mjs";

/** What the gate runs: the same seeds each time, and some that nobody has seen. */
const slice = { fixed: 40, fresh: 10, hours: 3 };
/** On a busy machine the gate has lived through enough after so long, milliseconds: all of them take 45 s on a quiet one. */
const enoughMs = 100_000;

const asked = readArguments();
if (asked === undefined) process.exitCode = 2;
else if (asked.help) console.log(help);
else process.exitCode = (await main(asked)) ? 0 : 1;

/** Answers whether all is well. */
async function main(/** @type {import("./lib/simulation-arguments.mjs").Arguments} */ asked) {
  if (!asked.ready) await setUp();
  const { seed = 1, seeds: count, hours = 24, workers = availableParallelism() } = asked;
  const crew = createCrew(workers);
  try {
    if (asked.mutants) return await runMutants(crew, asked);
    if (asked.slice) return await runSlice(crew, workers);
    const seeds = Array.from({ length: count }, (_, index) => seed + index);
    if (asked.traceHash) return await printHashes(crew, seeds, hours, asked.faults);
    const cores = Math.min(workers, count);
    return (await runCampaign(crew, { ...asked, seeds, hours, cores })) === 0;
  } finally {
    await crew.end();
  }
}

/** The seeds of the gate: fresh ones follow from `RUNS_FLEET_SLICE`, so that a red run can be repeated. */
async function runSlice(
  /** @type {import("./lib/simulation-crew.mjs").Crew} */ crew,
  /** @type {number} */ cores,
) {
  const { fixed, fresh, hours } = slice;
  const number = Number(process.env.RUNS_FLEET_SLICE ?? Date.now());
  const first = 1_000 + (Math.trunc(number) % 1_000_000) * fresh;
  const seeds = [
    ...Array.from({ length: fresh }, (_, index) => first + index),
    ...Array.from({ length: fixed }, (_, index) => index + 1),
  ];
  const name = `${fixed} fixed seeds and ${fresh} fresh ones from ${first} x ${hours} h`;
  const campaign = { seeds, hours, cores, shrink: 1, name, short: true, enoughMs };
  return (await runCampaign(crew, campaign)) === 0;
}

/** What must be the same on every run and every Node. */
async function printHashes(
  /** @type {import("./lib/simulation-crew.mjs").Crew} */ crew,
  /** @type {readonly number[]} */ seeds,
  /** @type {number} */ hours,
  /** @type {readonly string[] | undefined} */ onlyFaults,
) {
  const tasks = seeds.map(async (seed) => {
    const options = { seed, hours, ...(onlyFaults === undefined ? {} : { onlyFaults }) };
    const { trace = "", error } = await crew.run({ options, wantsTrace: true });
    const hash = createHash("sha256").update(trace).digest("hex");
    return { line: `${seed} ${error ?? hash} ${trace.length}`, isWell: error === undefined };
  });
  const results = await Promise.all(tasks);
  for (const { line } of results) console.log(line);
  return results.every(({ isWell }) => isWell);
}
