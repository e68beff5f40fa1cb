import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { mapping } from "../form/mapping.ts";
import { noted, optional, required } from "../form/notes.ts";
import { toJsonSchema } from "./to-json-schema.ts";

describe("a form as JSON Schema", () => {
  it("is what people write, not what comes out", () => {
    const seconds = v.pipe(v.string(), v.regex(/^\d+s$/), v.transform(Number.parseInt));
    expect(toJsonSchema(seconds)).toEqual({ type: "string", pattern: "^\\d+s$" });
  });

  it("tells what is said of a key, and of what stands there where the key says nothing else", () => {
    const count = noted(v.pipe(v.number(), v.integer(), v.minValue(0)), { examples: [3] });
    const form = mapping({
      hot: required(count, "Machines that wait."),
      most: optional(count, "Most of them.", { default: 9, examples: [4, 5] }),
      least: optional(count, "Least of them.", { otherwise: "`none`" }),
    });
    const whole = { type: "integer", minimum: 0 };
    expect(toJsonSchema(form)).toEqual({
      type: "object",
      properties: {
        hot: { description: "Machines that wait.", examples: [3], ...whole },
        most: {
          description: "Most of them. Default: 9.",
          default: 9,
          examples: [4, 5],
          ...whole,
        },
        least: { description: "Least of them. Default: none.", examples: [3], ...whole },
      },
      required: ["hot"],
      additionalProperties: false,
    });
  });

  it.each<[string, v.GenericSchema]>([
    [
      "check",
      v.pipe(
        v.string(),
        v.check((text) => text !== ""),
      ),
    ],
    ["the flags i", v.pipe(v.string(), v.regex(/a/i))],
    ["a second pattern", v.pipe(v.string(), v.regex(/a/), v.regex(/b/))],
    ["a length in UTF-16 units", v.pipe(v.string(), v.maxLength(3))],
    ["min_value of what was transformed", v.pipe(v.string(), v.transform(Number), v.minValue(1))],
    ["object", v.object({})],
  ])("leaves nothing out in silence: %s", (what, schema) => {
    expect(() => toJsonSchema(schema)).toThrow(
      new TypeError(`JSON Schema has no words for ${what}`),
    );
  });
});
