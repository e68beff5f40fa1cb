import type { ExitCode } from "@runs-fleet/core/node";
import type { VerbContext } from "../cli/verb.ts";
import { createIncludedSchema, createRepositorySchema, jsonSchema } from "./json-schema.ts";

/** What is asked of `schema`. */
export interface SchemaOptions {
  /** The schema of included files is wanted. */
  readonly included?: boolean;
  /** The schema of the file of one repository is wanted. */
  readonly repository?: boolean;
}

/** The schema is written to standard output. */
export async function runSchema(
  { included = false, repository = false }: SchemaOptions,
  { host, report }: VerbContext,
): Promise<ExitCode> {
  if (included && repository) {
    const message = "--included and --repository are two schemas; ask for one";
    report([{ code: "wrong-option", message }]);
    return 2;
  }
  const other = repository ? createRepositorySchema() : createIncludedSchema();
  host.out.write(schemaText(included || repository ? other : jsonSchema));
  return 0;
}

/** A schema as a file. */
export function schemaText(schema: object): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
