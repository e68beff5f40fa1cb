import * as v from "valibot";

/** Names that every object of JavaScript has: a record passes over them without a word. */
export const noNames: readonly string[] = ["__proto__", "constructor", "prototype"];

/** A mapping with these keys and no others. */
export function mapping<const T extends v.ObjectEntries>(
  entries: T,
): v.StrictObjectSchema<T, undefined> {
  return strict(v.strictObject(entries));
}

/** A mapping of names that people choose. */
export function mappingOf<
  const K extends v.GenericSchema<string, string>,
  const V extends v.GenericSchema,
>(key: K, value: V): v.RecordSchema<K, V, undefined> {
  return strict(v.record(key, value));
}

/**
 * The schema without what valibot takes for an object, or leaves out of one: lists, and the names of
 * {@link noNames}. Either would be a piece of configuration that is silently not applied.
 */
function strict<T extends v.GenericSchema>(schema: T): T {
  const refuse = (
    input: unknown,
    issue: Pick<v.BaseIssue<unknown>, "type" | "received" | "message" | "path">,
  ): v.OutputDataset<unknown, v.BaseIssue<unknown>> => ({
    typed: false,
    value: input,
    issues: [{ kind: "schema", input, expected: "Object", ...issue }],
  });
  return {
    ...schema,
    "~run": (dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) => {
      const input = dataset.value;
      if (Array.isArray(input)) {
        const message = "Invalid type: Expected Object but received Array";
        return refuse(input, { type: schema.type, received: "a list", message });
      }
      const key = isObject(input) ? noNames.find((name) => Object.hasOwn(input, name)) : undefined;
      if (key === undefined || schema.type !== "record") return schema["~run"](dataset, config);
      const value = (input as Readonly<Record<string, unknown>>)[key];
      return refuse(input, {
        type: "no_name",
        received: key,
        message: `${key} cannot be a name: programs have a meaning of their own for it`,
        path: [{ type: "object", origin: "key", input: input as never, key, value }],
      });
    },
  };
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
