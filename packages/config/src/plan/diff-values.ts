/** One difference between two values of the same kind. */
export interface Difference {
  readonly kind: "added" | "changed" | "removed";
  /** Where, as keys and names joined by dots. Empty: the value itself. */
  readonly path: string;
  /** What was there. Absent: nothing. */
  readonly before?: unknown;
  /** What is there then. Absent: nothing. */
  readonly after?: unknown;
}

type Mapping = Readonly<Record<string, unknown>>;

const isMapping = (value: unknown): value is Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Lists of things that have names of their own are compared by name: one put in front moves no other. */
function byName(list: readonly unknown[]): Mapping | undefined {
  const named = new Map<string, unknown>();
  for (const item of list) {
    const name = isMapping(item) ? item["name"] : undefined;
    if (typeof name !== "string" || named.has(name)) return undefined;
    named.set(name, item);
  }
  return Object.fromEntries(named);
}

const join = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

/** Whether two values of JSON say the same; the order of keys does not matter. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => sameValue(item, right[at]));
  }
  if (!isMapping(left) || !isMapping(right)) return false;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => sameValue(left[key], right[key]));
}

/**
 * All differences between two values of JSON, each at the nearest key that differs. What is added or removed is told as a whole.
 * None when they say the same.
 */
export function diffValues(before: unknown, after: unknown, path = ""): readonly Difference[] {
  if (sameValue(before, after)) return [];
  if (before === undefined) return [{ kind: "added", path, after }];
  if (after === undefined) return [{ kind: "removed", path, before }];
  const [left, right] =
    Array.isArray(before) && Array.isArray(after)
      ? [byName(before), byName(after)]
      : [before, after];
  if (!isMapping(left) || !isMapping(right)) return [{ kind: "changed", path, before, after }];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const found = keys.flatMap((key) => diffValues(left[key], right[key], join(path, key)));
  if (found.length > 0) return found;
  // The same things in another order, which counts: the first policy that allows decides.
  return [{ kind: "changed", path, before: Object.keys(left), after: Object.keys(right) }];
}
