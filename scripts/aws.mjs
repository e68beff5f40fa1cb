// The AWS adapters on emulators: node scripts/aws.mjs [vitest's filters]. Starts what it needs, and ends it.
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { judge } from "./lib/gates.mjs";
import { setUp } from "./lib/setup.mjs";
import { run, seconds } from "./lib/steps.mjs";
import { root } from "./lib/workspace.mjs";

const report = join(root, "node_modules", ".runs-fleet", "aws.json");
const begin = Date.now();

// The suites of the host and of the agent run what was built.
await setUp();
mkdirSync(dirname(report), { recursive: true });
rmSync(report, { force: true });
const { code, output } = await run(
  process.execPath,
  [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--config=packages/aws/testing/vitest.config.ts",
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    env: { ...process.env, RUNS_FLEET_AWS_REPORT: report },
    limitMs: 60 * 60_000,
  },
);
console.log(output.trimEnd());
const verdict = existsSync(report)
  ? judge(code, JSON.parse(readFileSync(report, "utf8")))
  : undefined;
if (verdict === undefined || verdict.tests.passed + verdict.tests.failed === 0) {
  console.log("NOT RUN: no AWS adapter was tried; the reason stands above");
  process.exitCode = 1;
} else {
  const { ok, note } = verdict;
  console.log(`AWS adapters on emulators in ${seconds(Date.now() - begin)}: ${note}`);
  process.exitCode = ok ? 0 : 1;
}
