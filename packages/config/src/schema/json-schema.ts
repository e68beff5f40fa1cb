import { fileForm } from "../form/file-form.ts";
import { type JsonSchema, toJsonSchema } from "./to-json-schema.ts";

/** Where the schema of version 1 of the file is found; a version that refuses what this one accepts gets an address of its own. */
const schemaId = "https://runs-fleet.github.io/schema/v1/runs-fleet.schema.json";

/**
 * The form of `runs-fleet.yml` for editors: JSON Schema, draft-07, with descriptions and examples. Made of the same form that
 * {@link parseConfig} reads with. It knows keys, types and how values are written; what names refer to, and whether a
 * schedule makes sense, only {@link parseConfig} can tell.
 */
export const jsonSchema: object = /* @__PURE__ */ createJsonSchema();

function createJsonSchema(): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: schemaId,
    title: "Configuration of runs-fleet, version 1",
    description:
      "What machines there are for GitHub Actions jobs, when how many of them wait, and who may use which.",
    ...toJsonSchema(fileForm),
    patternProperties: {
      "^x-": { description: "Anything: a place for anchors. It means nothing by itself." },
    },
  };
}
