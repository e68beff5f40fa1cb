import { parseInstant } from "../../demand/parse-instant.ts";

/** Bounds in epoch milliseconds, both included. */
export interface CreatedRange {
  readonly fromMs: number;
  readonly toMs: number;
}

const dayMs = 86_400_000;
const dayForm = /^\d{4}-\d{2}-\d{2}$/;

/** The second, or the whole day, that a date of a search stands for. */
function spanOf(text: string): CreatedRange | undefined {
  const isDay = dayForm.test(text);
  const fromMs = parseInstant(isDay ? `${text}T00:00:00Z` : text);
  if (fromMs === undefined) return undefined;
  return { fromMs, toMs: fromMs + (isDay ? dayMs : 0) };
}

/**
 * The instants that the `created` parameter of a list of runs lets through: `A..B`, `>=A`, `>A`, `<=B`, `<B` or one date,
 * `*` for an open end; `undefined` when it is none of these.
 *
 * Strict where GitHub finds nothing or too much. Source: GitHub's page "Understanding the search syntax", section "Query for
 * dates", to which the description of the endpoint "List workflow runs for a repository" sends its readers; read 2026-11-24.
 * An instant is compared as it is, not as its second: `..12:00:00Z` ends before 12:00:00.5.
 */
export function parseCreatedRange(text: string): CreatedRange | undefined {
  const always = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };
  const [from = "", to, ...rest] = text.split("..");
  if (rest.length > 0) return undefined;
  if (to !== undefined) {
    const first = from === "*" ? always : spanOf(from);
    const last = to === "*" ? always : spanOf(to);
    if (first === undefined || last === undefined) return undefined;
    return { fromMs: first.fromMs, toMs: last.toMs };
  }
  const [, sign = "", date = ""] = /^([<>]=?)?(.+)$/.exec(text) ?? [];
  const span = spanOf(date);
  if (span === undefined) return undefined;
  if (sign === "") return span;
  if (sign === ">=") return { ...always, fromMs: span.fromMs };
  if (sign === ">") return { ...always, fromMs: span.toMs + 1 };
  return { ...always, toMs: sign === "<=" ? span.toMs : span.fromMs - 1 };
}
