import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type TemplateValue, templateValue } from "./template-value.ts";
import { toYaml } from "./to-yaml.ts";

const texts = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "yes",
    "no",
    "on",
    "Off",
    "null",
    "~",
    "1",
    "1e3",
    "0x1",
    "12:30:45",
    "2012-10-17",
  ),
  fc.constantFrom(
    "a: b",
    "a #b",
    "- a",
    "? a",
    "&a",
    "*a",
    "!a",
    "{",
    "[",
    "'",
    '"',
    " a",
    "a ",
    "a\nb",
  ),
);
const { tree } = fc.letrec<{ tree: TemplateValue }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    texts,
    fc.integer(),
    fc.boolean(),
    fc.array(tie("tree"), { maxLength: 4 }),
    fc.dictionary(texts, tie("tree"), { maxKeys: 4 }),
  ),
}));

describe("YAML", () => {
  it.each(["1.1", "1.2"] as const)("of version %s says what was meant", (version) => {
    fc.assert(
      fc.property(tree, (value) => {
        // Longer keys would need a form of their own, and no template has one.
        fc.pre(!/"[^"]{900,}/u.test(JSON.stringify(value)));
        expect(parse(toYaml(value), { version })).toEqual(value);
      }),
    );
  });
});

describe("a value of a template", () => {
  it("is what it was, unless it has a placeholder", () => {
    fc.assert(
      fc.property(tree, (value) => {
        fc.pre(!/\$\{(?:AWS::|[A-Z])/u.test(JSON.stringify(value)));
        expect(templateValue(value)).toEqual(value);
      }),
    );
  });

  it.each([
    [`\${AWS::Region}`, { Ref: "AWS::Region" }],
    [`a-\${AWS::Region}`, { "Fn::Sub": `a-\${AWS::Region}` }],
    [`\${VpcId}\${VpcId}`, { "Fn::Sub": `\${VpcId}\${VpcId}` }],
    [`\${aws:userid}`, `\${aws:userid}`],
    [`\${VpcId}/\${aws:userid}`, { "Fn::Sub": `\${VpcId}/\${!aws:userid}` }],
  ])("%s becomes %j", (text, value) => {
    expect(templateValue(text)).toEqual(value);
  });
});
