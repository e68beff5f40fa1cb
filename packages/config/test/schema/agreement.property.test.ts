import { readFileSync } from "node:fs";
import process from "node:process";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fileForm } from "../../src/form/file-form.ts";
import { repositoryForm } from "../../src/form/repository-form.ts";
import { goodFiles } from "./good-files.ts";
import {
  schemaAccepts as acceptsFile,
  repositorySchemaAccepts as acceptsRepositoryFile,
} from "./validate.ts";

const isFull = process.env["RUNS_FLEET_FULL"] === "1";
const runs = isFull ? 100_000 : 4_000;
const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");
const everyKey = read("every-key.yml");
const everyRepositoryKey = read("every-repository-key.yml");

type Path = readonly (string | number)[];
type Container = Record<string | number, unknown>;

const isContainer = (value: unknown): value is Container =>
  typeof value === "object" && value !== null;

/** Every place of a document, the document itself first. */
function placesOf(value: unknown, path: Path = []): readonly Path[] {
  if (!isContainer(value)) return [path];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, ...keys.flatMap((key) => placesOf(value[key], [...path, key]))];
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce((held, key) => (held as Container)[key], value);

/** A copy of a document that differs in one place. */
function changed(document: unknown, path: Path, change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return change(document);
  const copy = (Array.isArray(document) ? [...document] : { ...(document as object) }) as Container;
  copy[key] = changed(copy[key], rest, change);
  return copy;
}

const without = (value: unknown, key: string | number): unknown =>
  Array.isArray(value)
    ? value.filter((_, index) => index !== key)
    : Object.fromEntries(Object.entries(value as Container).filter(([name]) => name !== key));

function withKey(value: unknown, key: string, held: unknown): unknown {
  const copy = { ...(value as Container) };
  // As the reader of YAML does it: `__proto__` is a key like any other.
  Object.defineProperty(copy, key, { value: held, enumerable: true, configurable: true });
  return copy;
}

/** A kind of file: its form, its schema, and files to begin with, the first with every key. */
interface Kind {
  readonly form: v.GenericSchema;
  readonly schemaAccepts: (document: unknown) => boolean;
  readonly documents: readonly [unknown, ...(readonly unknown[])];
  /** In how many places another value is accepted, and refused, at least: of neither so few that the test would say nothing. */
  readonly least: readonly [accepted: number, refused: number];
}

/** The form as parseConfig asks it: without the places for anchors. */
function formAccepts(form: v.GenericSchema, document: unknown): boolean {
  const isMapping = isContainer(document) && !Array.isArray(document);
  const asked = isMapping
    ? Object.fromEntries(Object.entries(document).filter(([key]) => !key.startsWith("x-")))
    : document;
  return v.safeParse(form, asked, { abortPipeEarly: true }).success;
}

function judge({ form, schemaAccepts }: Kind, document: unknown): boolean {
  const isAccepted = schemaAccepts(document);
  const isFormAccepted = formAccepts(form, document);
  if (isAccepted !== isFormAccepted) {
    const by = isAccepted ? "JSON Schema, not the form" : "form, not the JSON Schema";
    expect.fail(`Accepted by the ${by}: ${JSON.stringify(document)}`);
  }
  return isAccepted;
}

const good = Object.values(goodFiles).map((text): unknown => parse(text, { merge: true }));
const kinds: readonly (readonly [string, Kind])[] = [
  [
    "the organisation's file",
    {
      form: fileForm,
      schemaAccepts: acceptsFile,
      documents: [parse(everyKey), ...good],
      least: [500, 500],
    },
  ],
  [
    "the file of a repository",
    {
      form: repositoryForm,
      schemaAccepts: acceptsRepositoryFile,
      documents: [parse(everyRepositoryKey), { version: 1, narrow: {} }],
      least: [30, 200],
    },
  ],
];

/** What may stand anywhere by mistake. */
const strangers: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1,
  1.5,
  12,
  896,
  1e6,
  1e6 + 1,
  2 ** 53,
  Number.POSITIVE_INFINITY,
  "",
  "a",
  "A",
  "5m",
  "auto",
  "4+8",
  "80 GiB",
  "mon-fri",
  "08:00-19:00",
  "2026-12-24",
  "acme/*",
  "*",
  "a.yml",
  "é".repeat(63),
  "😀".repeat(129),
  "x".repeat(257),
  [],
  {},
  ["a"],
  [1],
  [["a"]],
  { hot: 1 },
  { name: "a" },
  { dialect: "runs-on" },
];

describe.each(kinds)("the JSON Schema and the form of %s accept the same", (_, kind) => {
  const { documents, least } = kind;
  const [whole] = documents;

  it("whatever stands in any one place", () => {
    const counts = { accepted: 0, refused: 0 };
    for (const path of placesOf(whole)) {
      for (const stranger of strangers) {
        const isAccepted = judge(
          kind,
          changed(whole, path, () => stranger),
        );
        counts[isAccepted ? "accepted" : "refused"] += 1;
      }
    }
    expect(counts.accepted).toBeGreaterThan(least[0]);
    expect(counts.refused).toBeGreaterThan(least[1]);
  });

  it("whichever key is missing, or is there once too often", () => {
    const names = ["x-a", "X-a", "namee", "version", "constructor", "__proto__", "a b", "😀"];
    for (const path of placesOf(whole)) {
      const held = valueAt(whole, path);
      if (!isContainer(held)) continue;
      const keys = Array.isArray(held) ? [...held.keys()] : Object.keys(held);
      for (const key of keys)
        judge(
          kind,
          changed(whole, path, (value) => without(value, key)),
        );
      if (Array.isArray(held)) continue;
      for (const name of names) {
        for (const value of [{}, "a", null])
          judge(
            kind,
            changed(whole, path, (mapping) => withKey(mapping, name, value)),
          );
      }
    }
  });

  it(
    "however a text is mistyped, and whatever is put in another's place",
    () => {
      const places = documents.flatMap((document) =>
        placesOf(document).map((path) => ({ document, path })),
      );
      const edit = fc.record({
        at: fc.nat({ max: 20 }),
        cut: fc.nat({ max: 2 }),
        put: fc.oneof(
          fc.constantFrom(
            "",
            " ",
            "\n",
            "-",
            "+",
            "/",
            ",",
            ".",
            ":",
            "0",
            "9",
            "a",
            "m",
            "M",
            "*",
          ),
          fc.string({ unit: "binary", maxLength: 2 }),
        ),
      });
      fc.assert(
        fc.property(
          fc.constantFrom(...places),
          fc.constantFrom(...places),
          edit,
          ({ document, path }, other, { at, cut, put }) => {
            judge(
              kind,
              changed(document, path, (value) =>
                typeof value === "string"
                  ? value.slice(0, at) + put + value.slice(at + cut)
                  : valueAt(other.document, other.path),
              ),
            );
          },
        ),
        { numRuns: runs },
      );
    },
    isFull ? 1_800_000 : 60_000,
  );
});
