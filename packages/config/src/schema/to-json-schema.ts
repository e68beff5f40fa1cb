import type * as v from "valibot";
import { noNames } from "../form/mapping.ts";
import { type Notes, notesOf } from "../form/notes.ts";

/** A schema of draft-07, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

interface Part {
  readonly kind: "schema" | "validation" | "transformation" | "metadata";
  readonly type: string;
  readonly pipe?: readonly Part[];
  readonly entries?: Readonly<Record<string, Part>>;
  readonly options?: readonly unknown[];
  readonly item?: Part;
  readonly items?: readonly Part[];
  readonly key?: Part;
  readonly value?: Part;
  readonly wrapped?: Part;
  readonly literal?: unknown;
  readonly requirement?: unknown;
}

/**
 * What a valibot schema accepts, as JSON Schema (draft-07): what people write, not what comes out of it.
 *
 * @throws A `TypeError` for what has no counterpart: a check by a function, say.
 */
export function toJsonSchema(schema: v.GenericSchema): JsonSchema {
  return convert(schema as unknown as Part);
}

function convert(part: Part): JsonSchema {
  if (part.type === "exact_optional") return convert(part.wrapped as Part);
  return { ...annotations(notesOf(part)), ...constraints(part) };
}

/** What people are told, as plain text. Editors show descriptions; few of them show defaults. */
function annotations({ description, examples, otherwise, default: value }: Notes): JsonSchema {
  const fallback = otherwise ?? (value === undefined ? undefined : JSON.stringify(value));
  const told =
    description !== undefined && fallback !== undefined
      ? `${description} Default: ${fallback}.`
      : description;
  return {
    ...(told === undefined ? {} : { description: told.replaceAll("`", "") }),
    ...(value === undefined ? {} : { default: value }),
    ...(examples === undefined ? {} : { examples }),
  };
}

function constraints(part: Part): JsonSchema {
  const [first, ...steps] = flattened(part);
  const result: Record<string, unknown> = { ...base(first as Part) };
  let isTransformed = false;
  for (const step of steps) {
    if (step.kind === "transformation") isTransformed = true;
    if (step.kind === "transformation" || step.kind === "metadata") continue;
    // What comes out of a transformation is not what people write.
    if (isTransformed) throw unsayable(`${step.type} of what was transformed`);
    for (const [keyword, value] of Object.entries(bound(step, (first as Part).type))) {
      if (keyword in result && keyword !== "type") throw unsayable(`a second ${keyword}`);
      result[keyword] = value;
    }
  }
  return result;
}

/** A schema and what is asked of it beside, in order. */
function flattened(part: Part): readonly Part[] {
  return part.pipe ? part.pipe.flatMap(flattened) : [part];
}

function base(part: Part): JsonSchema {
  switch (part.type) {
    case "strict_object": {
      const entries = Object.entries(part.entries ?? {});
      const required = entries
        .filter(([, { type }]) => type !== "exact_optional")
        .map(([key]) => key);
      return {
        type: "object",
        properties: Object.fromEntries(entries.map(([key, entry]) => [key, convert(entry)])),
        ...(required.length > 0 ? { required } : {}),
        additionalProperties: false,
      };
    }
    case "record":
      return {
        type: "object",
        propertyNames: { ...constraints(part.key as Part), not: { enum: noNames } },
        additionalProperties: convert(part.value as Part),
      };
    case "array":
      return { type: "array", items: convert(part.item as Part) };
    case "strict_tuple": {
      const items = (part.items ?? []).map(convert);
      return { type: "array", items, minItems: items.length, additionalItems: false };
    }
    case "union":
      // Examples are given for the whole.
      return { anyOf: (part.options as readonly Part[]).map(constraints) };
    case "picklist":
      return { type: "string", enum: part.options };
    case "literal":
      return {
        type: Number.isInteger(part.literal) ? "integer" : typeof part.literal,
        const: part.literal,
      };
    case "string":
    case "number":
    case "boolean":
      return { type: part.type };
    default:
      throw unsayable(part.type);
  }
}

function bound({ type, requirement }: Part, of: string): JsonSchema {
  switch (type) {
    case "regex":
      return { pattern: patternOf(requirement as RegExp) };
    case "integer":
      return { type: "integer" };
    case "min_value":
      return { minimum: requirement };
    case "max_value":
      return { maximum: requirement };
    case "gt_value":
      return { exclusiveMinimum: requirement };
    case "min_length":
      // Of a text, none or some is the same however characters are counted.
      if (of === "array" || requirement === 1)
        return { [of === "array" ? "minItems" : "minLength"]: requirement };
      throw unsayable("a length in UTF-16 units");
    case "max_length":
      if (of === "array") return { maxItems: requirement };
      throw unsayable("a length in UTF-16 units");
    case "max_code_points":
      return { maxLength: requirement };
    default:
      throw unsayable(type);
  }
}

/** Editors read expressions with the flag `u`, and with no other. */
function patternOf({ source, flags }: RegExp): string {
  if (flags !== "") throw unsayable(`the flags ${flags}`);
  return new RegExp(source, "u").source;
}

const unsayable = (what: string): TypeError =>
  new TypeError(`JSON Schema has no words for ${what}`);
