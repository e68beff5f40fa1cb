/** A value of GitHub's expressions, as far as it is known before a workflow runs. */
export type Value =
  | null
  | boolean
  | number
  | string
  | ListValue
  | ObjectValue
  | UnknownValue
  | ChoiceValue;

/** A list; equal to itself alone. */
export interface ListValue {
  readonly kind: "list";
  readonly items: readonly Value[];
  /** Whether it was made by `*`: a further index goes to its items, not into it. */
  readonly isFiltered?: boolean;
}

/** A mapping; equal to itself alone. */
export interface ObjectValue {
  readonly kind: "object";
  /** By the name in lower case: names are found in either case. */
  readonly entries: ReadonlyMap<string, { readonly name: string; readonly value: Value }>;
  /** Whether it has more entries, which are not known. */
  readonly isPartial?: boolean;
}

/** What is known only when the workflow runs. */
export interface UnknownValue {
  readonly kind: "unknown";
  /** The part of an expression that it comes from: `needs.setup.outputs.runner`. */
  readonly source: string;
}

/** One of several values; a person or an event chooses. */
export interface ChoiceValue {
  readonly kind: "choice";
  /** Whose choice it is: the same key is always the same choice. */
  readonly key: string;
  /** At least one. */
  readonly options: readonly Exclude<Value, ChoiceValue>[];
}

/** A value of which everything but its parts is settled. */
export type SettledValue = Exclude<Value, ChoiceValue>;

/** An expression that fails: GitHub would not start the job. */
export class ExpressionFailure extends Error {}

/** Longest text that an expression may make: a few placeholders can otherwise stand for terabytes. */
export const maxTextLength = 100_000;
/** Deepest data: what `fromJSON` reads may be nested without end. */
const maxDepth = 64;

/** A mapping of known entries. */
export function objectOf(
  entries: Iterable<readonly [name: string, value: Value]>,
  isPartial = false,
): ObjectValue {
  const map = new Map<string, { name: string; value: Value }>();
  // The first of names that differ in case alone stays.
  for (const [name, value] of entries) {
    const key = name.toLowerCase();
    if (!map.has(key)) map.set(key, { name, value });
  }
  return { kind: "object", entries: map, ...(isPartial ? { isPartial } : {}) };
}

/** Data of JSON or YAML as a value. */
export function toValue(data: unknown, depth = 0): SettledValue {
  if (depth > maxDepth) throw new ExpressionFailure(`data is nested deeper than ${maxDepth}`);
  if (data === null || data === undefined) return null;
  if (typeof data === "string" || typeof data === "number" || typeof data === "boolean")
    return data;
  if (typeof data === "bigint") return Number(data);
  if (Array.isArray(data)) {
    return { kind: "list", items: data.map((item: unknown) => toValue(item, depth + 1)) };
  }
  if (typeof data !== "object") return null;
  return objectOf(Object.entries(data).map(([key, item]) => [key, toValue(item, depth + 1)]));
}

/** Whether a value is a text, a number, true, false or null. */
export function isPrimitive(value: Value): value is null | boolean | number | string {
  return value === null || typeof value !== "object";
}

/** What takes the place of a value in a text. Not for what is unknown. */
export function textOf(value: SettledValue): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  // At most 15 decimals, without zeros at the end.
  if (typeof value === "number") return value === 0 ? "0" : String(+value.toFixed(15));
  if (typeof value === "boolean") return String(value);
  return value.kind === "list" ? "Array" : "Object";
}

/** The number that a value stands for; `NaN` when it is none. */
export function numberOf(value: SettledValue): number {
  if (value === null) return 0;
  return typeof value === "object" ? Number.NaN : Number(value);
}

/** Whether a value counts as true. */
export function isTruthy(value: SettledValue): boolean {
  if (value === null || value === false || value === "" || value === 0) return false;
  return typeof value !== "number" || !Number.isNaN(value);
}

/** A text for comparisons without regard to case; the dotless i has no upper case there. */
export function foldCase(text: string): string {
  return text
    .split("ı")
    .map((part) => part.toUpperCase())
    .join("ı");
}

/** The two sides of a comparison, made alike: values of different kinds compare as numbers. */
function alike(
  left: SettledValue,
  right: SettledValue,
): readonly [SettledValue, SettledValue] | undefined {
  const isObject = (value: SettledValue): boolean => typeof value === "object" && value !== null;
  if (isObject(left) || isObject(right))
    return isObject(left) && isObject(right) ? [left, right] : undefined;
  const kind = (value: SettledValue): string => (value === null ? "null" : typeof value);
  if (kind(left) === kind(right)) return [left, right];
  return [numberOf(left), numberOf(right)];
}

/** `==`: texts without regard to case, lists and mappings by identity, different kinds as numbers. */
export function areEqual(left: SettledValue, right: SettledValue): boolean {
  const pair = alike(left, right);
  if (pair === undefined) return false;
  const [one, other] = pair;
  if (typeof one === "string" && typeof other === "string")
    return foldCase(one) === foldCase(other);
  return one === other;
}

/** Below zero, zero or above; `undefined` when the two have no order. */
export function compareValues(left: SettledValue, right: SettledValue): number | undefined {
  const pair = alike(left, right);
  if (pair === undefined) return undefined;
  const [one, other] = pair;
  if (typeof one === "string" && typeof other === "string") {
    const [first, second] = [foldCase(one), foldCase(other)];
    return first === second ? 0 : first < second ? -1 : 1;
  }
  if (one === null && other === null) return undefined;
  if (typeof one === "boolean" || typeof one === "number") {
    const difference = Number(one) - numberOf(other);
    // Infinity is as large as itself.
    if (one === other) return 0;
    return Number.isNaN(difference) ? undefined : difference;
  }
  return undefined;
}
