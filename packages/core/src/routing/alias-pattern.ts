import type { Diagnostic, Result } from "@runs-fleet/scheduling";
import { maxLabelLength } from "./limits.ts";

/** A capture by the class of characters it takes, one or more of them. */
type Capture = "digits" | "letters" | "words";

/** A parsed pattern. Made by {@link parseAliasPattern}. */
export interface AliasPattern {
  readonly source: string;
  /** How many captures it has, in order of their numbers. */
  readonly captures: readonly Capture[];
  /** Literals in lower case, captures by their class. */
  readonly parts: readonly ({ readonly literal: string } | { readonly capture: Capture })[];
}

/** What {@link matchAliasPattern} needs of a string; a test counts through it. */
export type Characters = Pick<string, "length" | "charCodeAt">;

const captures: readonly (readonly [written: string, capture: Capture])[] = [
  ["(\\d+)", "digits"],
  ["([a-z]+)", "letters"],
  ["([a-z0-9-]+)", "words"],
];
/** `$1` to `$9`. */
const maxCaptures = 9;
/** Has a meaning in regular expressions, but none here: better said than matched literally. */
const reserved = "\\^$.|?*+()[]{}";

function refuse(message: string, suggestion?: string): Result<never> {
  const issue: Diagnostic = { code: "invalid-pattern", severity: "error", path: [], message };
  return { ok: false, issues: [suggestion === undefined ? issue : { ...issue, suggestion }] };
}

/**
 * Reads the pattern of an alias: literals and the captures `(\d+)`, `([a-z]+)` and `([a-z0-9-]+)`, at most nine.
 *
 * A pattern stands for one whole label in either case. A backslash makes the next sign literal (`22\.04`); a dot alone
 * is literal too.
 */
export function parseAliasPattern(source: string): Result<AliasPattern> {
  if (source === "" || source.length > maxLabelLength) {
    return refuse(`A pattern has 1 to ${maxLabelLength} characters`);
  }
  const parts: AliasPattern["parts"][number][] = [];
  const found: Capture[] = [];
  let literal = "";
  let at = 0;
  while (at < source.length) {
    const capture = captures.find(([written]) => source.startsWith(written, at));
    if (capture !== undefined) {
      if (literal !== "") parts.push({ literal: literal.toLowerCase() });
      literal = "";
      parts.push({ capture: capture[1] });
      found.push(capture[1]);
      at += capture[0].length;
      continue;
    }
    let sign = source.charAt(at);
    if (sign === "\\" && reserved.includes(source.charAt(at + 1)) && at + 1 < source.length) {
      at += 1;
      sign = source.charAt(at);
    } else if ((sign === "^" && at === 0) || (sign === "$" && at === source.length - 1)) {
      return refuse(
        "A pattern always stands for the whole label; leave ^ and $ out",
        source.slice(sign === "^" ? 1 : 0, sign === "$" ? -1 : undefined),
      );
    } else if (sign !== "." && reserved.includes(sign)) {
      return refuse(
        `${sign} at character ${at + 1} means nothing here; a pattern has literals, (\\d+), ([a-z]+) and ([a-z0-9-]+)`,
      );
    }
    literal += sign;
    at += 1;
  }
  if (literal !== "") parts.push({ literal: literal.toLowerCase() });
  if (found.length > maxCaptures) return refuse(`A pattern has at most ${maxCaptures} captures`);
  return { ok: true, value: { source, captures: found, parts } };
}

function takes(capture: Capture, code: number): boolean {
  const digit = code >= 48 && code <= 57;
  const letter = code >= 97 && code <= 122;
  if (capture === "digits") return digit;
  return capture === "letters" ? letter : letter || digit || code === 45;
}

function continues(label: Characters, at: number, literal: string): boolean {
  if (at + literal.length > label.length) return false;
  for (let i = 0; i < literal.length; i += 1) {
    if (label.charCodeAt(at + i) !== literal.charCodeAt(i)) return false;
  }
  return true;
}

/**
 * Where each capture of a match lies in `label` (lower case), or `undefined` when it does not match.
 *
 * Captures take as much as they can from the left, as in a regular expression. Nothing backtracks: one pass from the
 * right marks from where each part can still reach the end, one from the left follows the marks, so that the work is
 * at most proportional to the label's length for any label.
 */
export function matchAliasPattern(
  pattern: AliasPattern,
  label: Characters,
): readonly (readonly [from: number, to: number])[] | undefined {
  const { parts } = pattern;
  const { length } = label;
  const first = parts[0];
  if (first !== undefined && "literal" in first && !continues(label, 0, first.literal)) {
    return undefined;
  }
  const width = length + 1;
  const reaches = new Uint8Array((parts.length + 1) * width);
  reaches[parts.length * width + length] = 1;
  for (let p = parts.length - 1; p >= 0; p -= 1) {
    const part = parts[p];
    const here = p * width;
    const next = here + width;
    if (part === undefined) continue;
    for (let i = length - 1; i >= 0; i -= 1) {
      if ("literal" in part) {
        if (reaches[next + i + part.literal.length] && continues(label, i, part.literal)) {
          reaches[here + i] = 1;
        }
      } else if (reaches[next + i + 1] || reaches[here + i + 1]) {
        if (takes(part.capture, label.charCodeAt(i))) reaches[here + i] = 1;
      }
    }
  }
  if (!reaches[0]) return undefined;
  const spans: (readonly [number, number])[] = [];
  let at = 0;
  parts.forEach((part, p) => {
    if ("literal" in part) {
      at += part.literal.length;
      return;
    }
    const next = (p + 1) * width;
    let end = at + 1;
    for (let i = at + 1; i <= length && takes(part.capture, label.charCodeAt(i - 1)); i += 1) {
      if (reaches[next + i]) end = i;
    }
    spans.push([at, end]);
    at = end;
  });
  return spans;
}
