import { complain, type Draft, quoted } from "./draft.ts";
import type { scanDecimal, scanInteger } from "./scan.ts";
import type { Bounds } from "./shape.ts";

/** What a numeric setting takes. */
export interface NumberRule {
  readonly key: string;
  /** What a right value looks like, for messages. */
  readonly form: string;
  readonly min: number;
  readonly max: number;
  /** The bounds in words. */
  readonly bounds: string;
  /** The number, -1 when the part is none. */
  readonly scan: typeof scanInteger | typeof scanDecimal;
}

/** What was probably meant by a number in another notation, if our scanner takes it. */
function tidy(value: string, rule: NumberRule, range: boolean): string | undefined {
  // Every step removes from the ends or replaces in place: linear in the value, which a label bounds.
  const parts = value
    .toLowerCase()
    .replaceAll(range ? /-|\.\.|,/g : /,/g, range ? "+" : "")
    .split("+")
    .map((part) => part.trim().replace(/ ?(?:gib|gb|g|vcpus?|cpus?)$/, ""))
    .map((part) => part.replace(/^0+(?=\d)/, ""))
    .filter((part) => part !== "");
  if (parts.length === 0 || parts.length > (range ? 2 : 1)) return undefined;
  for (const part of parts) {
    const number = rule.scan(part, 0, part.length);
    if (number < rule.min || number > rule.max) return undefined;
  }
  const text = parts.join("+");
  return text === value ? undefined : text;
}

function invalid(draft: Draft, rule: NumberRule, from: number, to: number, range: boolean): void {
  const value = draft.text.slice(from, to);
  const suggestion = tidy(value, rule, range);
  complain(
    draft,
    "invalid-value",
    rule.key,
    `${quoted(value)} is no value for ${rule.key}; write ${rule.form}`,
    suggestion,
  );
}

function inBounds(draft: Draft, rule: NumberRule, value: number): boolean {
  if (value >= rule.min && value <= rule.max) return true;
  const written = Number.isFinite(value) ? value : "a number this long";
  const message = `${written} is out of range; ${rule.key} is ${rule.bounds}`;
  complain(draft, "out-of-range", rule.key, message);
  return false;
}

/** Reads one number, or complains. */
export function readNumber(
  draft: Draft,
  rule: NumberRule,
  from: number,
  to: number,
): number | undefined {
  const value = rule.scan(draft.text, from, to);
  if (value < 0) invalid(draft, rule, from, to, false);
  else if (inBounds(draft, rule, value)) return value;
  return undefined;
}

/** Reads `4` or `4+16`, or complains; one number has no `max`. */
export function readRange(
  draft: Draft,
  rule: NumberRule,
  from: number,
  to: number,
): Bounds | undefined {
  const { text } = draft;
  let plus = from;
  while (plus < to && text.charCodeAt(plus) !== 43) plus += 1;
  const min = rule.scan(text, from, plus);
  if (plus === to) {
    if (min < 0) invalid(draft, rule, from, to, true);
    else if (inBounds(draft, rule, min)) return { min };
    return undefined;
  }
  const max = rule.scan(text, plus + 1, to);
  if (min < 0 || max < 0) {
    invalid(draft, rule, from, to, true);
    return undefined;
  }
  if (!inBounds(draft, rule, min) || !inBounds(draft, rule, max)) return undefined;
  if (min > max) {
    const turned = `${text.slice(plus + 1, to)}+${text.slice(from, plus)}`;
    complain(
      draft,
      "inverted-range",
      rule.key,
      `${rule.key}=${text.slice(from, to)} ends below its start; write ${rule.key}=${turned}`,
      turned,
    );
    return undefined;
  }
  return { min, max };
}
