// Tries emulators with the rules that our fakes keep: node scripts/conformance.mjs. Starts what it needs, and ends it.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { findMoto, startMoto } from "./lib/moto.mjs";
import { run, seconds } from "./lib/steps.mjs";
import { root } from "./lib/workspace.mjs";

/** What no emulator here can show; said at every run, so that nobody takes silence for a proof. */
const notRun = [
  "conditional writes under concurrency: moto checks and writes without a lock; scripts/aws.mjs tries them on DynamoDB Local",
  "expiry by TTL: moto never deletes",
  "order in groups of a FIFO queue: moto breaks it; scripts/aws.mjs tries it on fauxqs",
  "capacity, quotas, buckets, stale reads, spot notices: no emulator has them",
];

const config = "packages/core/test/conformance/vitest.config.ts";
const report = join(root, "node_modules", ".runs-fleet", "conformance.json");
const begin = Date.now();

try {
  process.exitCode = await main();
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  console.log(`NOT RUN: no rule was tried with an emulator.\n${why}`);
  process.exitCode = 1;
}

async function main() {
  const { python, version } = await findMoto();
  const moto = await startMoto(python);
  try {
    return await tryWith(moto.url, version);
  } finally {
    await moto.stop();
  }
}

async function tryWith(/** @type {string} */ url, /** @type {string} */ version) {
  mkdirSync(join(report, ".."), { recursive: true });
  rmSync(report, { force: true });
  const { code, output } = await run(
    process.execPath,
    [
      join(root, "node_modules", "vitest", "vitest.mjs"),
      "run",
      `--config=${config}`,
      "--reporter=default",
      "--reporter=json",
      `--outputFile=${report}`,
    ],
    { cwd: root, env: { ...process.env, RUNS_FLEET_MOTO_URL: url }, limitMs: 120_000 },
  );
  if (!existsSync(report)) {
    console.log(output);
    return 1;
  }
  const { testResults } = JSON.parse(readFileSync(report, "utf8"));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === "passed");
  const deviations = passed.filter(({ title }) => title.startsWith("deviates: "));
  if (code !== 0 || passed.length < tests.length) console.log(output);
  console.log(`moto ${version} deviates, as was written down:`);
  for (const { title } of deviations) console.log(`  ${title.slice("deviates: ".length)}`);
  console.log("Not run:");
  for (const what of notRun) console.log(`  ${what}`);
  const agree = passed.length - deviations.length;
  const failed = tests.length - passed.length;
  console.log(
    `conformance: ${tests.length} rules tried with moto ${version} in ${seconds(Date.now() - begin)}: ${agree} agree, ${deviations.length} deviate as written down, ${failed} failed`,
  );
  return code !== 0 || failed > 0 || tests.length === 0 ? 1 : 0;
}
