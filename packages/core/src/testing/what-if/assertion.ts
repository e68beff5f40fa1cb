import type { FleetReport, PoolReport } from "./report.ts";

/** What can be asserted. `cost` and `usd` are the same, for a week. */
export const assertionMetrics = ["p50", "p95", "p99", "max", "over60", "cost", "usd"] as const;

/** One of {@link assertionMetrics}. */
export type AssertionMetric = (typeof assertionMetrics)[number];

/** A condition, read. Waits are milliseconds, shares 0 to 1, money US dollars. */
export interface Assertion {
  /** What is measured; `over60` is the share of jobs that waited longer than a minute, `cost` and `usd` are for a week. */
  readonly metric: AssertionMetric;
  /** Absent: the whole fleet. */
  readonly pool?: string;
  /** Stands between what is measured, on its left, and {@link Assertion.value}. */
  readonly operator: "<" | "<=" | ">" | ">=";
  /** What is measured against: a wait in milliseconds, a share from 0 to 1, or US dollars a week. */
  readonly value: number;
}

/** Why a condition cannot be read. */
export interface AssertionProblem {
  /** Stable. `not-measured`: it can be read, but the report has no such number, as no job was started or a rate is missing. */
  readonly code: "syntax" | "unknown-metric" | "unknown-pool" | "bad-value" | "not-measured";
  /** The same in words, for people. */
  readonly message: string;
  /** Where in the text, from 0. */
  readonly offset: number;
}

/** What came of a condition. */
export type AssertionResult =
  | {
      readonly ok: true;
      /** As it was written. */
      readonly condition: string;
      readonly holds: boolean;
      /** What was measured, in the unit of {@link Assertion}. */
      readonly value: number;
      /** The same in words: `p95(linux) is 52 s`. */
      readonly measured: string;
    }
  | ({ readonly ok: false; readonly condition: string } & AssertionProblem);

/** A condition that was read, or why it cannot be. */
export type ParsedAssertion =
  | { readonly ok: true; readonly assertion: Assertion; readonly poolOffset: number }
  | ({ readonly ok: false } & AssertionProblem);

const longestText = 200;
const waitMetrics: ReadonlySet<string> = new Set(["p50", "p95", "p99", "max"]);
const timeUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};
const valueForms: Readonly<Record<"wait" | "share" | "money", string>> = {
  wait: "a duration such as 45s, 1.5m or 800ms",
  share: "a share such as 2% or 0.02",
  money: "US dollars a week such as $212 or 212 usd",
};

function kindOf(metric: AssertionMetric): keyof typeof valueForms {
  if (waitMetrics.has(metric)) return "wait";
  return metric === "over60" ? "share" : "money";
}

function readValue(text: string, metric: AssertionMetric): number | undefined {
  const kind = kindOf(metric);
  if (kind === "wait") {
    const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)$/i.exec(text) ?? [];
    return number === "" ? undefined : Number(number) * (timeUnits[unit.toLowerCase()] ?? 1);
  }
  if (kind === "share") {
    const [, number = "", percent] = /^(\d+(?:\.\d+)?)\s*(%)?$/.exec(text) ?? [];
    if (number === "") return undefined;
    const share = percent === undefined ? Number(number) : Number(number) / 100;
    return share <= 1 ? share : undefined;
  }
  const [, number = ""] =
    /^\$\s*(\d[\d,]*(?:\.\d+)?)(?:\s*\/\s*week)?$/i.exec(text) ??
    /^(\d[\d,]*(?:\.\d+)?)\s*(?:usd)?(?:\s*\/\s*week)?$/i.exec(text) ??
    [];
  return number === "" ? undefined : Number(number.replaceAll(",", ""));
}

