// Runs simulations of many seeds on all cores and judges them: `pnpm simulate --help`.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { createCrew, kitUrl } from "./lib/simulation-crew.mjs";

const help = `Simulates fleets in which everything goes wrong, and judges what the orchestrator does.

Usage: pnpm simulate [options]

  --seeds N      how many seeds (20)
  --hours H      virtual hours of each (24)
  --seed S       the first seed (1); with --seeds 1 it is replayed
  --faults LIST  ids of the only faults that happen, such as f3,f7 (all)
  --mutant NAME  plants a bug
  --mutants      plants every bug in turn, and tells which were caught
  --trace        prints the trace of each seed with a violation (always with --seeds 1 and a violation)
  --shrink N     drops faults from at most so many seeds with violations as long as they fail (3)
  --workers N    threads (one per core)
  --json         prints the results as JSON
  --help         prints this

Exit code: 0 nothing found, 1 violations, 2 wrong use.`;

let lastShownMs = 0;
await main();

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        seeds: { type: "string", default: "20" },
        hours: { type: "string", default: "24" },
        seed: { type: "string", default: "1" },
        faults: { type: "string" },
        mutant: { type: "string" },
        mutants: { type: "boolean", default: false },
        trace: { type: "boolean", default: false },
        shrink: { type: "string", default: "3" },
        workers: { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    /** @type {Record<string, number>} */
    const numbers = {};
    for (const name of /** @type {const} */ (["seeds", "hours", "seed", "shrink", "workers"])) {
      const text = values[name];
      if (text === undefined) continue;
      const number = Number(text);
      if (!Number.isFinite(number) || (name !== "hours" && !Number.isSafeInteger(number)))
        throw new TypeError(`--${name} is no number: ${text}`);
      if (number < (name === "shrink" || name === "seed" ? 0 : name === "hours" ? 0.1 : 1))
        throw new TypeError(`--${name} is too small: ${text}`);
      numbers[name] = number;
    }
    return { values, numbers };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${help}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

async function main() {
  const read = readArguments();
  if (!read) return;
  const { values, numbers } = read;
  if (values.help) {
    console.log(help);
    return;
  }
  const { setUp } = await import("./lib/setup.mjs");
  await setUp();
  const { seeds = 20, hours = 24, seed = 1, shrink = 3 } = numbers;
  const cores = Math.min(numbers.workers ?? availableParallelism(), seeds);
  const crew = createCrew(values.mutants ? (numbers.workers ?? availableParallelism()) : cores);
  try {
    if (values.mutants) await runMutants(crew, seed, hours);
    else await runCampaign(crew, { seeds, hours, seed, shrink, cores, values });
  } finally {
    await crew.end();
  }
}

/** Plants every bug; each has to be caught by its own oracle. */
async function runMutants(
  /** @type {ReturnType<typeof createCrew>} */ crew,
  /** @type {number} */ seed,
  /** @type {number} */ hours,
) {
  const { mutantNames } = await import(kitUrl);
  const rows = await Promise.all(
    Object.entries(mutantNames).map(async ([mutant, wanted]) => {
      const result = await crew.run({ options: { seed, hours, mutant } });
      const found = [...new Set((result.violations ?? []).map((v) => v.invariant))];
      return { mutant, wanted, found, caught: found.includes(wanted), error: result.error };
    }),
  );
  console.log(
    table(
      ["mutant", "oracle", "caught", "also found"],
      rows.map(({ mutant, wanted, found, caught, error }) => [
        mutant,
        String(wanted),
        error ? "FAILED" : caught ? "yes" : "NO",
        error ?? found.filter((name) => name !== wanted).join(" "),
      ]),
    ),
  );
  const caught = rows.filter((row) => row.caught).length;
  console.log(`\n${caught} of ${rows.length} mutants caught by their oracle`);
  if (caught < rows.length) process.exitCode = 1;
}

/** Many seeds, then the table. */
async function runCampaign(
  /** @type {ReturnType<typeof createCrew>} */ crew,
  /** @type {any} */ { seeds, hours, seed, shrink, cores, values },
) {
  const optionsOf = (/** @type {number} */ own) => ({
    seed: own,
    hours,
    ...(values.mutant ? { mutant: values.mutant } : {}),
    ...(values.faults === undefined
      ? {}
      : { onlyFaults: values.faults.split(",").filter((id) => id !== "") }),
  });
  const startedMs = performance.now();
  let done = 0;
  let bad = 0;
  const results = await Promise.all(
    Array.from({ length: seeds }, async (_, index) => {
      const result = await crew.run({ options: optionsOf(seed + index), wantsTrace: seeds === 1 });
      done += 1;
      if (result.error || result.violations.length > 0) bad += 1;
      progress(done, seeds, bad, startedMs);
      return { seed: seed + index, ...result };
    }),
  );
  const tookMs = performance.now() - startedMs;
  if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
  const failed = results.filter(({ error, violations }) => error || violations.length > 0);
  for (const [index, result] of failed.entries()) {
    await report(crew, result, optionsOf(result.seed), { hours, values, shrinks: index < shrink });
  }
  const sums = sumOf(results);
  if (values.json)
    console.log(
      JSON.stringify({
        seeds,
        hours,
        tookMs,
        sums,
        failed: failed.map(({ seed: s, violations, error }) => ({ seed: s, violations, error })),
      }),
    );
  else await printTable(results, sums);
  const virtualHours = (sums.hours ?? 0).toFixed(0);
  const rate = ((sums.hours ?? 0) / (tookMs / 1_000) / cores).toFixed(1);
  console.log(
    `${seeds} seeds x ${hours} h from ${seed}: ${failed.length} with violations, ${sums.jobs ?? 0} jobs, ${sums.faults ?? 0} faults, ${sums.oracleChecks ?? 0} checks, ${virtualHours} virtual hours in ${(tookMs / 1_000).toFixed(0)} s, ${rate} h/s/core`,
  );
  if (failed.length > 0) process.exitCode = 1;
}

/** Every number of every seed, added up; waits are kept as worst and median of the seeds. */
function sumOf(/** @type {readonly any[]} */ results) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (const { stats } of results) {
    for (const [name, value] of Object.entries(stats ?? {})) {
      sums[name] = (sums[name] ?? 0) + Number(value);
    }
  }
  return sums;
}

