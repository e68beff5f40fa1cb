import { Evaluator, Lexer, data as official, Parser } from "@actions/expressions";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluateExpression, type Scope } from "./evaluate.ts";
import { explore, maxWays } from "./explore.ts";
import { parseExpression } from "./parse.ts";
import { evaluateTemplate } from "./template.ts";
import { ExpressionFailure, objectOf, toValue, type Value } from "./value.ts";

const data = {
  matrix: {
    os: "Linux",
    cpu: 4,
    big: true,
    none: null,
    list: ["a", "B", 3],
    nested: { os: "x", list: [{ os: 1 }, { os: "y" }] },
  },
  inputs: { runner: "", size: "8", flag: false },
};

/** Evaluated by GitHub's own library; a fault is a fault, whatever its words. */
function theirs(source: string): unknown {
  try {
    const tree = new Parser(new Lexer(source).lex().tokens, Object.keys(data), []).parse();
    const context = JSON.parse(JSON.stringify(data), (_, value) => reviver(value));
    const value = new Evaluator(tree, context).evaluate();
    return JSON.parse(JSON.stringify(value, (_, part) => plainOfficial(part)) ?? "null");
  } catch {
    return "fault";
  }
}

function reviver(value: unknown): unknown {
  if (value === null) return new official.Null();
  if (typeof value === "string") return new official.StringData(value);
  if (typeof value === "number") return new official.NumberData(value);
  if (typeof value === "boolean") return new official.BooleanData(value);
  if (Array.isArray(value)) return new official.Array(...(value as official.ExpressionData[]));
  return new official.Dictionary(
    ...Object.entries(value as object).map(([key, each]) => ({
      key,
      value: each as official.ExpressionData,
    })),
  );
}

function plainOfficial(part: unknown): unknown {
  return official.replacer("", part as official.ExpressionData);
}

function ours(source: string): unknown {
  try {
    const contexts = new Map(
      Object.entries(data).map(([name, value]): [string, Value] => [name, toValue(value)]),
    );
    const value = evaluateExpression(parseExpression(source), { contexts, choose: () => 0 });
    return JSON.parse(JSON.stringify(plain(value)) ?? "null");
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error;
    return "fault";
  }
}

function plain(value: Value): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value.kind === "list") return value.items.map(plain);
  if (value.kind === "object") {
    return Object.fromEntries(
      [...value.entries.values()].map((each) => [each.name, plain(each.value)]),
    );
  }
  return value;
}

const literal = fc.constantFrom(
  "true",
  "false",
  "null",
  "0",
  "1",
  "-2",
  "0x1f",
  "1.50",
  "1e3",
  ".5",
  "NaN",
  "Infinity",
  "''",
  "'Linux'",
  "'LINUX'",
  "'it''s'",
  "'4'",
  "' '",
  "'a,B'",
  '\'[1,"b",{"os":true}]\'',
  "'{0}-{1}'",
  "'{{x}}'",
  "'{9}'",
);
const name = fc.constantFrom(
  "os",
  "cpu",
  "big",
  "none",
  "list",
  "nested",
  "missing",
  "runner",
  "size",
  "OS",
);
const context = fc.constantFrom("matrix", "inputs", "Matrix");

/** Expressions of the whole grammar, well-formed or nearly so. */
const expression = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    literal,
    fc.tuple(context, name).map(([of, key]) => `${of}.${key}`),
    fc.tuple(context, name, name).map(([of, one, two]) => `${of}.${one}.*.${two}`),
    fc.tuple(context, tie("any")).map(([of, key]) => `${of}[${key}]`),
    fc
      .tuple(fc.constantFrom("==", "!=", "<", "<=", ">", ">=", "&&", "||"), tie("any"), tie("any"))
      .map(([sign, left, right]) => `${left} ${sign} ${right}`),
    tie("any").map((of) => `!${of}`),
    tie("any").map((of) => `(${of})`),
    fc.tuple(tie("any"), name).map(([of, key]) => `(${of}).${key}`),
    fc
      .tuple(
        fc.constantFrom("contains", "startsWith", "ENDSWITH", "join", "format"),
        tie("any"),
        tie("any"),
      )
      .map(([of, one, two]) => `${of}(${one}, ${two})`),
    fc.tuple(tie("any"), tie("any"), tie("any")).map((all) => `format(${all.join(",")})`),
    fc.tuple(tie("any"), tie("any"), tie("any")).map((all) => `case(${all.join(", ")})`),
    fc
      .tuple(fc.constantFrom("fromJSON", "toJson", "nothing", "join"), tie("any"))
      .map(([of, one]) => `${of}(${one})`),
  ),
})).any;

