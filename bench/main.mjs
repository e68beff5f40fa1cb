// Runs every benchmark of this folder: each module exports `run()`, which returns rows `{ name, value, unit, target, ok }`.
// `--check` fails when a row misses its target, `--json` prints rows for machines, words choose files: `pnpm bench labels`.
import { readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { setUp } from "../scripts/lib/setup.mjs";

const words = process.argv.slice(2);
const flags = new Set(words.filter((word) => word.startsWith("--")));
const chosen = words.filter((word) => !word.startsWith("--"));

await setUp();
const files = readdirSync(new URL(".", import.meta.url))
  .filter((name) => name.endsWith(".mjs") && name !== "main.mjs")
  .map((name) => name.replace(/\.mjs$/, ""))
  .filter((name) => chosen.length === 0 || chosen.includes(name));

const rows = [];
for (const file of files) {
  const module = await import(new URL(`${file}.mjs`, import.meta.url).href);
  if (typeof module.run !== "function") continue; // a helper of other benchmarks
  process.stderr.write(`· ${file}\n`);
  for (const row of await module.run()) rows.push({ file, ...row });
}

const machine = {
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  cores: cpus().length,
  memoryGib: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
};
const missed = rows.filter(({ ok }) => ok === false);
if (flags.has("--json")) console.log(JSON.stringify({ machine, rows }, null, 2));
else print();
if (flags.has("--check") && (missed.length > 0 || rows.length === 0)) process.exitCode = 1;

function print() {
  const head = ["benchmark", "measured", "value", "unit", "target", "value/target", ""];
  const body = rows.map((row) => [
    row.file,
    row.name,
    number(row.value),
    row.unit,
    row.target === undefined ? "" : String(row.target),
    ratio(row),
    row.ok === undefined ? "" : row.ok ? "ok" : "MISSED",
  ]);
  const all = [head, ...body];
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column].length)));
  const right = new Set([2, 5]);
  for (const line of all) {
    const cells = line.map((cell, column) =>
      right.has(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
    );
    console.log(cells.join("  ").trimEnd());
  }
  const { cpu, cores, memoryGib, node, platform } = machine;
  console.log(`\n${cpu}, ${cores} cores, ${memoryGib} GiB, Node ${node}, ${platform}`);
  console.log(`${rows.length} rows, ${missed.length} missed`);
}

/** The value against the number in its target, whichever way is better: `>= 2000` and `< 50 ms` both have one. */
function ratio({ value, target }) {
  const wanted = Number.parseFloat(String(target ?? "").replace(/[^\d.]/g, ""));
  return typeof value === "number" && wanted > 0 ? `${(value / wanted).toFixed(2)}x` : "";
}

function number(value) {
  if (typeof value !== "number") return String(value);
  return value.toLocaleString("en-US", { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 });
}