/** Says what was found, how to see it again, and which faults it takes. */
async function report(
  /** @type {ReturnType<typeof createCrew>} */ crew,
  /** @type {any} */ result,
  /** @type {any} */ options,
  /** @type {any} */ { hours, values, shrinks },
) {
  const mutant = values.mutant ? ` --mutant ${values.mutant}` : "";
  console.log(`\nseed ${result.seed}`);
  if (result.error) {
    console.log(`  the simulation itself failed: ${result.error}`);
    console.log(`  pnpm simulate --seeds 1 --seed ${result.seed} --hours ${hours}${mutant}`);
    return;
  }
  for (const { invariant, atMs, detail } of result.violations.slice(0, 5)) {
    console.log(`  ${invariant} at ${new Date(atMs).toISOString()}: ${detail}`);
  }
  if (result.violations.length > 5) console.log(`  and ${result.violations.length - 5} more`);
  let last = result;
  let faults = values.faults;
  if (shrinks && values.faults === undefined) {
    last = await shrinkFaults(crew, result, options);
    faults = last.faults.join(",");
    console.log(`  ${last.faults.length} of ${result.faults.length} faults suffice`);
  }
  const only = faults === undefined ? "" : ` --faults '${faults}'`;
  console.log(`  pnpm simulate --seeds 1 --seed ${result.seed} --hours ${hours}${mutant}${only}`);
  if (values.trace || shrinks) {
    const lines = last.trace.split("\n");
    const at = lines.findIndex((/** @type {string} */ line) => line.includes("VIOLATION"));
    const from = values.trace ? 0 : Math.max(0, at - 40);
    console.log(
      lines
        .slice(from, values.trace ? undefined : at + 1)
        .map((line) => `    ${line}`)
        .join("\n"),
    );
  }
}

