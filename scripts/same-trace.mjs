// Whether simulations give the same traces, to the byte, twice and on another Node: `node scripts/same-trace.mjs [--node 24] [--seeds 1]`.
import { parseArgs } from "node:util";
import { environment, setUp } from "./lib/setup.mjs";
import { run } from "./lib/steps.mjs";
import { root } from "./lib/workspace.mjs";

const { values } = parseArgs({
  options: {
    node: { type: "string", default: "24" },
    seeds: { type: "string", default: "2" },
    seed: { type: "string", default: "1" },
    hours: { type: "string", default: "24" },
  },
});
const { seeds, seed, hours } = values;
const numbers = ["--seeds", seeds, "--seed", seed, "--hours", hours];
/** The arguments of Node. */
const program = ["scripts/simulate.mjs", "--ready", "--trace-hash", ...numbers];
const other = ["-y", `node@${values.node}`].concat(program);

await setUp();
const results = [
  await hashes(process.execPath, program),
  await hashes(process.execPath, program),
  await hashes("npx", other),
];
const [first] = results;
const isSame = first?.code === 0 && results.every(({ output }) => output === first.output);
if (isSame) process.stdout.write(first.output);
else for (const { output } of results) process.stdout.write(`${output}\n`);
console.log(
  `${seeds} seeds x ${hours} h: ${isSame ? "the same bytes" : "DIFFERENT"} twice on ${process.version} and on Node ${values.node}`,
);
process.exitCode = isSame ? 0 : 1;

function hashes(/** @type {string} */ command, /** @type {readonly string[]} */ args) {
  return run(command, args, { cwd: root, env: { ...environment, NO_COLOR: "1" } });
}
