import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pnpm } from "./setup.mjs";
import { run } from "./steps.mjs";
import { packages, root } from "./workspace.mjs";

/**
 * @typedef {{ ok: boolean, log: string, note?: string, tests?: { passed: number, failed: number } }} Verdict
 * @typedef {{ name: string, budgetSeconds: number, check(settings: Settings): Promise<Verdict> }} Gate
 * @typedef {{ full: boolean, env: NodeJS.ProcessEnv }} Settings
 */

const bin = (/** @type {string} */ file) => join(root, "node_modules", file);

/** Runs a Node program of the checkout; the gate is green when it exits 0. */
async function node(/** @type {string[]} */ args, /** @type {Settings} */ { env }, cwd = root) {
  const { code, output } = await run(process.execPath, args, { cwd, env });
  return { ok: code === 0, log: output };
}

/** {@link node}, with the program's last line as the note of the gate. */
async function summed(/** @type {string[]} */ args, /** @type {Settings} */ settings) {
  const verdict = await node(args, settings);
  return { ...verdict, note: verdict.log.trimEnd().split("\n").at(-1) ?? "" };
}

/** The same program in every published package, one after the other. */
async function inEveryPackage(/** @type {string[]} */ args, /** @type {Settings} */ settings) {
  let log = "";
  let ok = true;
  for (const { folder } of packages()) {
    const verdict = await node(args, settings, join(root, folder));
    log += verdict.ok ? `${folder}: ok\n` : `${folder}:\n${verdict.log}\n`;
    ok &&= verdict.ok;
  }
  return { ok, log };
}

