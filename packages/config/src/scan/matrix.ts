import { isOpen } from "./expressions/evaluate.ts";
import {
  areEqual,
  ExpressionFailure,
  isPrimitive,
  type ListValue,
  numberOf,
  type ObjectValue,
  objectOf,
  type SettledValue,
  type UnknownValue,
  type Value,
} from "./expressions/value.ts";

/** The jobs of a matrix: for each, what `matrix` is there. Unknown as a whole when its rows are. */
export type Expansion =
  | { readonly kind: "combinations"; readonly combinations: readonly ObjectValue[] }
  | UnknownValue;

/** Most jobs of one matrix. GitHub's own limit. */
const mostCombinations = 256;
/** Most combinations before some are excluded. */
const mostProducts = 4_096;

/** What an entry of `include` or `exclude` has to find in a combination: a path, and what is to stand there. */
interface Leaf {
  readonly path: readonly SettledValue[];
  readonly value: SettledValue;
}

type Combination = Map<string, { readonly name: string; readonly value: Value }>;

/**
 * The combinations of a matrix, as GitHub makes them: the product of its rows; without those that an entry of `exclude` matches;
 * each with what the entries of `include` that match it add, a later one over an earlier; and one for each entry of `include` that
 * matches none.
 *
 * An entry matches when each of its leaves equals what stands at its place, as `==` does; an entry of `include` is held against
 * the rows of the matrix alone. Where that is not known, the combination stays, what could be added to it is not known, and the
 * entry makes one of its own: rather one too many than one that is missing.
 *
 * @param matrix - With its expressions evaluated.
 * @throws An {@link ExpressionFailure} when GitHub would refuse it.
 */
export function expandMatrix(matrix: SettledValue): Expansion {
  if (isOpen(matrix)) return matrix;
  if (isPrimitive(matrix) || matrix.kind !== "object") {
    throw new ExpressionFailure("a matrix is a mapping of lists");
  }
  const rows: { key: string; name: string; items: readonly SettledValue[] }[] = [];
  let size = 1;
  for (const [key, { name, value }] of matrix.entries) {
    if (key === "include" || key === "exclude") continue;
    const items = rowItems(name, settled(value));
    rows.push({ key, name, items });
    size *= items.length;
    if (size > mostProducts) throw tooMany(size);
  }
  const keys = new Set(rows.map(({ key }) => key));
  const include = filtersOf("include", matrix);
  const exclude = filtersOf("exclude", matrix);
  // Which entries there are decides which jobs there are.
  if (include.kind === "unknown") return include;
  if (exclude.kind === "unknown") return exclude;
  for (const { entries } of exclude.items) {
    for (const [key, { name }] of entries) {
      if (keys.has(key)) continue;
      throw new ExpressionFailure(`exclude names ${name}, which is no row of the matrix`);
    }
  }

  const products = rows.length === 0 ? [] : productsOf(rows);
  const kept = products
    .map((product) => {
      const found = exclude.items.map((filter) => matches(leavesOf(filter), product));
      return {
        product,
        isExcluded: found.includes(true),
        isSure: found.every((each) => each === false),
      };
    })
    .filter(({ isExcluded }) => !isExcluded);
  const wholes = include.items.map((entry) => {
    const filter = new Map([...entry.entries].filter(([key]) => keys.has(key)));
    const extra = [...entry.entries].filter(([key]) => !keys.has(key));
    return { entry, leaves: leavesOf({ kind: "object", entries: filter }), extra, isAdded: false };
  });
  const combinations: ObjectValue[] = [];
  for (const { product, isSure } of kept) {
    const combination: Combination = new Map(product);
    for (const whole of wholes) {
      const match = matches(whole.leaves, product);
      if (match === false) continue;
      // What is added to nothing but combinations that may not be there may be one of its own as well.
      if (match === true && isSure) whole.isAdded = true;
      for (const [key, { name, value }] of whole.extra) {
        const added = match === true ? value : match;
        combination.set(key, { name, value: added });
      }
    }
    combinations.push({ kind: "object", entries: combination });
  }
  for (const { entry, isAdded } of wholes) if (!isAdded) combinations.push(entry);
  if (combinations.length > mostCombinations) throw tooMany(combinations.length);
  return { kind: "combinations", combinations };
}

