import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../../src/parse-config.ts";
import { jsonSchema } from "../../src/schema/json-schema.ts";
import { mistakes } from "./bad-files.ts";
import { goodFiles } from "./good-files.ts";
import { schemaAccepts } from "./validate.ts";

const everyKey = readFileSync(new URL("every-key.yml", import.meta.url), "utf8");
const atMs = Date.UTC(2026, 10, 28);
const dataOf = (text: string): unknown => parse(text, { merge: true, logLevel: "silent" });

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly additionalProperties?: Node | false;
  readonly anyOf?: readonly Node[];
}

/** Every key that the schema knows and, of these, every key that a document has; the same key of the same form counts once. */
function keysOf(schema: Node, value: unknown, all: Set<string>, used: Set<string>): void {
  const held = typeof value === "object" && value !== null ? value : {};
  for (const [key, node] of Object.entries(schema.properties ?? {})) {
    const name = `${key}: ${JSON.stringify(node)}`;
    all.add(name);
    if (Object.hasOwn(held, key)) used.add(name);
    keysOf(node, (held as Readonly<Record<string, unknown>>)[key], all, used);
  }
  for (const one of schema.anyOf ?? []) keysOf(one, value, all, used);
  const item = schema.items ?? (schema.additionalProperties || undefined);
  // None at all is looked at as well: its keys are to be known.
  const members = Object.values(held);
  if (item) for (const one of [undefined, ...members]) keysOf(item, one, all, used);
}

/** What is wrong, with every file that is included there and empty. */
function errorsOf(text: string) {
  const included = ["teams.yml", "browser_2.yaml", "a.b-c.yml"];
  const include = Object.fromEntries(included.map((name) => [name, "x-nothing: 1\n"]));
  const { issues } = parseConfig(text, { atMs, include });
  return issues
    .filter(({ severity }) => severity === "error")
    .map(({ message, start, end }) => ({ message, marked: text.slice(start.offset, end.offset) }));
}

it("every-key.yml has every key", () => {
  const all = new Set<string>();
  const used = new Set<string>();
  keysOf(jsonSchema as Node, dataOf(everyKey), all, used);
  expect(all.size).toBeGreaterThan(80);
  expect([...all].filter((key) => !used.has(key))).toEqual([]);
});

describe("a good file is accepted by the JSON Schema and by parseConfig", () => {
  it.each(Object.entries({ ...goodFiles, "every key": everyKey }))("%s", (_name, text) => {
    schemaAccepts(dataOf(text));
    expect(schemaAccepts.errors ?? []).toEqual([]);
    expect(errorsOf(text)).toEqual([]);
  });

  it("and there are at least 50", () => {
    expect(new Set(Object.values(goodFiles)).size).toBeGreaterThanOrEqual(50);
  });
});

describe("a bad file is refused by the JSON Schema and, once, at its place, by parseConfig", () => {
  it.each(mistakes)("%s", (_what, from, to, marked) => {
    expect(everyKey.split(from)).toHaveLength(2);
    const text = everyKey.replace(from, () => to);
    expect(schemaAccepts(dataOf(text))).toBe(false);
    expect(errorsOf(text)).toEqual([{ message: expect.any(String), marked }]);
  });

  it("and there are at least 50", () => {
    expect(new Set(mistakes.map(([, from, to]) => from + to)).size).toBeGreaterThanOrEqual(50);
  });
});
