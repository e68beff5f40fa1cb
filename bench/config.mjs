// Checking a configuration: dense files of 1,000 and 10,000 lines in which every pool is another one, looked at a year ahead, against
// what a check by JSON Schema alone costs; files that are wrong all over; and the command line from start to finish.
// `main.mjs` runs it; `node bench/config.mjs` alone prints the rows. Needs a build of config.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { jsonSchema, parseConfig } from "../packages/config/dist/index.js";

const home = fileURLToPath(new URL("../packages/config/", import.meta.url));
const program = join(home, "dist/main/runs-fleet.js");
const atMs = Date.UTC(2026, 10, 28);

const head = (mostTogether) => `version: 1
defaults: { environment: ci, timezone: Europe/Berlin, lead: auto }
calendars: { de: ["2026-12-24..2026-12-26", "2027-01-01"] }
environments: { ci: { regions: [us-east-1], limits: { machines: ${mostTogether} } } }
runners: { std: { cpu: 4, ram: 16, arch: arm64 } }
policies:
  - { name: everyone, repositories: ["acme/*"], allow: {} }
pools:
`;
const poolLines = 14;

/** So much that nothing exceeds it. */
const plenty = 1_000_000;

/** A file of about so many lines. Another `salt` makes all its schedules others: what is remembered of earlier ones helps nothing. */
function fileOf(lines, salt, { most = plenty, mostTogether = plenty, runner = () => "std" } = {}) {
  const pools = Array.from(
    { length: Math.round(lines / poolLines) },
    (_, index) => `  pool-${index}:
    runner: ${runner(index)}
    default: { hot: ${index % 3}, stopped: ${index % 5} }
    limits: { machines: ${most} }
    repositories: ["acme/team-${index}-*"]
    ramp: { up: 10/1m, down: 5/5m }
    schedule:
      - name: office
        days: mon-fri
        time: "0${index % 10}:${String(index % 60).padStart(2, "0")}-19:00"
        hot: ${20 + salt + index}
      - { name: night, cron: "0 2 * * *", for: 90m, mode: atLeast, hot: 8 }
    exceptions:
      - { dates: de, entries: [office], action: skip }
`,
  );
  return head(mostTogether) + pools.join("");
}

const median = (times) => times.sort((one, other) => one - other)[Math.floor(times.length / 2)];

/** Median of some turns, milliseconds, after some that warm up; each turn has a text of its own. */
async function timed(lines, { warm, turns, ...wrong }, task) {
  const times = [];
  for (let salt = 0; salt < warm + turns; salt += 1) {
    const text = fileOf(lines, salt, wrong);
    // What a turn of the event loop leaves behind is not for the next one to clear away.
    await new Promise((resolve) => setImmediate(resolve));
    const started = performance.now();
    task(text);
    times.push(performance.now() - started);
  }
  return median(times.slice(warm));
}

function check(text) {
  const parsed = parseConfig(text, { atMs });
  if (!parsed.ok) throw new Error(`The bench has a wrong file: ${parsed.issues[0]?.message}`);
}

/** A check that has to find something, for each of the pools or once. */
const checkFor = (rule, least) => (text) => {
  const found = parseConfig(text, { atMs }).issues.filter((issue) => issue.rule === rule).length;
  if (found < least) throw new Error(`The bench finds ${rule} ${found} times instead of ${least}`);
};

/** What is wrong in files that are wrong all over, and how often that is told at least. */
const wrongs = [
  ["every pool over its limit", { most: 5 }, "peak-over-limit", 70],
  ["the environment over its limit", { mostTogether: 100 }, "peak-over-environment-limit", 1],
  ["every runner misspelt", { runner: (index) => `stdd-${index}` }, "unknown-runner", 70],
];

/** What editors do: the library's own parse, and the schema by ajv. */
function schemaCheck() {
  const ofConfig = createRequire(join(home, "package.json"));
  const { parse } = ofConfig("yaml");
  const { Ajv } = ofConfig("ajv");
  const accepts = new Ajv({ allErrors: true }).compile(jsonSchema);
  return (text) => {
    if (!accepts(parse(text, { merge: true }))) throw new Error("The schema refuses the file");
  };
}

function commandLine(file, args, turns) {
  const times = Array.from({ length: turns }, () => {
    const started = performance.now();
    const { status } = spawnSync(process.execPath, [program, ...args, file].filter(Boolean));
    if (status !== 0) throw new Error(`runs-fleet ${args.join(" ")} ended with ${status}`);
    return performance.now() - started;
  });
  return median(times);
}

const below = (value, most) => ({ value, unit: "ms", target: `< ${most}`, ok: value < most });

/** Times of a check, in process and from start to finish. */
export async function run() {
  const small = await timed(1_000, { warm: 30, turns: 40 }, check);
  const large = await timed(10_000, { warm: 4, turns: 9 }, check);
  const peer = await timed(1_000, { warm: 30, turns: 40 }, schemaCheck());
  const bad = [];
  for (const [name, wrong, rule, least] of wrongs) {
    const value = await timed(1_000, { warm: 30, turns: 40, ...wrong }, checkFor(rule, least));
    bad.push({ name: `1,000 lines, ${name}`, ...below(value, 50) });
  }
  const directory = mkdtempSync(join(tmpdir(), "runs-fleet-bench-"));
  const file = join(directory, "runs-fleet.yml");
  try {
    writeFileSync(file, fileOf(100, 0));
    return [
      { name: "1,000 lines, 71 pools, warm", ...below(small, 50) },
      { name: "10,000 lines, 714 pools, warm", ...below(large, 500) },
      {
        name: "10,000 lines against ten times 1,000",
        value: large / (10 * small),
        unit: "times",
        target: "< 1.5",
        ok: large / (10 * small) < 1.5,
      },
      { name: "1,000 lines by yaml and ajv alone", value: peer, unit: "ms" },
      { name: "1,000 lines against yaml and ajv", value: small / peer, unit: "times" },
      ...bad,
      { name: "runs-fleet check, start to finish", ...below(commandLine(file, ["check"], 9), 300) },
      { name: "runs-fleet --help", ...below(commandLine("", ["--help"], 9), 150) },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.table(await run());