function tooMany(count: number): ExpressionFailure {
  const least = count > mostProducts ? "more than " : "";
  const shown = Math.min(count, mostProducts);
  return new ExpressionFailure(
    `the matrix makes ${least}${shown} jobs; GitHub starts at most ${mostCombinations}`,
  );
}

/** Choices are settled where a matrix is evaluated; what is left of them cannot be known. */
function settled(value: Value): SettledValue {
  if (typeof value !== "object" || value === null || value.kind !== "choice") return value;
  return { kind: "unknown", source: value.key };
}

function rowItems(name: string, value: SettledValue): readonly SettledValue[] {
  if (isOpen(value)) return [value];
  if (isPrimitive(value) || value.kind !== "list") {
    throw new ExpressionFailure(`the row ${name} of the matrix is no list`);
  }
  if (value.items.length === 0) {
    throw new ExpressionFailure(`the row ${name} of the matrix has no values`);
  }
  return value.items.map(settled);
}

/** The entries of `include` or `exclude`. */
function filtersOf(
  key: "include" | "exclude",
  matrix: ObjectValue,
): UnknownValue | { readonly kind: "list"; readonly items: readonly ObjectValue[] } {
  const list = settled(matrix.entries.get(key)?.value ?? null);
  if (list === null || list === "") return { kind: "list", items: [] };
  if (isOpen(list)) return list;
  if (isPrimitive(list) || list.kind !== "list") {
    throw new ExpressionFailure(`${key} of the matrix is no list of mappings`);
  }
  const items: ObjectValue[] = [];
  for (const item of (list satisfies ListValue).items.map(settled)) {
    if (isOpen(item)) return item;
    if (isPrimitive(item) || item.kind !== "object" || item.entries.size === 0) {
      throw new ExpressionFailure(`${key} of the matrix has an entry that is no mapping, or empty`);
    }
    items.push(item);
  }
  return { kind: "list", items };
}

/** Every way to take one item of each row; the last row changes first. */
function productsOf(
  rows: readonly {
    readonly key: string;
    readonly name: string;
    readonly items: readonly SettledValue[];
  }[],
): readonly Combination[] {
  let products: readonly Combination[] = [new Map()];
  for (const { key, name, items } of rows) {
    products = products.flatMap((product) =>
      items.map((value) => new Map(product).set(key, { name, value })),
    );
  }
  return products;
}

/** What has to be found, down to texts, numbers, true, false and null. Empty mappings and lists ask for nothing. */
function leavesOf(filter: SettledValue, path: readonly SettledValue[] = []): readonly Leaf[] {
  if (isPrimitive(filter) || filter.kind === "unknown") return [{ path, value: filter }];
  if (filter.kind === "list") {
    return filter.items.flatMap((item, index) => leavesOf(settled(item), [...path, index]));
  }
  return [...filter.entries.values()].flatMap(({ name, value }) =>
    leavesOf(settled(value), [...path, name]),
  );
}

/** Whether all leaves are found in a combination; what is not known, when that decides it. */
function matches(leaves: readonly Leaf[], combination: Combination): boolean | UnknownValue {
  let unknown: UnknownValue | undefined;
  for (const { path, value } of leaves) {
    const found = at(combination, path);
    if (isOpen(found)) unknown ??= found;
    else if (isOpen(value)) unknown ??= value;
    else if (!areEqual(found, value)) return false;
  }
  return unknown ?? true;
}

function at(combination: Combination, path: readonly SettledValue[]): SettledValue {
  let value: SettledValue = objectOf(
    [...combination.values()].map(({ name, value }) => [name, value]),
  );
  for (const key of path) {
    if (isPrimitive(value)) return null;
    if (value.kind === "unknown") return value;
    if (value.kind === "list") value = settled(value.items[numberOf(key)] ?? null);
    else value = settled(value.entries.get(String(key).toLowerCase())?.value ?? null);
  }
  return value;
}
