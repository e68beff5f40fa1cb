import fc from "fast-check";
import { expect, it } from "vitest";
import { isNode, parseDocument, stringify, visit } from "yaml";
import { eachNode } from "./each-node.ts";

/** The slow way. */
function visited(document: ReturnType<typeof parseDocument>): readonly unknown[] {
  const found: unknown[] = [];
  visit(document, { Node: (_, node) => void found.push(node) });
  return found;
}

const pieces = fc.constantFrom(
  "a: ",
  "\nb: ",
  "\n  c: ",
  "\n- ",
  "? ",
  "{ d: 1, e }",
  "[f, g: 2]",
  "&x ",
  "*x",
  "<<: *x",
  "!!set { h }",
  "!!omap [i: 1]",
  "1",
  "\n",
);

it("meets the nodes that the library's own visitor meets, in its order", () => {
  const anyText = fc.oneof(
    fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join("")),
    fc.jsonValue({ maxDepth: 5 }).map((value) => stringify(value)),
  );
  let most = 0;
  fc.assert(
    fc.property(anyText, (text) => {
      const document = parseDocument(text, { merge: true, uniqueKeys: false, logLevel: "error" });
      const found: unknown[] = [];
      eachNode(document, (node) => {
        if (isNode(node)) found.push(node);
      });
      const expected = visited(document);
      expect(found.length).toBe(expected.length);
      expect(found.every((node, index) => node === expected[index])).toBe(true);
      most = Math.max(most, found.length);
    }),
    { numRuns: 500 },
  );
  expect(most).toBeGreaterThan(10);
});
