// The gate: every check of the repository, two lanes at a time, one table, one last line. `--full` takes the whole campaigns.
import { spawnSync } from "node:child_process";
import { campaignGates, quietGates, staticGates, testGates } from "./lib/gates.mjs";
import { environment, setUp } from "./lib/setup.mjs";
import { seconds } from "./lib/steps.mjs";
import { root } from "./lib/workspace.mjs";

const full = process.argv.includes("--full");
const begin = Date.now();
const results = [];

/** Slices of large test spaces rotate with the commit, so that a red run can be repeated. */
const commit = spawnSync("git", ["rev-parse", "--verify", "--quiet", "HEAD"], {
  cwd: root,
  encoding: "utf8",
}).stdout?.trim();
const slice = String(Number.parseInt(commit?.slice(0, 8) || "0", 16) || 0);
const settings = {
  full,
  env: {
    ...environment,
    CI: "true",
    NO_COLOR: "1",
    FORCE_COLOR: undefined,
    RUNS_FLEET_SLICE: process.env.RUNS_FLEET_SLICE ?? slice,
    ...(full ? { RUNS_FLEET_FULL: "1" } : {}),
  },
};

say(
  `gate${full ? ", full" : ""} at ${commit?.slice(0, 12) || "no commit"}, Node ${process.version}, RUNS_FLEET_SLICE=${settings.env.RUNS_FLEET_SLICE}`,
);
let ready = true;
await through([{ name: "set-up and build", budgetSeconds: 60, check: prepare }]);
if (ready) {
  await Promise.all([through(staticGates), through(testGates)]);
  if (full) await through([...campaignGates, ...quietGates]);
}
report();

async function prepare() {
  try {
    await setUp();
    return { ok: true, log: "" };
  } catch (error) {
    ready = false;
    return { ok: false, log: error instanceof Error ? error.message : String(error) };
  }
}

/** One lane: its gates one after the other; a red one does not stop the rest. */
async function through(gates) {
  for (const gate of gates) {
    say(`start  ${gate.name}`);
    const started = Date.now();
    const verdict = await gate.check(settings).catch((error) => ({ ok: false, log: error.stack }));
    const elapsed = Date.now() - started;
    say(
      `${verdict.ok ? "ok    " : "FAILED"} ${gate.name}  ${seconds(elapsed)}${verdict.note ? `  ${verdict.note}` : ""}`,
    );
    results.push({ gate, verdict, elapsed });
  }
}

function report() {
  const failed = results.filter(({ verdict }) => !verdict.ok);
  for (const { gate, verdict } of failed) {
    const lines = verdict.log.trimEnd().split("\n");
    const shown = lines.slice(-400);
    console.log(
      `\n===== ${gate.name}: ${shown.length < lines.length ? `last ${shown.length} of ` : ""}${lines.length} lines`,
    );
    console.log(shown.join("\n"));
  }
  const rows = results.map(({ gate, verdict, elapsed }) => [
    gate.name,
    verdict.ok ? "ok" : "FAILED",
    seconds(elapsed),
    `${gate.budgetSeconds} s${elapsed > gate.budgetSeconds * 1000 ? "  over" : ""}`,
    verdict.note ?? "",
  ]);
  console.log(`\n${table([["gate", "result", "took", "budget", ""], ...rows])}`);
  console.log(`\n${seconds(Date.now() - begin)} in all, on ${process.platform} ${process.arch}`);
  const tests = results.find(({ verdict }) => verdict.tests)?.verdict.tests ?? {
    passed: 0,
    failed: 0,
  };
  const passed = tests.passed + results.length - failed.length;
  console.log(`${passed} passed, ${tests.failed + failed.length} failed`);
  process.exitCode = failed.length > 0 || tests.passed === 0 ? 1 : 0;
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function say(text) {
  console.log(`[${seconds(Date.now() - begin).padStart(7)}] ${text}`);
}
