import { fileForm } from "../form/file-form.ts";
import { includedKeys } from "../form/included-keys.ts";
import { repositoryForm } from "../form/repository-form.ts";
import { type JsonSchema, toJsonSchema } from "./to-json-schema.ts";

/** Where the schemas of version 1 lie. Keys may be added to them; what they accept, they accept for ever. */
const home = "https://runs-fleet.github.io/schema/v1";

/**
 * The form of `runs-fleet.yml` for editors: JSON Schema, draft-07, with descriptions and examples.
 *
 * It is made of the form that `parseConfig` reads with, and knows keys, types and how values are written. What names refer to,
 * and whether a schedule makes sense, only `parseConfig` can tell.
 */
export const jsonSchema: object = /* @__PURE__ */ createFileSchema();

function createFileSchema(): JsonSchema {
  return documentSchema("runs-fleet", "Configuration of runs-fleet, version 1", {
    description:
      "What machines there are for GitHub Actions jobs, when how many of them wait, and who may use which.",
    ...toJsonSchema(fileForm),
  });
}

/** The form of a file that is included: what teams own. */
export function createIncludedSchema(): JsonSchema {
  const { properties, ...rest } = createFileSchema();
  const { required: _, ...open } = rest;
  const known = Object.entries(properties as JsonSchema);
  const own = known.filter(([key]) => (includedKeys as readonly string[]).includes(key));
  return documentSchema("runs-fleet-included", "File that a configuration of runs-fleet includes", {
    ...open,
    description: "What teams own of a configuration.",
    properties: Object.fromEntries(own),
  });
}

/** The form of the file of one repository. */
export function createRepositorySchema(): JsonSchema {
  return documentSchema(
    "runs-fleet-repository",
    "Narrows runs-fleet for the jobs of one repository",
    {
      description: "What the jobs of one repository may use at most.",
      ...toJsonSchema(repositoryForm),
    },
  );
}

function documentSchema(name: string, title: string, schema: JsonSchema): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: `${home}/${name}.schema.json`,
    title,
    ...schema,
    patternProperties: {
      "^x-": { description: "Anything: a place for anchors. It means nothing by itself." },
    },
  };
}
