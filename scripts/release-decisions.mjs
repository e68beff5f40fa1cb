// A million decisions about which machines go, through the real plans, in the hands of an adversary: does one end a machine
// that has work? `node scripts/release-decisions.mjs [--decisions N] [--seed S]`
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "tsup";
import { createProgress, table } from "./lib/table.mjs";
import { root } from "./lib/workspace.mjs";

const { values } = parseArgs({
  options: {
    decisions: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
  },
});
const decisions = Number(values.decisions);
const seed = Number(values.seed);
if (!Number.isSafeInteger(decisions) || decisions < 1 || !Number.isSafeInteger(seed)) {
  console.error("--decisions and --seed must be whole numbers");
  process.exit(2);
}

const { judgeReleases, fatalRules, wrongRules } = await fromSource();
const startedMs = performance.now();
const steps = 20;
const progress = createProgress(steps, "parts");
let step = 1;
const tally = judgeReleases({
  seed,
  decisions,
  onProgress: (/** @type {number} */ done) => {
    for (; step <= steps && done >= (decisions * step) / steps; step += 1) progress.step();
  },
});
progress.clear();
const tookS = (performance.now() - startedMs) / 1_000;

const share = (/** @type {number} */ count) =>
  `${count} (${((100 * count) / tally.decisions.planRetirements).toFixed(1)} %)`;
console.log("\nA decision is one machine, looked at once by one plan that may end it.\n");
console.log(
  table([
    ["plan", "decisions"],
    ...Object.entries(tally.decisions).map(([plan, count]) => [plan, String(count)]),
    ["of planRetirements: at work in truth", share(tally.atWork)],
    ["of planRetirements: at work and unknown to the books", share(tally.unknownToBooks)],
  ]),
);
const released = [...tally.released].sort(([left], [right]) => (left < right ? -1 : 1));
const rows = released.map(([name, count]) => [name, String(count)]);
console.log(`\n${table([["ended or stopped", "times"], ...rows])}\n`);
for (const kill of tally.kills) console.log(`BUSY KILL ${kill}`);

// The judge has to be able to say no.
const wrong = fatalRules.map((/** @type {string} */ name) => {
  const { kills, decisions: counts } = judgeReleases({ seed, decisions, rules: wrongRules(name) });
  return { name, after: counts.planRetirements, found: kills[0] };
});
console.log(
  table([
    ["wrong rule", "caught after", "as"],
    .../** @type {{ name: string, after: number, found: string | undefined }[]} */ (wrong).map(
      ({ name, after, found }) => [name, `${after} decisions`, found ?? "NOT CAUGHT"],
    ),
  ]),
);
const caught = wrong.filter(({ found }) => found !== undefined).length;
console.log(
  `\n${tally.decisions.planRetirements} release decisions in ${tookS.toFixed(0)} s: ${tally.kills.length} busy kills, ${tally.scenes} scenes, ${share(tally.atWork)} of the machines at work; ${caught} of ${wrong.length} wrong rules caught`,
);
process.exitCode = tally.kills.length === 0 && caught === wrong.length ? 0 : 1;

/** The plans are in no package's exports: bundled from their sources. */
async function fromSource() {
  const outDir = mkdtempSync(join(tmpdir(), "runs-fleet-releases-"));
  try {
    await build({
      entry: { releases: join(root, "packages/core/test/releases/judge-releases.ts") },
      outDir,
      format: "esm",
      target: "node20",
      config: false,
      silent: true,
      noExternal: [/.*/],
      outExtension: () => ({ js: ".mjs" }),
      // Sources of sibling packages need no build.
      esbuildOptions: (options) => {
        options.conditions = ["@runs-fleet/source"];
      },
    });
    return await import(pathToFileURL(join(outDir, "releases.mjs")).href);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
