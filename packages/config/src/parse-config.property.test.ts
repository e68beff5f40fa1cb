import { readFileSync } from "node:fs";
import process from "node:process";
import fc from "fast-check";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { type ParsedConfig, parseConfig } from "./parse-config.ts";

const isFull = process.env["RUNS_FLEET_FULL"] === "1";
const runs = isFull ? 50_000 : 1_000;
const limitMs = isFull ? 900_000 : 20_000;
const good = readFileSync(new URL("../test/planted/forty-mistakes.yml", import.meta.url), "utf8");
const atMs = Date.UTC(2026, 10, 28);

function judge(text: string, parsed: ParsedConfig): void {
  if (!parsed.ok) expect(parsed.issues.length).toBeGreaterThan(0);
  const lines = text.split(/\r\n|\n|\r/);
  for (const { start, end, fix } of parsed.issues) {
    expect(start.offset).toBeGreaterThanOrEqual(0);
    expect(end.offset).toBeLessThanOrEqual(text.length);
    expect(start.offset).toBeLessThanOrEqual(end.offset);
    expect(start.line).toBeLessThanOrEqual(lines.length);
    expect(start.column).toBeGreaterThanOrEqual(1);
    if (fix) expect(fix.end).toBeLessThanOrEqual(text.length);
  }
}

it(
  "never throws on any text, and every issue lies in it",
  () => {
    const pieces = fc.constantFrom(
      "version: 1\n",
      "pools:\n",
      "  a: ",
      "- ",
      "{",
      "}",
      "[",
      "]",
      "&a ",
      "*a",
      "<<: ",
      "22:00",
      '"',
      "'",
      "\t",
      "\r\n",
      "---\n",
      "? ",
      "| \n",
      "é😀",
      "#",
      "!!binary ",
      "%YAML 1.1\n",
      ": ",
    );
    const text = fc.array(fc.oneof(pieces, fc.string({ maxLength: 8 })), { maxLength: 40 });
    fc.assert(
      fc.property(text, (parts) => {
        const joined = parts.join("");
        judge(joined, parseConfig(joined, { atMs }));
      }),
      { numRuns: runs },
    );
  },
  limitMs,
);

it(
  "never throws on a configuration with a piece cut out, doubled, or replaced",
  () => {
    const at = fc.nat({ max: good.length });
    const edit = fc.tuple(
      at,
      fc.nat({ max: 60 }),
      fc.oneof(
        fc.constant(""),
        fc.string({ maxLength: 12 }),
        at.map((from) => good.slice(from, from + 40)),
      ),
    );
    fc.assert(
      fc.property(edit, ([from, length, put]) => {
        const text = good.slice(0, from) + put + good.slice(from + length);
        judge(text, parseConfig(text, { atMs }));
      }),
      { numRuns: Math.ceil(runs / 10) },
    );
  },
  limitMs,
);

it(
  "never throws on a tree with our keys and anything behind them",
  () => {
    const keys = fc.constantFrom(
      "version",
      "defaults",
      "calendars",
      "environments",
      "images",
      "runners",
      "pools",
      "policies",
      "aliases",
      "schedule",
      "exceptions",
      "limits",
      "machines",
      "regions",
      "name",
      "repositories",
      "allow",
      "dates",
      "time",
      "days",
      "hot",
      "cpu",
      "ram",
      "runner",
      "cron",
      "for",
      "x-y",
    );
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(
        1,
        "a",
        "mon-fri",
        "08:00-19:00",
        "0 2 * * *",
        "4+8",
        null,
        true,
        -1,
        1.5,
        "2026-12-24",
        "acme/*",
      ),
      fc.string({ maxLength: 6 }),
      fc.integer(),
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(keys, tie("tree"), { maxKeys: 8 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(keys, tree, { maxKeys: 10 }), (value) => {
        const text = stringify(value);
        judge(text, parseConfig(text, { atMs }));
      }),
      { numRuns: runs },
    );
  },
  limitMs,
);
