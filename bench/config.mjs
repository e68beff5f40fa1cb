// Checking a configuration: dense files of 1,000 and 10,000 lines in which every pool is another one, looked at a year ahead, against
// what a check by JSON Schema alone costs; and the command line from start to finish.
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

const head = `version: 1
defaults: { environment: ci, timezone: Europe/Berlin, lead: auto }
calendars: { de: ["2026-12-24..2026-12-26", "2027-01-01"] }
environments: { ci: { regions: [us-east-1], limits: { machines: 100000 } } }
runners: { std: { cpu: 4, ram: 16, arch: arm64 } }
policies:
  - { name: everyone, repositories: ["acme/*"], allow: {} }
pools:
`;
const poolLines = 14;

/** A file of about so many lines. Another `salt` makes all its schedules others: what is remembered of earlier ones helps nothing. */
function fileOf(lines, salt) {
  const pools = Array.from(
    { length: Math.round(lines / poolLines) },
    (_, index) => `  pool-${index}:
    runner: std
    default: { hot: ${index % 3}, stopped: ${index % 5} }
    limits: { machines: 400 }
    repositories: ["acme/team-${index}-*"]
    ramp: { up: 10/1m, down: 5/5m }
    schedule:
      - name: office
        days: mon-fri
        time: "0${index % 10}:00-19:00"
        hot: ${20 + salt + (index % 7)}
      - { name: night, cron: "0 2 * * *", for: 90m, mode: atLeast, hot: 8 }
    exceptions:
      - { dates: de, entries: [office], action: skip }
`,
  );
  return head + pools.join("");
}

const median = (times) => times.sort((one, other) => one - other)[Math.floor(times.length / 2)];

/** Median of some turns, milliseconds, after some that warm up; each turn has a text of its own. */
function timed(lines, { warm, turns }, task) {
  const texts = Array.from({ length: warm + turns }, (_, salt) => fileOf(lines, salt));
  const times = texts.map((text) => {
    const started = performance.now();
    task(text);
    return performance.now() - started;
  });
  return median(times.slice(warm));
}

function check(text) {
  const parsed = parseConfig(text, { atMs });
  if (!parsed.ok) throw new Error(`The bench has a wrong file: ${parsed.issues[0]?.message}`);
}

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
  const small = timed(1_000, { warm: 30, turns: 40 }, check);
  const large = timed(10_000, { warm: 4, turns: 9 }, check);
  const peer = timed(1_000, { warm: 30, turns: 40 }, schemaCheck());
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
      { name: "runs-fleet check, start to finish", ...below(commandLine(file, ["check"], 9), 300) },
      { name: "runs-fleet --help", ...below(commandLine("", ["--help"], 9), 150) },
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.table(await run());
