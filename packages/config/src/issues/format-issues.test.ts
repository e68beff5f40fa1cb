import { describe, expect, it } from "vitest";
import { parseConfig } from "../parse-config.ts";
import { formatIssues } from "./format-issues.ts";

const text = `version: 1
environments: { ci: { regions: [us-east-1] } }
policies: []
defaults: { spto: true, lead: 5 }
x-a: 22:00
`;
const file = ".github/runs-fleet.yml";
const { issues } = parseConfig(text, { file });

describe("issues", () => {
  it("for people have their line, and what was probably meant", () => {
    expect(formatIssues(issues, "text", { textOf: () => text })).toBe(
      `error[unknown-key] .github/runs-fleet.yml:4:13 at defaults.spto: There is no key "spto" here; there are environment, timezone, spot, idleTimeout, lead
  4 | defaults: { spto: true, lead: 5 }
    |             ^^^^
  did you mean spot?
error[invalid-value] .github/runs-fleet.yml:4:31 at defaults.lead: A lead is auto, or a duration such as "5m"
  4 | defaults: { spto: true, lead: 5 }
    |                               ^
warning[unquoted-time] .github/runs-fleet.yml:5:6: Without quotes, 22:00 is a number in YAML 1.1, which many tools still speak: write "22:00"
  5 | x-a: 22:00
    |      ^^^^^
`,
    );
  });

  it("cut long lines around the place, and steer no terminal", () => {
    const long = `${text}# \u001b[31m\n"x-${"y".repeat(300)}": { on: 1 }\n`;
    const shown = formatIssues(parseConfig(long).issues, "text", {
      textOf: () => long,
      colour: false,
    });
    expect(shown).not.toContain("\u001b");
    for (const line of shown.split("\n")) expect(line.length).toBeLessThan(260);
  });

  it("as JSON are themselves", () => {
    expect(JSON.parse(formatIssues(issues, "json"))).toEqual(JSON.parse(JSON.stringify(issues)));
  });

  it("as annotations of a workflow are one line each, with what is special escaped", () => {
    const [first, , third] = formatIssues(issues, "github").split("\n");
    expect(first).toBe(
      '::error file=.github/runs-fleet.yml,line=4,endLine=4,col=13,endColumn=17,title=unknown-key::There is no key "spto" here; there are environment, timezone, spot, idleTimeout, lead (did you mean spot?)',
    );
    expect(third).toMatch(/^::warning /);
    const odd = issues.map((issue) => ({ ...issue, file: "a,b:c%.yml", message: "one\ntwo" }));
    expect(formatIssues(odd, "github").split("\n")[0]).toContain("file=a%2Cb%3Ac%25.yml");
    expect(formatIssues(odd, "github").split("\n")[0]).toContain("::one%0Atwo");
  });

  it("as SARIF have relative places from 1, and rules by their index", () => {
    const log = JSON.parse(formatIssues(issues, "sarif", { version: "1.2.3" }));
    const [run] = log.runs;
    expect(log.version).toBe("2.1.0");
    expect(run.tool.driver).toMatchObject({ name: "runs-fleet", semanticVersion: "1.2.3" });
    for (const { ruleId, ruleIndex, locations } of run.results) {
      expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
      const { artifactLocation, region } = locations[0].physicalLocation;
      expect(artifactLocation).toEqual({ uri: ".github/runs-fleet.yml", uriBaseId: "%SRCROOT%" });
      expect(region.startLine).toBeGreaterThanOrEqual(1);
      expect(region.endColumn).toBeGreaterThanOrEqual(region.startColumn);
    }
    expect(run.results.map(({ level }: { level: string }) => level)).toEqual([
      "error",
      "error",
      "warning",
    ]);
  });

  it("as SARIF are the same alerts when lines above them come and go", () => {
    const prints = (written: string): readonly string[] =>
      JSON.parse(formatIssues(parseConfig(written, { file }).issues, "sarif")).runs[0].results.map(
        ({ partialFingerprints }: { partialFingerprints: { primaryLocationLineHash: string } }) =>
          partialFingerprints.primaryLocationLineHash,
      );
    const twice = `${text}x-b: 23:00\n`;
    expect(new Set(prints(twice)).size).toBe(4);
    expect(prints(`# one more\n\n${twice}`)).toEqual(prints(twice));
  });

  it("as SARIF have rules that say how bad what they find is", () => {
    const { rules } = JSON.parse(formatIssues(issues, "sarif")).runs[0].tool.driver;
    const levels = rules.map(
      ({ id, defaultConfiguration }: { id: string; defaultConfiguration: { level: string } }) => [
        id,
        defaultConfiguration.level,
      ],
    );
    expect(levels).toEqual([
      ["invalid-value", "error"],
      ["unknown-key", "error"],
      ["unquoted-time", "warning"],
    ]);
  });

  it("that are none are nothing", () => {
    expect(formatIssues([], "text")).toBe("");
    expect(formatIssues([], "github")).toBe("");
    expect(JSON.parse(formatIssues([], "sarif")).runs[0].results).toEqual([]);
  });
});
