// What `runs-fleet check --format sarif` writes, as Microsoft's validator sees it with its own rules and those of GitHub's code
// scanning: no error and no warning. Logs that are broken on purpose have to fail, or the check would be worth nothing.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { findMultitool, wanted } from "./lib/sarif-multitool.mjs";
import { run, seconds } from "./lib/steps.mjs";
import { filesBelow, readText, root } from "./lib/workspace.mjs";

const begin = Date.now();
const { formatIssues, parseConfig } = await import(
  pathToFileURL(join(root, "packages/config/dist/index.js")).href
);
const { version } = JSON.parse(readText("packages/config/package.json"));
const atMs = Date.UTC(2026, 10, 28);
const folder = join(root, "node_modules", ".runs-fleet", "sarif");

/** What must not pass, by what is broken. */
const broken = {
  "line 0": (/** @type {any} */ log) => {
    log.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0;
  },
  "rule of another index": (/** @type {any} */ log) => {
    log.runs[0].results[0].ruleIndex = log.runs[0].tool.driver.rules.length;
  },
  "end before the start": (/** @type {any} */ log) => {
    Object.assign(log.runs[0].results[0].locations[0].physicalLocation.region, {
      endLine: 1,
      startLine: 2,
    });
  },
  "no message": (/** @type {any} */ log) => {
    delete log.runs[0].results[0].message;
  },
  "no place": (/** @type {any} */ log) => {
    log.runs[0].results[0].locations = [];
  },
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const write = (/** @type {string} */ name, /** @type {string} */ text) => {
  const file = join(folder, `${name}.sarif`);
  writeFileSync(file, text);
  return file;
};

const configurations = ["packages/config/examples", "packages/config/test/planted"]
  .flatMap(filesBelow)
  .filter((file) => file.endsWith(".yml"));
let results = 0;
const good = configurations.map((file) => {
  const { issues } = parseConfig(readText(file), { file, atMs });
  results += issues.length;
  return write(basename(file, ".yml"), formatIssues(issues, "sarif", { version }));
});
const model = readFileSync(join(folder, "forty-mistakes.sarif"), "utf8");
const bad = Object.entries(broken).map(([name, spoil]) => {
  const log = JSON.parse(model);
  spoil(log);
  return write(`broken-${name.replaceAll(" ", "-")}`, JSON.stringify(log, null, 2));
});

const program = await findMultitool();
let faults = 0;
for (const file of good) {
  const found = await judge(file);
  for (const line of found) console.error(`${basename(file)}: ${line}`);
  faults += found.length;
}
for (const file of bad) {
  if ((await judge(file)).length > 0) continue;
  console.error(`${basename(file)} is broken, and the validator does not see it`);
  faults += 1;
}
console.log(
  `sarif-multitool ${wanted}: ${good.length} logs with ${results} results, ${bad.length} broken ones, ${faults} faults in ${seconds(Date.now() - begin)}`,
);
process.exitCode = faults > 0 ? 1 : 0;

/**
 * Errors and warnings that the validator has for a log, one a line.
 *
 * @param {string} file
 * @returns {Promise<readonly string[]>}
 */
async function judge(file) {
  const report = `${file}.report`;
  const args = ["validate", file, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"];
  const { code, output } = await run(
    program,
    [...args, "--output", report, "--log", "ForceOverwrite"],
    {
      limitMs: 60_000,
    },
  );
  const { runs } = JSON.parse(readFileSync(report, "utf8").replace(/^\uFEFF/, ""));
  const [{ results: found = [], invocations = [] }] = runs;
  const told = found.map(
    (/** @type {any} */ { ruleId, level, locations, message }) =>
      `${locations?.[0]?.physicalLocation?.region?.startLine ?? 0} ${level ?? "warning"} ${ruleId} ${[message.text, ...(message.arguments ?? [])].filter(Boolean).join(" ")}`,
  );
  const ended = invocations.every(
    (/** @type {any} */ { executionSuccessful }) => executionSuccessful !== false,
  );
  return ended && (code === 0 || told.length > 0) ? told : [...told, `it failed: ${output.trim()}`];
}