/** Drops faults, halves first, as long as the first violation's invariant is still violated. */
async function shrinkFaults(
  /** @type {ReturnType<typeof createCrew>} */ crew,
  /** @type {any} */ result,
  /** @type {any} */ options,
) {
  const wanted = result.violations[0].invariant;
  let best = result;
  let size = Math.ceil(best.faults.length / 2);
  let tries = 24;
  while (size >= 1 && tries > 0) {
    let dropped = false;
    for (let from = 0; from < best.faults.length && tries > 0; ) {
      tries -= 1;
      const kept = best.faults.filter((_, index) => index < from || index >= from + size);
      const next = await crew.run({ options: { ...options, onlyFaults: kept }, wantsTrace: true });
      if (next.violations?.some((v) => v.invariant === wanted)) {
        best = next;
        dropped = true;
      } else from += size;
    }
    if (size === 1 && !dropped) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return best;
}

async function printTable(
  /** @type {readonly any[]} */ results,
  /** @type {Readonly<Record<string, number>>} */ sums,
) {
  const { unjudgedInvariants } = await import(kitUrl);
  const of = (/** @type {string} */ prefix) =>
    Object.entries(sums)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, count]) => [name.slice(prefix.length), String(count)])
      .sort(([left = ""], [right = ""]) => left.localeCompare(right));
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const { violations } of results) {
    for (const { invariant } of violations ?? [])
      found.set(invariant, (found.get(invariant) ?? 0) + 1);
  }
  const seconds = (/** @type {string} */ name) => {
    const values = results.map(({ stats }) => stats?.[name] ?? 0).sort((a, b) => a - b);
    const median = values[Math.floor(values.length / 2)] ?? 0;
    return `${(median / 1_000).toFixed(0)} s (worst seed ${((values.at(-1) ?? 0) / 1_000).toFixed(0)} s)`;
  };
  console.log(`\n${table(["fault", "injected"], of("fault."))}`);
  console.log(
    `\n${table(
      ["what", "how many"],
      [
        ...["jobs", "started", "refused", "machines", "leases", "commits", "portCalls"].map(
          (name) => [name, String(sums[name] ?? 0)],
        ),
        ["wait p50", seconds("waitP50Ms")],
        ["wait p95", seconds("waitP95Ms")],
        ["wait p99", seconds("waitP99Ms")],
        ["longest wait", seconds("waitMaxMs")],
      ],
    )}`,
  );
  console.log(
    `\n${table(
      ["invariant", "checks", "violations"],
      of("checks.").map(([name = "", count = ""]) => [name, count, String(found.get(name) ?? 0)]),
    )}`,
  );
  console.log("\nnot judged:");
  for (const [name, why] of Object.entries(unjudgedInvariants)) console.log(`  ${name}: ${why}`);
  console.log("");
}

function table(/** @type {readonly string[]} */ head, /** @type {readonly string[][]} */ rows) {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function progress(
  /** @type {number} */ done,
  /** @type {number} */ all,
  /** @type {number} */ bad,
  /** @type {number} */ startedMs,
) {
  const tookS = (performance.now() - startedMs) / 1_000;
  const leftS = (tookS / done) * (all - done);
  const filled = Math.round((done / all) * 24);
  const bar = "#".repeat(filled).padEnd(24, ".");
  const words = `[${bar}] ${done}/${all} seeds, ${bad} with violations, ${leftS.toFixed(0)} s left`;
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${words}`);
  else if (tookS * 1_000 - lastShownMs > 15_000 || done === all) {
    lastShownMs = tookS * 1_000;
    process.stderr.write(`${words}\n`);
  }
}
