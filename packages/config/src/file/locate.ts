import { type Alias, type Document, isAlias, isMap, isNode, isPair, isScalar, isSeq } from "yaml";
import { eachNode } from "./each-node.ts";

/** Begin and end of something in a text, in UTF-16 units. */
export type Range = readonly [start: number, end: number];

/** A field of a document. */
export interface Field {
  readonly path: readonly (string | number)[];
  /** Whether its key is meant rather than what stands behind it. */
  readonly isAboutKey: boolean;
}

/** What a mapping holds, ready for questions. */
interface Held {
  /** By key; of doubles the first. */
  readonly pairs: ReadonlyMap<string, { readonly key: unknown; readonly value: unknown }>;
  /** What stands behind its merge keys. */
  readonly merged: readonly unknown[];
}

/**
 * Finds where fields stand: the value, or the key when it is about that or the value is empty. Of what is not there the nearest thing
 * around it; through aliases and merges, where it was written.
 *
 * What it looks up it keeps: files that are wrong all over ask for hundreds of fields. The document must not change any more.
 */
export function createLocator(document: Document): (field: Field) => Range {
  let targets: ReadonlyMap<Alias, unknown> | undefined;
  const holdings = new WeakMap<object, Held>();

  const resolve = (node: unknown): unknown => {
    if (!isAlias(node)) return node;
    targets ??= aliasTargets(document);
    return targets.get(node);
  };

  const findPair = (
    map: unknown,
    key: string,
  ): { readonly key: unknown; readonly value: unknown } | undefined => {
    if (!isMap(map)) return undefined;
    const held = holdings.get(map) ?? heldBy(map);
    holdings.set(map, held);
    const own = held.pairs.get(key);
    if (own !== undefined) return own;
    for (const value of held.merged) {
      const resolved = resolve(value);
      for (const source of isSeq(resolved) ? resolved.items : [resolved]) {
        const found = findPair(resolve(source), key);
        if (found) return found;
      }
    }
    return undefined;
  };

  return ({ path, isAboutKey }) => {
    let node: unknown = document.contents;
    // Of the whole document its first line is enough.
    const start = rangeOfNode(node)?.[0] ?? 0;
    let best: Range = [start, start];
    for (const [index, key] of path.entries()) {
      node = resolve(node);
      const isLast = index === path.length - 1;
      if (isSeq(node) && typeof key === "number") {
        node = node.items[key];
        best = rangeOfNode(node) ?? best;
      } else if (isMap(node)) {
        const pair = findPair(node, String(key));
        if (pair === undefined) return best;
        const keyAt = rangeOfNode(pair.key);
        node = pair.value;
        const isValue = isLast && !isAboutKey && isScalarLike(node);
        best = (isValue ? rangeOfNode(node) : keyAt) ?? best;
      } else return best;
    }
    return best;
  };
}

/** What each alias stands for: the last thing before it that has its name. The library looks through the document for each of them. */
function aliasTargets(document: Document): ReadonlyMap<Alias, unknown> {
  const anchors = new Map<string, unknown>();
  const targets = new Map<Alias, unknown>();
  eachNode(document, (node) => {
    if (isAlias(node)) targets.set(node, anchors.get(node.source));
    else if (isNode(node) && "anchor" in node && node.anchor) anchors.set(node.anchor, node);
  });
  return targets;
}

function heldBy({ items }: { readonly items: readonly unknown[] }): Held {
  const pairs = new Map<string, { readonly key: unknown; readonly value: unknown }>();
  const merged: unknown[] = [];
  for (const pair of items) {
    if (!isPair(pair) || !isScalar(pair.key)) continue;
    const name = String(pair.key.value);
    if (!pairs.has(name)) pairs.set(name, pair);
    if (pair.key.source === "<<") merged.push(pair.value);
  }
  return { pairs, merged };
}

const isScalarLike = (node: unknown): boolean =>
  isAlias(node) || (isScalar(node) && node.value !== null);

function rangeOfNode(node: unknown): Range | undefined {
  if (!isNode(node) || !node.range) return undefined;
  return [node.range[0], node.range[1]];
}
