import type { CST } from "yaml";

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
