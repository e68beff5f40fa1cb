import { parseArgs } from "node:util";

export const help = `Simulates fleets in which everything goes wrong, and judges what the orchestrator does.

Usage: pnpm simulate [options]

  --seeds N      how many seeds (20)
  --hours H      virtual hours of each (24)
  --seed S       the first seed (1); with --seeds 1 it is replayed
  --faults LIST  ids of the only faults that happen, such as f3,f7 (all)
  --mutant NAME  plants a bug
  --mutants      plants every bug in turn, and tells which were caught
  --slice        what the gate runs: fixed seeds, and fresh ones that are printed
  --trace        prints the trace of each seed with a violation (always with --seeds 1 and a violation)
  --trace-hash   prints one line per seed: its number and the SHA-256 of its trace
  --shrink N     drops faults from at most so many seeds with violations as long as they fail (3)
  --workers N    threads (one per core)
  --json         prints the results as JSON
  --ready        sets nothing up: for another Node than the one that the packages are installed for
  --help         prints this

Exit code: 0 nothing found, 1 violations or too few bugs caught, 2 wrong use.`;

const least = { seeds: 1, hours: 0.1, seed: 0, shrink: 0, workers: 1 };

/**
 * What was asked for, or `undefined` after saying what is wrong with it.
 *
 * @typedef {ReturnType<typeof parse>} Arguments
 * @returns {Arguments | undefined}
 */
export function readArguments() {
  try {
    return parse();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${help}\n`);
    return undefined;
  }
}

function parse() {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "20" },
      hours: { type: "string" },
      seed: { type: "string" },
      faults: { type: "string" },
      mutant: { type: "string" },
      mutants: { type: "boolean", default: false },
      slice: { type: "boolean", default: false },
      trace: { type: "boolean", default: false },
      "trace-hash": { type: "boolean", default: false },
      shrink: { type: "string", default: "3" },
      workers: { type: "string" },
      json: { type: "boolean", default: false },
      ready: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return {
    ...values,
    traceHash: values["trace-hash"],
    faults: values.faults?.split(",").filter((id) => id !== ""),
    seeds: numberOf("seeds", values.seeds) ?? 20,
    hours: numberOf("hours", values.hours),
    seed: numberOf("seed", values.seed),
    shrink: numberOf("shrink", values.shrink) ?? 3,
    workers: numberOf("workers", values.workers),
  };
}

/**
 * @param {keyof typeof least} name
 * @param {string | undefined} text
 */
function numberOf(name, text) {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isFinite(number) || (name !== "hours" && !Number.isSafeInteger(number)))
    throw new TypeError(`--${name} is no number: ${text}`);
  if (number < least[name]) throw new TypeError(`--${name} is too small: ${text}`);
  return number;
}
