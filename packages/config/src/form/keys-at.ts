import type * as v from "valibot";

/** What of a schema is looked at to find its keys. */
interface Part {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Part>>;
  readonly options?: readonly Part[];
  readonly item?: Part;
  readonly value?: Part;
  readonly wrapped?: Part;
}

/** The keys that a mapping at this path may have, by the schema; of several forms those of all. */
export function keysAt(
  schema: v.GenericSchema,
  path: readonly (string | number)[],
): readonly string[] {
  let parts: readonly Part[] = [schema as unknown as Part];
  for (const key of path) parts = parts.flatMap(unwrap).flatMap((part) => below(part, key));
  const keys = parts.flatMap(unwrap).flatMap(({ entries = {} }) => Object.keys(entries));
  return [...new Set(keys)];
}

function unwrap(part: Part): readonly Part[] {
  if (part.wrapped) return unwrap(part.wrapped);
  if (part.options && part.type === "union") return part.options.flatMap(unwrap);
  return [part];
}

function below({ type, entries, item, value }: Part, key: string | number): readonly Part[] {
  if (entries) return Object.hasOwn(entries, key) ? [entries[key] as Part] : [];
  if (type === "array" && item) return [item];
  return value ? [value] : [];
}
