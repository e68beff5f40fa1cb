import { describe, expect, it } from "vitest";
import { parseConfig } from "../parse-config.ts";
import { includedFiles } from "./read-files.ts";

const main = `version: 1
include: [web.yml, data.yml]
environments: { ci: { regions: [us-east-1] } }
runners: { std: { cpu: 4 } }
pools:
  base: { runner: std, limits: { machines: 3 } }
policies: [{ name: all, repositories: ["acme/*"], allow: { pools: [base, web, data] } }]
`;
const web = `x-note: owned by the web team
pools:
  web: { runner: std, default: { hot: 1 }, limits: { machines: 4 } }
`;
const data = `runners: { big: { cpu: 16 } }
calendars: { freeze: [2026-12-24] }
pools:
  data:
    runner: big
    exceptions: [{ dates: freeze, action: skip }]
    limits: { machines: 5 }
`;
const file = ".github/runs-fleet.yml";
const parse = (include: Readonly<Record<string, string>>, text = main) =>
  parseConfig(text, { file, include });
const told = (include: Readonly<Record<string, string>>, text = main) =>
  parse(include, text).issues.map(
    ({ rule, file: where, start }) => `${rule} ${where}:${start.line}:${start.column}`,
  );

describe("include", () => {
  it("names its files, and only those that lie beside the configuration", () => {
    expect(includedFiles(main)).toEqual(["web.yml", "data.yml"]);
    expect(includedFiles("include: [../secrets.yml, a/b.yml, ok.yaml, 7]")).toEqual(["ok.yaml"]);
    expect(includedFiles("# include: nothing\nversion: 1")).toEqual([]);
    expect(includedFiles("include: [")).toEqual([]);
  });

  it("puts what the files define together", () => {
    const parsed = parse({
      "web.yml": web,
      "data.yml": data.replace("2026-12-24", '"2026-12-24"'),
    });
    expect(parsed.issues).toEqual([]);
    const { pools, runners } = parsed.ok ? parsed.value.catalog : { pools: [], runners: {} };
    expect(pools.map(({ name }) => name)).toEqual(["base", "web", "data"]);
    expect(Object.keys(runners ?? {})).toEqual(["std", "big"]);
  });

  it("tells what is wrong in the file in which it was written, main file first", () => {
    expect(
      told({
        "web.yml": web.replace("std", "sdt").replace("hot: 1", "hot: -1"),
        "data.yml": data.replace("cpu: 16", "cpus: 16"),
      }),
    ).toEqual([
      "unknown-runner .github/web.yml:3:18",
      "invalid-value .github/web.yml:3:39",
      "unknown-key .github/data.yml:1:19",
      "unquoted-date .github/data.yml:2:23",
    ]);
    expect(told({ "web.yml": web.replace("std", "sdt"), "data.yml": "pools: {" })).toEqual(
      expect.arrayContaining([expect.stringMatching(/^yaml-syntax .github\/data.yml:1/)]),
    );
  });

  it("tells a file that is not there once, and nothing that would be in it", () => {
    expect(told({ "web.yml": web })).toEqual(["missing-include .github/runs-fleet.yml:2:20"]);
  });

  it("keeps each name for one file, and what everybody shares in the main one", () => {
    const twice = `${web}  base: { limits: { machines: 1 } }\n`;
    expect(
      told({
        "web.yml": twice,
        "data.yml": "policies: []\npoolz: {}\npools: { data: { limits: { machines: 1 } } }",
      }),
    ).toEqual([
      "duplicate-definition .github/web.yml:4:3",
      "misplaced-key .github/data.yml:1:1",
      "misplaced-key .github/data.yml:2:1",
    ]);
    expect(told({ "web.yml": web }, main.replace("data.yml", "web.yml"))).toContain(
      "duplicate-include .github/runs-fleet.yml:2:20",
    );
    expect(told({ "web.yml": "[1]", "data.yml": "pools: 3" })).toEqual([
      "wrong-type .github/web.yml:1:1",
      "wrong-type .github/data.yml:1:8",
    ]);
  });
});
