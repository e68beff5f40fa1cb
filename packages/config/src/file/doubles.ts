import { type Document, isMap, isNode, isScalar } from "yaml";
import { eachNode } from "./each-node.ts";

/** Where keys stand that their mapping has already. Merge keys may be there several times. */
export function findDoubles(
  document: Document,
): readonly (readonly [start: number, end: number])[] {
  const doubles: (readonly [number, number])[] = [];
  eachNode(document, (map) => {
    if (!isMap(map)) return;
    const seen = new Set<string>();
    for (const { key } of map.items) {
      if (!isScalar(key) || key.source === "<<") continue;
      const name = String(key.value);
      if (seen.has(name) && isNode(key) && key.range) doubles.push([key.range[0], key.range[1]]);
      seen.add(name);
    }
  });
  return doubles;
}
