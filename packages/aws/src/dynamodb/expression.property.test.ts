import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { all, type Condition, compared, either, exists, missing } from "./condition.ts";
import { conditional, writeExpressions } from "./expression.ts";

/** Words that DynamoDB reserves among them; most of ours are. */
const name = fc.oneof(
  fc.constantFrom("owner", "value", "ttl", "open", "version", "name", "status", "AND", "size"),
  fc.stringMatching(/^\w{1,12}$/u),
);

const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.string().map((S) => ({ S })),
  fc.maxSafeInteger().map((N) => ({ N: String(N) })),
);

const { condition } = fc.letrec<{ condition: Condition<string> }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(name.map(exists), name.map(missing)),
    fc.tuple(name, fc.constantFrom("=", "<=", ">=", ">"), value).map((parts) => compared(...parts)),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((of) => all(...of)),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((of) => either(...of)),
  ),
}));

const grammar = new Set(["AND", "OR", "attribute_exists", "attribute_not_exists"]);

describe("expressions", () => {
  it("name no attribute and no value but by an alias", () => {
    fc.assert(
      fc.property(condition, (given) => {
        const { ConditionExpression: expression } = conditional(given);
        const words = expression.match(/[#:]?\w+/gu) ?? [];
        expect(words.filter((word) => /^\w/u.test(word) && !grammar.has(word))).toEqual([]);
        expect(expression.replaceAll(/[#:]?\w+|[()]|<=|>=|[=>]| /gu, "")).toBe("");
      }),
    );
  });

  it("define every alias that they use, and no other", () => {
    fc.assert(
      fc.property(condition, (given) => {
        const written = conditional(given);
        const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = written;
        const used = new Set(written.ConditionExpression.match(/[#:]\w+/gu));
        expect(new Set([...Object.keys(names), ...Object.keys(values ?? {})])).toEqual(used);
        for (const [alias, attribute] of Object.entries(names)) expect(alias).toBe(`#${attribute}`);
        expect(values).not.toEqual({});
      }),
    );
  });

  it("keep the values in the order in which they are compared", () => {
    fc.assert(
      fc.property(condition, (given) => {
        expect(Object.values(conditional(given).ExpressionAttributeValues ?? {})).toEqual(
          valuesOf(given),
        );
      }),
    );
  });

  it("share their aliases within one call", () => {
    const writer = writeExpressions<"owner" | "epoch">();
    expect(writer.set({ owner: { S: "a" }, epoch: { N: "2" } })).toBe(
      "SET #owner = :v0, #epoch = :v1",
    );
    expect(writer.condition(all(exists("owner"), compared("epoch", "=", { N: "1" })))).toBe(
      "attribute_exists(#owner) AND #epoch = :v2",
    );
    expect(writer.aliases()).toEqual({
      ExpressionAttributeNames: { "#owner": "owner", "#epoch": "epoch" },
      ExpressionAttributeValues: { ":v0": { S: "a" }, ":v1": { N: "2" }, ":v2": { N: "1" } },
    });
  });

  it("refuse what could never be meant", () => {
    expect(() => conditional(exists("a.b"))).toThrow(TypeError);
    expect(() => conditional(all())).toThrow(TypeError);
  });
});

function valuesOf(given: Condition<string>): readonly AttributeValue[] {
  if (given.kind === "AND" || given.kind === "OR") return given.of.flatMap(valuesOf);
  return "value" in given ? [given.value] : [];
}
