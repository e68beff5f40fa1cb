// Lets the real controller live a week of virtual time, prints what it comes to, and fails when something does not hold.
//
//   node packages/core/scripts/simulated-week.mjs --help
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { build } from "tsup";

const help = `A simulated week: the real controller on a virtual clock, with a fake GitHub and machines that take a minute to boot

  node packages/core/scripts/simulated-week.mjs [options]

  --seed N      first seed; another one makes other jobs and failures. Default: 1
  --seeds N     how many seeds, one after the other. Default: 1
  --week NAME   spring (167 h, Good Friday) or autumn (169 h, a day off). Default: spring
  --scale X     multiplies pools and jobs, above 0 and up to 4. Default: 1
  --svg FILE    also draws the (last) week into a file
  --brief       one line for each seed, and what does not hold
  --help        this text

Ends with 1 when something does not hold. A week takes about 20 s on one processor.
`;

/** Says what is wrong with the arguments, and ends. */
function refuse(/** @type {string} */ problem) {
  process.stderr.write(`${problem}\n\nSee --help\n`);
  process.exit(2);
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        seed: { type: "string", default: "1" },
        seeds: { type: "string", default: "1" },
        week: { type: "string", default: "spring" },
        scale: { type: "string", default: "1" },
        svg: { type: "string" },
        brief: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return refuse(/** @type {Error} */ (error).message);
  }
}

/** The modules of the week, bundled from their sources: they are no part of the package. */
async function load() {
  const outDir = mkdtempSync(join(tmpdir(), "runs-fleet-week-"));
  try {
    await build({
      entry: { week: fileURLToPath(new URL("../test/week/index.ts", import.meta.url)) },
      outDir,
      format: "esm",
      target: "node20",
      config: false,
      silent: true,
      noExternal: [/.*/],
      outExtension: () => ({ js: ".mjs" }),
      esbuildOptions: (options) => {
        options.conditions = ["@runs-fleet/source"];
      },
    });
    return await import(pathToFileURL(join(outDir, "week.mjs")).href);
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}

const values = readArguments();
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const [seed, seeds, scale] = [Number(values.seed), Number(values.seeds), Number(values.scale)];
if (!Number.isSafeInteger(seed) || seed < 0) refuse("--seed must be a whole number, 0 or more");
if (!Number.isSafeInteger(seeds) || seeds < 1) refuse("--seeds must be a whole number, 1 or more");
if (!(scale > 0 && scale <= 4)) refuse("--scale must be above 0 and at most 4");

const { drawWeek, judgeWeek, liveWeek, reportWeek, weeks } = await load();
if (!Object.hasOwn(weeks, values.week)) refuse("--week must be spring or autumn");
const isTerminal = process.stderr.isTTY === true;

let wrong = 0;
for (let number = seed; number < seed + seeds; number++) {
  const startedMs = performance.now();
  let tenths = 0;
  const lived = await liveWeek({
    week: weeks[values.week],
    seed: number,
    scale,
    onProgress: (/** @type {number} */ part) => {
      if (isTerminal) process.stderr.write(`\r· seed ${number}: ${Math.floor(part * 100)} % `);
      else if (Math.floor(part * 10) > tenths) {
        tenths = Math.floor(part * 10);
        process.stderr.write(`· seed ${number}: ${tenths * 10} %\n`);
      }
    },
  });
  if (isTerminal) process.stderr.write("\r\x1b[K");
  const judgement = judgeWeek(lived);
  const failed = judgement.verdicts.filter((/** @type {{ holds: boolean }} */ { holds }) => !holds);
  wrong += failed.length;
  const took = `${((performance.now() - startedMs) / 1_000).toFixed(1)} s`;
  if (values.brief) printBrief(number, judgement, failed, took);
  else console.log(`${reportWeek(lived, judgement).join("\n")}\n\nTook ${took}.\n`);
  if (values.svg !== undefined) writeFileSync(values.svg, drawWeek(lived, judgement));
}
if (seeds > 1) console.log(`${seeds} weeks, ${wrong} things that do not hold`);
process.exitCode = wrong === 0 ? 0 : 1;

/** One line, and what does not hold. */
function printBrief(
  /** @type {number} */ number,
  /** @type {any} */ { pools, overshoot, usd, waits, bought },
  /** @type {readonly { name: string, told: string }[]} */ failed,
  /** @type {string} */ took,
) {
  const windows = pools.flatMap((/** @type {any} */ pool) => pool.windows);
  const least = Math.min(1, ...windows.map((/** @type {any} */ window) => window.least));
  const plain = Math.min(1, ...windows.map((/** @type {any} */ window) => window.plain));
  const longest = Math.max(...pools.map((/** @type {any} */ pool) => pool.hours.longestBelowMs));
  const s = (/** @type {number} */ ms) => (ms / 1_000).toFixed(1);
  console.log(
    `seed ${number}: ready ${least.toFixed(3)} in ${windows.length} windows (${plain.toFixed(3)} without excuses), overshoot ${(overshoot * 100).toFixed(2)} %, below at most ${s(longest)} s, ${usd.spare.toFixed(2)} of ${usd.alwaysOn.toFixed(2)} USD, p95 hot ${s(waits.hot.p95Ms)} stopped ${s(waits.stopped.p95Ms)} cold ${s(waits.cold.p95Ms)} s, ${bought} bought; ${failed.length === 0 ? "all holds" : "WRONG"} (${took})`,
  );
  for (const { name, told } of failed) console.log(`  WRONG ${name}: ${told}`);
}
