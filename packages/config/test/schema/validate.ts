import { Ajv } from "ajv";
import { createRepositorySchema, jsonSchema } from "../../src/schema/json-schema.ts";

/** As editors and SchemaStore's own check are: whatever ajv could complain about in the schema itself, it does. */
const ajv = new Ajv({
  strict: true,
  strictRequired: true,
  strictTypes: true,
  strictTuples: true,
  allErrors: true,
});

/** Whether the JSON Schema accepts a document. */
export const schemaAccepts = ajv.compile(jsonSchema);

/** Whether the JSON Schema of the file of a repository accepts a document. */
export const repositorySchemaAccepts = ajv.compile(createRepositorySchema());
