import type { ExitCode } from "@runs-fleet/core/node";
import type { VerbContext } from "../cli/verb.ts";
import { createIncludedSchema, jsonSchema } from "./json-schema.ts";

/** What is asked of `schema`. */
export interface SchemaOptions {
  /** The schema of included files is wanted. */
  readonly included?: boolean;
}

/** The schema is written to standard output. */
export async function runSchema(
  { included = false }: SchemaOptions,
  { host }: VerbContext,
): Promise<ExitCode> {
  host.out.write(schemaText(included ? createIncludedSchema() : jsonSchema));
  return 0;
}

/** A schema as a file. */
export function schemaText(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
