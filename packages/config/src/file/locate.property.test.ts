import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
} from "yaml";
import { createLocator, type Field, type Range } from "./locate.ts";

const rangeOf = (node: unknown): Range | undefined =>
  isNode(node) && node.range ? [node.range[0], node.range[1]] : undefined;

/** The plain way: the library resolves every alias anew, and every key is compared. */
function plainRange(document: Document, { path, isAboutKey }: Field): Range {
  const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  const pairIn = (map: unknown, key: string): { key: unknown; value: unknown } | undefined => {
    if (!isMap(map)) return undefined;
    const pairs = map.items.filter((pair) => isPair(pair) && isScalar(pair.key));
    const own = pairs.find(({ key: one }) => isScalar(one) && String(one.value) === key);
    if (own) return own;
    for (const { key: one, value } of pairs) {
      if (!isScalar(one) || one.source !== "<<") continue;
      const resolved = resolve(value);
      for (const source of isSeq(resolved) ? resolved.items : [resolved]) {
        const found = pairIn(resolve(source), key);
        if (found) return found;
      }
    }
    return undefined;
  };
  let node: unknown = document.contents;
  const start = rangeOf(node)?.[0] ?? 0;
  let best: Range = [start, start];
  for (const [index, key] of path.entries()) {
    node = resolve(node);
    if (isSeq(node) && typeof key === "number") {
      node = node.items[key];
      best = rangeOf(node) ?? best;
    } else {
      const pair = pairIn(node, String(key));
      if (pair === undefined) return best;
      node = pair.value;
      const hasText = isAlias(node) || (isScalar(node) && node.value !== null);
      const isValue = index === path.length - 1 && !isAboutKey && hasText;
      best = rangeOf(isValue ? node : pair.key) ?? best;
    }
  }
  return best;
}

const value = fc.constantFrom("1", "", "*x", "*y", "[*x, 2, { a: *y }]", "&x 3", "&y [4, 5]");
const inner = fc
  .tuple(
    fc.constantFrom("", "&x ", "&y "),
    fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), value), { maxLength: 3 }),
    fc.constantFrom("", "<<: *x", "<<: [*x, *y]", "<<: { a: 6 }"),
  )
  .map(([anchor, pairs, merge]) => {
    const all = [...pairs.map(([key, held]) => `${key}: ${held}`), ...(merge ? [merge] : [])];
    return `${anchor}{ ${all.join(", ")} }`;
  });
const text = fc
  .array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.oneof(inner, value)), { maxLength: 7 })
  .map((pairs) => pairs.map(([key, held]) => `${key}: ${held}\n`).join(""))
  .map((rest) => `e: &x { a: 7 }\nf: &y { b: 8, c: [9] }\n${rest}`);
const path = fc.array(fc.constantFrom("a", "b", "c", "d", "e", 0, 1, 2), { maxLength: 4 });

it("finds each field where the plain way finds it, through aliases of names that are given twice", () => {
  let through = 0;
  fc.assert(
    fc.property(
      text,
      fc.array(fc.record({ path, isAboutKey: fc.boolean() }), { minLength: 1, maxLength: 8 }),
      (written, fields) => {
        const document = parseDocument(written, { merge: true, uniqueKeys: false });
        try {
          document.toJS();
        } catch {
          // What unfolds without an end, or stands for nothing, is told before anything is looked for.
          return;
        }
        const locate = createLocator(document);
        for (const field of fields) {
          const found = locate(field);
          expect(found).toEqual(plainRange(document, field));
          through += Number(found[0] > 0);
        }
      },
    ),
    { numRuns: 2_000 },
  );
  expect(through).toBeGreaterThan(500);
});