/** The vitest run of `npm test`, read from its JSON report: exit codes alone do not tell that nothing ran. */
async function tests(/** @type {Settings} */ { env, full }) {
  const report = join(root, "node_modules", ".runs-fleet", "tests.json");
  mkdirSync(dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const { code, output } = await run("npm", ["test"], {
    cwd: root,
    env: { ...env, RUNS_FLEET_TEST_REPORT: report },
    limitMs: full ? 60 * 60_000 : 13.5 * 60_000,
    // What the slow reporter says must be read before a machine that runs us loses its patience.
    onLine: (line) => line.startsWith(" … ") && console.log(line),
  });
  if (!existsSync(report)) return { ok: false, log: output, note: "ended without a report" };
  return { log: output, ...judge(code, JSON.parse(readFileSync(report, "utf8"))) };
}

/**
 * Whether a run of vitest is green: it ended well, something ran, nothing failed, nothing was skipped.
 *
 * @param {number} code
 * @param {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number }} report
 */
export function judge(code, report) {
  const tests = { passed: report.numPassedTests, failed: report.numFailedTests };
  const skipped = report.numPendingTests + report.numTodoTests;
  const ok = code === 0 && tests.failed === 0 && tests.passed > 0 && skipped === 0;
  return { ok, note: `${tests.passed} passed, ${tests.failed} failed, ${skipped} skipped`, tests };
}

/** Declarations of the packages in the order of their dependencies; the JavaScript is there already. */
async function declarations() {
  const { code, output } = await pnpm([
    "-r",
    "--sort",
    "--filter",
    "./packages/*",
    "run",
    "build:types",
  ]);
  return { ok: code === 0, log: output };
}

/** Checks that read sources and packages. They run one after the other, beside the tests. */
export const staticGates = /** @type {Gate[]} */ ([
  {
    name: "format and lint",
    budgetSeconds: 15,
    check: (settings) =>
      node(
        [
          bin("@biomejs/biome/bin/biome"),
          "ci",
          "--colors=off",
          "--error-on-warnings",
          "--max-diagnostics=200",
          ".",
        ],
        settings,
      ),
  },
  {
    name: "manifests, changesets",
    budgetSeconds: 5,
    check: (settings) => node(["scripts/manifests.mjs"], settings),
  },
  {
    name: "types",
    budgetSeconds: 60,
    check: (settings) => node([bin("typescript/bin/tsc"), "-b"], settings),
  },
  { name: "declarations", budgetSeconds: 60, check: declarations },
  {
    name: "unused code",
    budgetSeconds: 20,
    check: (settings) =>
      node([bin("knip/bin/knip.js"), "--treat-config-hints-as-errors"], settings),
  },
  {
    name: "publint",
    budgetSeconds: 20,
    check: (settings) => inEveryPackage([bin("publint/src/cli.js"), "--strict"], settings),
  },
  {
    name: "are the types wrong",
    budgetSeconds: 45,
    check: (settings) =>
      inEveryPackage(
        [bin("@arethetypeswrong/cli/dist/index.js"), "--pack", ".", "--profile", "esm-only"],
        settings,
      ),
  },
  {
    name: "packed consumer",
    budgetSeconds: 30,
    check: (settings) => node(["scripts/consumer.mjs"], settings),
  },
  {
    name: "size budgets",
    budgetSeconds: 20,
    check: (settings) => node([bin("size-limit/bin.js")], settings),
  },
  {
    name: "API reports",
    budgetSeconds: 30,
    check: (settings) => node(["scripts/api.mjs"], settings),
  },
  {
    name: "API documentation",
    budgetSeconds: 60,
    check: (settings) => node([bin("typedoc/bin/typedoc")], settings),
  },
  {
    name: "code and links in pages",
    budgetSeconds: 5,
    check: (settings) => node(["scripts/readme.mjs", "--check"], settings),
  },
  {
    // Some 10 s; half a minute more where cfn-lint has to be installed first.
    name: "CloudFormation templates",
    budgetSeconds: 45,
    check: (settings) => summed(["scripts/stack.mjs"], settings),
  },
  {
    // Some 8 s; half a minute more where moto has to be installed first.
    name: "conformance with emulators",
    budgetSeconds: 60,
    check: (settings) => summed(["scripts/conformance.mjs"], settings),
  },
  {
    // At full size the hosts have the machine for themselves, later.
    name: "AWS adapters on emulators",
    budgetSeconds: 420,
    check: (settings) =>
      summed(["scripts/aws.mjs", ...(settings.full ? ["packages/aws/"] : [])], settings),
  },
]);

export const testGates = /** @type {Gate[]} */ ([
  { name: "tests and type tests", budgetSeconds: 480, check: tests },
  {
    name: "simulations",
    budgetSeconds: 75,
    check: (settings) => summed(["scripts/simulate.mjs", "--slice"], settings),
  },
  {
    name: "release decisions",
    budgetSeconds: 45,
    check: (settings) => summed(["scripts/release-decisions.mjs"], settings),
  },
]);

/** Whole campaigns: only in the full gate, and before anything is measured. */
export const campaignGates = /** @type {Gate[]} */ ([
  {
    // On the Node that is fastest at it: traces are the same to the byte on both, as the last gate here shows.
    name: "simulated days",
    budgetSeconds: 2_100,
    check: async ({ env }) => {
      const program = ["scripts/simulate.mjs", "--ready", "--seeds", "1000"];
      const { code, output } = await run("npx", ["-y", "node@24", ...program], { cwd: root, env });
      return { ok: code === 0, log: output, note: output.trimEnd().split("\n").at(-1) ?? "" };
    },
  },
  {
    // Some 10 s; two more where the validator has to be installed first.
    name: "SARIF of the command line",
    budgetSeconds: 60,
    check: (settings) => summed(["scripts/sarif.mjs"], settings),
  },
  {
    // Some 15 s; 20 more where pre-commit has to be installed first.
    name: "pre-commit, the real one",
    budgetSeconds: 90,
    check: (settings) => summed(["scripts/pre-commit.mjs"], settings),
  },
  {
    name: "planted bugs",
    budgetSeconds: 180,
    check: (settings) => summed(["scripts/simulate.mjs", "--mutants"], settings),
  },
  {
    name: "traces on another Node",
    budgetSeconds: 120,
    check: (settings) => summed(["scripts/same-trace.mjs"], settings),
  },
]);

/** Measurements want the machine for themselves: they run last, and only in the full gate. */
export const quietGates = /** @type {Gate[]} */ ([
  {
    name: "AWS host, bursts of 200",
    budgetSeconds: 900,
    check: (settings) =>
      summed(["scripts/aws.mjs", "examples/aws-service/", "--maxWorkers=1"], settings),
  },
  {
    name: "benchmarks",
    budgetSeconds: 180,
    check: (settings) => node(["bench/main.mjs", "--check"], settings),
  },
]);
