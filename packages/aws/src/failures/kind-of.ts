import type { FailureKind } from "@runs-fleet/core";
import type { FailureTable } from "./rule.ts";

/** What to do about an answer. */
export interface Verdict {
  /** What to do about it. */
  readonly kind: FailureKind;
  /** Whether the same call may succeed later; `undefined`: what the kind says. */
  readonly retryable: boolean | undefined;
}

/**
 * What to do about a code; messages are for people, and change. A code that is not in the table is judged by the HTTP status,
 * as far as that tells anything, and is `unknown` else.
 */
export function verdictOf(table: FailureTable, code: string, status?: number): Verdict {
  const rule = table.get(code) ?? table.get(`${firstWord.exec(code)?.[0]}*`);
  return { kind: rule?.kind ?? kindOfStatus(status), retryable: rule?.retryable };
}

/** What decides about a cancelled transaction, the strongest first: who has lost must not try again because of a throttle. */
const decisive: readonly FailureKind[] = ["conflict", "config", "quota", "auth", "throttled"];

/** What to do about a transaction that was cancelled for these reasons, one for each of its items. */
export function verdictOfReasons(table: FailureTable, reasons: readonly string[]): Verdict {
  const verdicts = reasons.map((reason) => verdictOf(table, reason));
  for (const kind of decisive) {
    const found = verdicts.filter((verdict) => verdict.kind === kind);
    // An item that is lost for good decides over one that another transaction only holds.
    const final = found.find(({ retryable }) => retryable !== true);
    if (found[0] !== undefined) return final ?? found[0];
  }
  return { kind: "unknown", retryable: undefined };
}

const firstWord = /^[A-Z][a-z]+/u;

function kindOfStatus(status: number | undefined): FailureKind {
  if (status === undefined) return "unknown";
  if (status === 401 || status === 403) return "auth";
  if (status === 429) return "throttled";
  return status >= 500 ? "unavailable" : "unknown";
}
