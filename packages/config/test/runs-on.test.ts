import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { formatLosses } from "../src/import-runs-on/format-losses.ts";
import { importRunsOn } from "../src/import-runs-on/import-runs-on.ts";
import { imageForm, poolForm, runnerForm, topKeys } from "../src/import-runs-on/runs-on-form.ts";
import { parseConfig } from "../src/parse-config.ts";
import { commentOf, commentsOf } from "./comments-of.ts";

const directory = new URL("runs-on/", import.meta.url);
const names = readdirSync(directory)
  .filter((name) => name.endsWith(".yml") && !name.endsWith(".out.yml"))
  .map((name) => name.slice(0, -".yml".length))
  .sort();
const read = (name: string): string => readFileSync(new URL(name, directory), "utf8");
const atMs = Date.UTC(2026, 10, 28);

/** With `RUNS_FLEET_WRITE=1` the files are written anew; what changed is to be read in the diff. */
function expectFile(name: string, text: string): void {
  if (process.env["RUNS_FLEET_WRITE"] === "1") writeFileSync(new URL(name, directory), text);
  expect(text).toBe(read(name));
}

function imported(name: string) {
  const result = importRunsOn(read(`${name}.yml`), { file: `${name}.yml` });
  if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.issues)}`);
  return result.value;
}

describe("files of RunsOn", () => {
  it("are twenty", () => {
    expect(names).toHaveLength(20);
  });

  it.each(names)("%s comes to its configuration and its losses", (name) => {
    const { yaml, losses } = imported(name);
    expectFile(`${name}.out.yml`, yaml);
    expectFile(`${name}.losses.txt`, formatLosses(losses, { file: `${name}.yml` }));
    const comments = commentsOf(yaml);
    for (const { message } of losses) expect(comments).toContain(commentOf(message));
    const parsed = parseConfig(yaml, { atMs });
    expect(parsed.ok).toBe(true);
    // What looks wrong in the configuration was told as a loss.
    const hidden = losses.filter(({ message }) => message.startsWith("Later entries hold"));
    // Families of the original without such machines are no loss.
    const found = parsed.issues.filter(({ rule }) => rule !== "unused-family");
    expect(found.map(({ rule }) => rule)).toEqual(hidden.map(() => "unreachable"));
  });
});

/** Every field of RunsOn's schema, with where it is found. */
const fields: readonly (readonly [path: string, of: (file: unknown) => readonly unknown[]])[] = [
  ...topKeys.map((key) => [key, (file: unknown) => at(file, key)] as const),
  ...Object.keys(runnerForm.entries).map(
    (key) => [`runners.*.${key}`, (file: unknown) => at(file, "runners", "*", key)] as const,
  ),
  ...Object.keys(imageForm.entries).map(
    (key) => [`images.*.${key}`, (file: unknown) => at(file, "images", "*", key)] as const,
  ),
  ...Object.keys(poolForm.entries).map(
    (key) => [`pools.*.${key}`, (file: unknown) => at(file, "pools", "*", key)] as const,
  ),
  ...["name", "hot", "stopped", "match"].map(
    (key) =>
      [
        `pools.*.schedule.*.${key}`,
        (file: unknown) => at(file, "pools", "*", "schedule", "*", key),
      ] as const,
  ),
  ...["day", "time"].map(
    (key) =>
      [
        `pools.*.schedule.*.match.${key}`,
        (file: unknown) => at(file, "pools", "*", "schedule", "*", "match", key),
      ] as const,
  ),
];

function at(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const [key, ...rest] = path;
  if (key === undefined) return value === undefined ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  if (key === "*") return Object.values(value).flatMap((item) => at(item, ...rest));
  return at((value as Record<string, unknown>)[key], ...rest);
}

/** What is translated whole, so that nothing of it need ever be told; each is proven by a test of its own or a golden file. */
const translated = new Set([
  "runners",
  "images",
  "pools",
  "runners.*.cpu",
  "runners.*.ram",
  "runners.*.family",
  "runners.*.image",
  "runners.*.volume",
  "runners.*.spot",
  "images.*.platform",
  "images.*.arch",
  "images.*.name",
  "images.*.owner",
  "images.*.ami",
  "pools.*.runner",
  "pools.*.env",
  "pools.*.environment",
  "pools.*.timezone",
  "pools.*.schedule",
  "pools.*.schedule.*.name",
  "pools.*.schedule.*.hot",
  "pools.*.schedule.*.stopped",
  "pools.*.schedule.*.match",
  "pools.*.schedule.*.match.day",
  "pools.*.schedule.*.match.time",
]);

describe("every field of RunsOn's schema", () => {
  const files = names.map((name) => ({ name, file: parse(read(`${name}.yml`), { merge: true }) }));
  const told = new Set(
    names.flatMap((name) =>
      imported(name).losses.map(({ path: [top, , key] }) =>
        key === undefined ? String(top) : `${top}.*.${key}`,
      ),
    ),
  );

  it("is one of 46", () => {
    expect(fields).toHaveLength(46);
  });

  it.each(fields)("%s is in one of the files, and translated or told", (path, of) => {
    expect(files.some(({ file }) => of(file).length > 0)).toBe(true);
    expect(translated.has(path) || told.has(path)).toBe(true);
  });
});
