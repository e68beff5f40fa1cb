import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../../src/parse-config.ts";
import {
  isRepositoryFile,
  parseRepositoryFile,
} from "../../src/repository/parse-repository-file.ts";
import {
  createIncludedSchema,
  createRepositorySchema,
  jsonSchema,
} from "../../src/schema/json-schema.ts";
import { schemaText } from "../../src/schema/run-schema.ts";
import { flow } from "./flow.ts";
import { referencePage } from "./reference-page.ts";
import { repositorySchemaAccepts, schemaAccepts } from "./validate.ts";

const root = new URL("../../../../", import.meta.url);
const pathOf = (path: string): string => fileURLToPath(new URL(path, root));
const read = (path: string): string => readFileSync(pathOf(path), "utf8");

// `pnpm exec vitest run packages/config/test/schema/generated.test.ts -u` writes these files anew.
describe("what is made of the form is as the form is now", () => {
  it.each([
    ["runs-fleet", jsonSchema],
    ["runs-fleet-included", createIncludedSchema()],
    ["runs-fleet-repository", createRepositorySchema()],
  ])("the schema %s", async (name, schema) => {
    const file = pathOf(`packages/config/schema/v1/${name}.schema.json`);
    await expect(schemaText(schema)).toMatchFileSnapshot(file);
  });

  it("the page of the docs", async () => {
    const page = referencePage(read("packages/config/examples/runs-fleet.yml"));
    await expect(page).toMatchFileSnapshot(pathOf("docs/config-reference.md"));
  });
});

type Node = Readonly<Record<string, unknown>>;

/** Every schema in the schema, with where it is. */
function nodesOf(
  node: Node,
  path: string,
): readonly { readonly path: string; readonly node: Node }[] {
  const below = (key: string): [string, unknown][] => {
    const held = node[key];
    if (Array.isArray(held)) return held.map((one, index) => [`${key}/${index}`, one]);
    if (key === "properties") return Object.entries((held ?? {}) as Node);
    return held === undefined || typeof held === "boolean" ? [] : [[key, held]];
  };
  const keys = ["properties", "items", "additionalProperties", "anyOf"];
  return [
    { path, node },
    ...keys.flatMap(below).flatMap(([key, held]) => nodesOf(held as Node, `${path}/${key}`)),
  ];
}

describe("what editors are told", () => {
  const nodes = [jsonSchema, createRepositorySchema()].flatMap((schema) =>
    nodesOf(schema as Node, ""),
  );
  const keys = nodes.flatMap(({ path, node }) =>
    Object.entries((node["properties"] ?? {}) as Readonly<Record<string, Node>>).map(
      ([key, held]) => ({ path: `${path}/${key}`, held }),
    ),
  );

  it("describes every key, in sentences", () => {
    expect(keys.length).toBeGreaterThan(90);
    const without = keys.filter(({ held }) => !/^[A-Z].*\.$/.test(String(held["description"])));
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  it("gives an example wherever it does not say itself what to write", () => {
    const saysItself = (held: Node): boolean =>
      "enum" in held || "const" in held || "default" in held || held["type"] === "boolean";
    const without = keys.filter(({ held }) => !("examples" in held) && !saysItself(held));
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  it("gives no example and no default that it would refuse, as data or as one line of YAML", () => {
    const ajv = new Ajv({ strict: true, allErrors: true });
    let count = 0;
    for (const { path, node } of nodes) {
      const { examples = [], default: value, ...schema } = node;
      const given = [...(examples as readonly unknown[]), ...(value === undefined ? [] : [value])];
      if (given.length === 0) continue;
      const accepts = ajv.compile({ ...schema, $id: `test:${path}` });
      for (const one of given) {
        expect({ path, one, accepted: accepts(one) }).toEqual({ path, one, accepted: true });
        expect(parse(flow(one), { version: "1.1" })).toEqual(one);
        count += 1;
      }
    }
    expect(count).toBeGreaterThan(90);
  });
});

describe("the examples of the docs", () => {
  const pages = [
    "README.md",
    "packages/config/README.md",
    ...readdirSync(pathOf("docs"))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `docs/${name}`),
  ];
  const examples = pages.flatMap((page) =>
    [...read(page).matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)]
      .map(([, text = ""], index) => ({ name: `${page}, ${index + 1}`, text }))
      .filter(({ text }) => /^version:/m.test(text)),
  );

  it("has whole configurations among them", () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  it.each(examples)("are accepted: $name", ({ text }) => {
    const isOwn = isRepositoryFile(text);
    const accepts = isOwn ? repositorySchemaAccepts : schemaAccepts;
    accepts(parse(text, { merge: true }));
    expect(accepts.errors ?? []).toEqual([]);
    const { issues } = isOwn ? parseRepositoryFile(text) : parseConfig(text);
    expect(issues.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});
