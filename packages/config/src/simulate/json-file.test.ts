import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJsonFile } from "./json-file.ts";
import { readConfig } from "./read-config.ts";
import { readBoots, readRates } from "./read-profiles.ts";

describe("a JSON file", () => {
  let home = "";
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "runs-fleet-config-"));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  const put = (text: string) => {
    writeFileSync(join(home, "file.json"), text);
    return "file.json";
  };

  it("tells the place of each field, and of the nearest one around what is missing", async () => {
    const file = await readJsonFile(
      home,
      put('{\n  "a": [\n    { "b": 1 },\n\t{ "c":\r\n 2 } ] }'),
    );
    if (!file.ok) throw new Error("must be read");
    expect(file.value.value).toEqual({ a: [{ b: 1 }, { c: 2 }] });
    expect(await file.value.locate(["a", 0, "b"])).toEqual({ line: 3, column: 7 });
    expect(await file.value.locate(["a", 1, "c"])).toEqual({ line: 4, column: 4 });
    expect(await file.value.locate(["a", 1, "missing", "d"])).toEqual({ line: 4, column: 2 });
    expect(await file.value.locate([])).toEqual({ line: 1, column: 1 });
  });

  it.each([
    ['{\n  "a": 1,\n}', 3],
    ['{\n  "a": 1\n  "b": 2\n}', 3],
    ['{ "a": tru }', 1],
    ['{\n  "a": [1,\n', 2],
    ["", 1],
    ["version: 1", 1],
  ])("that is none is told with its line: %j", async (text, line) => {
    const file = await readJsonFile(home, put(text));
    if (file.ok) throw new Error("must be refused");
    expect(file.issues).toHaveLength(1);
    expect(file.issues[0]).toMatchObject({ code: "json-invalid", file: "file.json", line });
    expect(file.issues[0]?.message).toMatch(/^This is not JSON: /);
  });

  it("that is missing, or a directory, is told as that", async () => {
    expect(await readJsonFile(home, "none.json")).toMatchObject({
      issues: [{ code: "file-missing", file: "none.json" }],
    });
    expect(await readJsonFile(home, ".")).toMatchObject({ issues: [{ code: "file-unusable" }] });
  });

  it("may begin with a byte order mark", async () => {
    expect(await readJsonFile(home, put('\uFEFF{"a":1}'))).toMatchObject({ ok: true });
  });

  it("with a wrong configuration is told with line and field", async () => {
    const result = await readConfig(
      home,
      put('{\n  "version": "1",\n  "pools": [ { "nam": "x" } ]\n}'),
    );
    if (result.ok) throw new Error("must be refused");
    expect(result.issues).toContainEqual(
      expect.objectContaining({ code: "unknown-key", line: 3, path: ["pools", 0, "nam"] }),
    );
    expect(
      result.issues.every(({ file, line }) => file === "file.json" && line !== undefined),
    ).toBe(true);
  });

  it("of rates needs its source and date, and says what was probably meant", async () => {
    const good = {
      source: "price list",
      date: "2026-11-01",
      pools: { linux: { hotUsdPerHour: 0.1, stoppedUsdPerHour: 0.01 } },
    };
    expect(await readRates(home, put(JSON.stringify(good)))).toEqual({
      ok: true,
      value: { source: "price list", date: "2026-11-01", rates: good.pools },
    });
    const bad = await readRates(
      home,
      put(
        '{\n"date": "yesterday",\n"pools": { "linux": { "hotUsdPerHuor": 1, "stoppedUsdPerHour": -1 } } }',
      ),
    );
    if (bad.ok) throw new Error("must be refused");
    expect(bad.issues.map(({ code, line, suggestion }) => [code, line, suggestion])).toEqual([
      ["missing", 1, undefined],
      ["invalid-value", 2, undefined],
      ["missing", 3, undefined],
      ["invalid-value", 3, undefined],
      ["unknown-key", 3, "hotUsdPerHour"],
    ]);
  });

  it("of boot times has quantiles that rise", async () => {
    const times = { minMs: 1, p50Ms: 3, p95Ms: 2, maxMs: 4 };
    const boot = {
      source: "measured",
      date: "2026-11-01",
      launch: times,
      start: { ...times, p95Ms: 3 },
    };
    const bad = await readBoots(home, put(JSON.stringify({ os: { linux: boot } })));
    expect(bad).toMatchObject({
      issues: [
        {
          code: "invalid-value",
          path: ["os", "linux", "launch"],
          message: expect.stringContaining("rise"),
        },
      ],
    });
    const good = await readBoots(
      home,
      put(JSON.stringify({ pools: { linux: { ...boot, launch: boot.start } } })),
    );
    expect(good).toMatchObject({
      ok: true,
      value: { os: {}, pools: { linux: { source: "measured" } } },
    });
  });
});
