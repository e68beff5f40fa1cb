import type { PoolConfig } from "@runs-fleet/core";
import { openConfig } from "../check/open-config.ts";
import { paintFor } from "../cli/paint.ts";
import type { VerbContext } from "../cli/verb.ts";
import { namedPools } from "../preview/named-pools.ts";
import { years } from "../preview/read-day.ts";
import { explainPool, type PoolExplanation } from "./explain-pool.ts";
import { explainLines, explainText } from "./explain-text.ts";
import { type Moment, readMoment } from "./moment.ts";

/** What the command line asked for. */
export interface ExplainOptions {
  /** The configuration; the usual file when none is named. */
  readonly config?: string;
  /** The moment, on the clock of each pool unless it says an offset. Absent: now. */
  readonly at?: string;
  /** How it is told. */
  readonly format: "text" | "json";
}

/** Tells why a pool wants what it wants at a moment, or in a line what each of them wants. */
export async function runExplain(
  name: string | undefined,
  { config, at, format }: ExplainOptions,
  context: VerbContext,
): Promise<0 | 1 | 2> {
  const { host, report } = context;
  if (at !== undefined && readMoment(at, "UTC") === undefined) {
    const message = `${JSON.stringify(at)} is no moment such as 2026-12-24T09:00 or 2026-12-24T09:00+01:00, from ${years.first} to ${years.last}`;
    report([{ code: "wrong-moment", message }]);
    return 2;
  }
  const opened = await openConfig(context, config);
  if (!opened.ok) return opened.exitCode;
  const pools = namedPools(opened.config.catalog, name === undefined ? [] : [name]);
  if (!pools.ok) {
    report(pools.issues);
    return 2;
  }
  const nowMs = host.clock.now();
  const explanations = pools.value.map((pool) => explained(pool, at, nowMs));
  const paint = paintFor(host.out, host.env);
  const [first] = explanations;
  if (format === "json") {
    const told = name === undefined ? explanations : first;
    host.out.write(`${JSON.stringify(told, undefined, 2)}\n`);
  } else if (name !== undefined && first !== undefined) {
    host.out.write(explainText(first, paint));
  } else {
    host.out.write(explainLines(explanations, paint));
  }
  return 0;
}

function explained(pool: PoolConfig, at: string | undefined, nowMs: number): PoolExplanation {
  const { timeZone = "UTC" } = pool.schedule;
  const now: Moment = { atMs: nowMs };
  const { atMs, note } = at === undefined ? now : (readMoment(at, timeZone) ?? now);
  return { ...explainPool(pool, atMs), ...(note === undefined ? {} : { note }) };
}
