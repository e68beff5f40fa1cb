import { table } from "./table.mjs";

/** What an hour costs, US dollars: about the list price of a general-purpose vCPU, its spot price, and a stopped machine's disk. */
const hourly = { onDemandVcpu: 0.04, spotVcpu: 0.016, stopped: 0.003 };

/** Every number of every seed, added up. */
export function sumOf(/** @type {readonly any[]} */ results) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (const { stats } of results) {
    for (const [name, value] of Object.entries(stats ?? {}))
      sums[name] = (sums[name] ?? 0) + Number(value);
  }
  return sums;
}

/**
 * The tables of a campaign.
 *
 * @param {readonly any[]} results
 * @param {Readonly<Record<string, number>>} sums
 * @param {readonly { name: string, reason?: string }[]} missed
 */
export function printReport(results, sums, missed) {
  console.log(`\n${table([["fault", "injected"], ...under(sums, "fault.")])}`);
  console.log(`\n${table([["what", "how many"], ...numbers(results, sums)])}`);
  console.log(`\n${table([["invariant", "checks", "violations"], ...invariants(results, sums)])}`);
  console.log(`\n${coverage(missed)}\n`);
}

/** Numbers whose names begin so, by name. */
function under(/** @type {Readonly<Record<string, number>>} */ sums, /** @type {string} */ prefix) {
  return Object.entries(sums)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, count]) => [name.slice(prefix.length), String(count)])
    .sort(([left = ""], [right = ""]) => (left < right ? -1 : 1));
}

function numbers(
  /** @type {readonly any[]} */ results,
  /** @type {Readonly<Record<string, number>>} */ sums,
) {
  const waits = results.flatMap(({ waitsMs }) => waitsMs ?? []).sort((a, b) => a - b);
  const wait = (/** @type {number} */ part) => {
    const ms = waits[Math.min(waits.length - 1, Math.floor(part * waits.length))] ?? 0;
    return `${(ms / 1_000).toFixed(0)} s`;
  };
  const counts = ["jobs", "started", "refused", "machines", "leases", "commits", "portCalls"];
  const hours = (/** @type {string} */ name) => (sums[`minutes.${name}`] ?? 0) / 60;
  const cost = Object.entries(hourly).reduce((sum, [name, rate]) => sum + hours(name) * rate, 0);
  const words = [
    `${hours("onDemandVcpu").toFixed(0)} vCPU h at $${hourly.onDemandVcpu}`,
    `${hours("spotVcpu").toFixed(0)} spot vCPU h at $${hourly.spotVcpu}`,
    `${hours("stopped").toFixed(0)} stopped machine h at $${hourly.stopped}`,
  ];
  return [
    ...counts.map((name) => [name, String(sums[name] ?? 0)]),
    ["wait p50", wait(0.5)],
    ["wait p95", wait(0.95)],
    ["wait p99", wait(0.99)],
    ["longest wait", wait(1)],
    ["cost", `$${cost.toFixed(2)}: ${words.join(", ")}`],
  ];
}

function invariants(
  /** @type {readonly any[]} */ results,
  /** @type {Readonly<Record<string, number>>} */ sums,
) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const { invariant } of results.flatMap(({ violations }) => violations ?? []))
    found.set(invariant, (found.get(invariant) ?? 0) + 1);
  return under(sums, "checks.").map(([name = "", count = ""]) => [
    name,
    count,
    String(found.get(name) ?? 0),
  ]);
}

/** What no seed reached, by kind; then what cannot be, and why. */
function coverage(/** @type {readonly { name: string, reason?: string }[]} */ missed) {
  /** @type {Map<string, string[]>} */
  const kinds = new Map();
  for (const { name, reason } of missed) {
    if (reason !== undefined) continue;
    const [kind = "", ...rest] = name.split(" ");
    const words = rest.join(" ");
    kinds.set(kind, [...(kinds.get(kind) ?? []), words]);
  }
  const lines = [...kinds].map(([kind, names]) => `  ${kind}: ${names.join(", ")}`);
  const excused = missed.flatMap(({ name, reason }) => (reason ? [`  ${name}: ${reason}`] : []));
  return [
    lines.length === 0 ? "everything that can be reached was reached" : "never reached:",
    ...lines,
    ...(excused.length > 0 ? ["cannot be reached in this world:", ...excused] : []),
  ].join("\n");
}
