import { type CST, type Document, isAlias, isCollection, isNode, isPair } from "yaml";

/**
 * Where a text is nested deeper than `most`, in UTF-16 units; `undefined`: nowhere. The parser's tokens are looked through without
 * recursion, before anything that recurses: at some depth the stack ends, and with it the process.
 */
export function tooDeepAt(tokens: readonly CST.Token[], most: number): number | undefined {
  const waiting: { readonly token: CST.Token | null | undefined; readonly depth: number }[] =
    tokens.map((token) => ({ token, depth: 0 }));
  for (;;) {
    const next = waiting.pop();
    if (next === undefined) return undefined;
    const { token, depth } = next;
    if (token === null || token === undefined) continue;
    if (depth > most) return token.offset;
    if (token.type === "document") waiting.push({ token: token.value, depth });
    else if ("items" in token) {
      for (const { key, value } of token.items) {
        waiting.push({ token: key, depth: depth + 1 }, { token: value, depth: depth + 1 });
      }
    }
  }
}

/**
 * Where an alias makes a document deeper than `most`, in UTF-16 units; `undefined`: nowhere. One that stands for something that it is
 * in itself does so without an end. Whoever walks through what the document says sees through aliases.
 *
 * @param document - Not deeper as it is written.
 */
export function unfoldsTooDeepAt({ contents }: Document, most: number): number | undefined {
  /** How deep what an anchor names is; nothing yet while that is still being read. */
  const depths = new Map<string, number | undefined>();
  let found: number | undefined;
  const depthOf = (node: unknown, around: number): number => {
    if (isAlias(node)) {
      const depth = depths.get(node.source) ?? (depths.has(node.source) ? most + 1 : 0);
      if (around + depth > most) found ??= node.range?.[0] ?? 0;
      return depth;
    }
    const anchor = isNode(node) && "anchor" in node ? node.anchor : undefined;
    if (anchor) depths.set(anchor, undefined);
    let depth = 0;
    if (isCollection(node)) {
      for (const item of node.items) {
        for (const part of isPair(item) ? [item.key, item.value] : [item]) {
          depth = Math.max(depth, 1 + depthOf(part, around + 1));
        }
      }
    }
    if (anchor) depths.set(anchor, depth);
    return depth;
  };
  depthOf(contents, 0);
  return found;
}