describe("expressions", () => {
  it("mean what GitHub's own library makes of them", () => {
    let faults = 0;
    let runs = 0;
    fc.assert(
      fc.property(expression, (source) => {
        const value = ours(source);
        runs += 1;
        if (value === "fault") faults += 1;
        expect(value).toEqual(theirs(source));
      }),
      { numRuns: 5_000 },
    );
    // A generator of nothing but faults would prove nothing.
    expect(faults / runs).toBeLessThan(0.5);
  });

  it("never throw anything but what is wrong with them, and decide in bounds, whatever the text", () => {
    const pieces = fc.array(
      fc.oneof(
        expression,
        fc.constantFrom(
          "(",
          ")",
          "[",
          "]",
          "*",
          ".",
          ",",
          "!",
          "'",
          "${{",
          "}}",
          " ",
          "vars.X",
          "needs.a",
          "=",
          "&",
          "|",
          "\u0000",
          "ı",
        ),
        fc.string({ maxLength: 6 }),
      ),
      { maxLength: 12 },
    );
    const contexts = new Map<string, Value>([
      ["matrix", toValue(data.matrix)],
      ["inputs", objectOf([["runner", { kind: "choice", key: "r", options: ["a", "b", "c"] }]])],
      ["vars", objectOf([], true)],
      ["needs", { kind: "unknown", source: "needs" }],
    ]);
    const attempt = (run: () => unknown): void => {
      try {
        run();
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionFailure);
      }
    };
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join("");
        const inScope = (run: (scope: Scope) => unknown): void => {
          const { results } = explore((choose) => attempt(() => run({ contexts, choose })));
          expect(results.length).toBeLessThanOrEqual(maxWays);
        };
        inScope((scope) => evaluateExpression(parseExpression(text), scope));
        inScope((scope) => evaluateTemplate(`\${{${text}}}`, scope));
        inScope((scope) => evaluateTemplate(text, scope));
      }),
      { numRuns: 2_000 },
    );
  });

  it("have what they would have if the unknown were known: each value is among those that were found", () => {
    const values = fc.constantFrom<Value>(null, "", "Linux", "x", 0, 4, true, false);
    fc.assert(
      fc.property(expression, values, (source, actual) => {
        // The one thing that is not known takes the place of a matrix value.
        const scopeWith = (value: Value, choose: Scope["choose"]): Scope => ({
          contexts: new Map<string, Value>([
            [
              "matrix",
              objectOf([
                ...Object.entries(data.matrix)
                  .map(([key, each]): [string, Value] => [key, toValue(each)])
                  .filter(([key]) => key !== "os"),
                ["os", value],
              ]),
            ],
            ["inputs", toValue(data.inputs)],
          ]),
          choose,
        });
        const evaluated = (value: Value, choose: Scope["choose"]): string => {
          try {
            const result = evaluateExpression(parseExpression(source), scopeWith(value, choose));
            const text = JSON.stringify(plain(result));
            return text.includes('"kind":"unknown"') ? "unknown" : text;
          } catch (error) {
            if (!(error instanceof ExpressionFailure)) throw error;
            return "fault";
          }
        };
        const known = evaluated(actual, () => 0);
        const found = explore((choose) =>
          evaluated({ kind: "unknown", source: "matrix.os" }, choose),
        );
        const possible = found.results.map(({ value }) => value);
        expect(
          possible.includes(known) ||
            possible.includes("unknown") ||
            known === "fault" ||
            !found.isComplete,
        ).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