/** Reads a condition such as `p95(linux) < 45s`, `over60 <= 2%` or `cost < $900`. */
export function parseAssertion(text: string): ParsedAssertion {
  const problem = (
    code: AssertionProblem["code"],
    offset: number,
    message: string,
  ): ParsedAssertion => ({
    ok: false,
    code,
    offset,
    message,
  });
  if (text.length > longestText) return problem("syntax", longestText, "The condition is too long");
  const name = /^\s*([a-z][a-z0-9]*)/i.exec(text);
  if (!name) return problem("syntax", 0, `Begin with one of ${assertionMetrics.join(", ")}`);
  const word = (name[1] ?? "").toLowerCase();
  const metric = assertionMetrics.find((known) => known === word);
  const nameOffset = name[0].length - (name[1] ?? "").length;
  if (!metric) {
    const message = `There is no ${word}; there are ${assertionMetrics.join(", ")}`;
    return problem("unknown-metric", nameOffset, message);
  }
  let offset = name[0].length;
  const inPool = /^\s*\(\s*([^()\s]+)\s*\)/.exec(text.slice(offset));
  const pool = inPool?.[1];
  const poolOffset = pool === undefined ? offset : offset + (inPool?.[0] ?? "").indexOf(pool);
  offset += inPool?.[0].length ?? 0;
  const operatorFound = /^\s*(<=|>=|<|>)\s*/.exec(text.slice(offset));
  if (!operatorFound) {
    return problem("syntax", offset, "Here comes a pool in parentheses, or one of < <= > >=");
  }
  const operator = operatorFound[1] as Assertion["operator"];
  offset += operatorFound[0].length;
  const value = readValue(text.slice(offset).trim(), metric);
  if (value === undefined) {
    return problem("bad-value", offset, `Here comes ${valueForms[kindOf(metric)]}`);
  }
  const assertion = { metric, operator, value, ...(pool === undefined ? {} : { pool }) };
  return { ok: true, assertion, poolOffset };
}

function measure(metric: AssertionMetric, of: FleetReport | PoolReport): number | undefined {
  if (metric === "over60") return of.waitsMs.over60Share;
  if (metric === "cost" || metric === "usd") return of.cost?.usdPerWeek;
  return of.waitsMs[metric];
}

function inWords(metric: AssertionMetric, value: number): string {
  const kind = kindOf(metric);
  if (kind === "wait") return `${Math.round(value / 100) / 10} s`;
  if (kind === "share") return `${Math.round(value * 10_000) / 100} %`;
  return `$${Math.round(value * 100) / 100} a week`;
}

function holds({ operator, value }: Assertion, measured: number): boolean {
  if (operator === "<") return measured < value;
  if (operator === "<=") return measured <= value;
  return operator === ">" ? measured > value : measured >= value;
}

/**
 * Whether a condition holds in a report. Waits of a pool, or a fleet, without any started job are not measured, and neither is
 * the cost of what has no rate: such a condition is a problem rather than true.
 */
export function checkAssertion(text: string, report: FleetReport): AssertionResult {
  const parsed = parseAssertion(text);
  if (!parsed.ok) return { ...parsed, condition: text };
  const { assertion, poolOffset } = parsed;
  const { metric, pool } = assertion;
  const fail = (code: AssertionProblem["code"], offset: number, message: string) =>
    ({ ok: false, condition: text, code, offset, message }) as const;
  const of = pool === undefined ? report : report.pools.find(({ name }) => name === pool);
  if (!of) {
    const known = report.pools.map(({ name }) => name).join(", ");
    return fail(
      "unknown-pool",
      poolOffset,
      `There is no pool ${pool}; there are ${known || "none"}`,
    );
  }
  const isCost = kindOf(metric) === "money";
  const isPartial = isCost && pool === undefined && report.totalUsd === undefined;
  const value = !isCost && of.waitsMs.jobs === 0 ? undefined : measure(metric, of);
  if (value === undefined || isPartial) {
    const message = isCost
      ? "Some of these machines have no rate, so their cost is not known"
      : "No job was started here, so there is no wait to measure";
    return fail("not-measured", 0, message);
  }
  const subject = pool === undefined ? metric : `${metric}(${pool})`;
  return {
    ok: true,
    condition: text,
    holds: holds(assertion, value),
    value,
    measured: `${subject} is ${inWords(metric, value)}`,
  };
}
