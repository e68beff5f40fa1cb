import type * as v from "valibot";
import { partsAt } from "./parts.ts";

/** The keys that a mapping at this path may have, by the schema; of several forms those of all. */
export function keysAt(
  schema: v.GenericSchema,
  path: readonly (string | number)[],
): readonly string[] {
  const keys = partsAt(schema, path).flatMap(({ entries = {} }) => Object.keys(entries));
  return [...new Set(keys)];
}
