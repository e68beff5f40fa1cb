import { namesFamily, parseLabels } from "@runs-fleet/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../parse-config.ts";
import { importRunsOn } from "./import-runs-on.ts";

function issuesOf(text: string) {
  const result = importRunsOn(text, { file: "f.yml" });
  if (result.ok) throw new Error("It was taken");
  return result.issues.map(({ rule, start, end, suggestion }) => ({
    rule,
    line: start.line,
    marked: text.slice(start.offset, end.offset),
    ...(suggestion === undefined ? {} : { suggestion }),
  }));
}

function imported(text: string) {
  const result = importRunsOn(text);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  const parsed = parseConfig(result.value.yaml);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return { ...result.value, catalog: parsed.value.catalog };
}

const runner = (fields: string) =>
  imported(`runners: { it: { image: mine, ${fields} } }\nimages: { mine: {} }`).catalog.runners?.[
    "it"
  ];

describe("a file that is wrong", () => {
  it.each([
    ["a: [", "yaml-syntax"],
    ["", "empty-file"],
    ["- a", "wrong-type"],
    ["runners: {}\n---\npools: {}", "several-documents"],
    ["runners: {}\nrunners: {}", "duplicate-key"],
  ])("%j is refused: %s", (text, rule) => {
    expect(issuesOf(text).map((issue) => issue.rule)).toContain(rule);
  });

  it("tells all that is wrong at once, each at its place", () => {
    const text = `runners:
  a: { cpu: true, famly: c7a }
  b: [1]
images:
  i: { owner: 099720109477, main_disk_size: -1 }
pools:
  Big: { runner: a }
  none: { schedule: [{ name: "", hot: 1.5 }] }
  text: { runner: a, schedule: [{ name: d, hot: 1, stopped: 1, match: { time: [22, 6] } }] }
admins: ada
`;
    expect(issuesOf(text)).toEqual([
      { rule: "wrong-type", line: 2, marked: "true" },
      { rule: "unknown-key", line: 2, marked: "famly", suggestion: "family" },
      { rule: "wrong-type", line: 3, marked: "b" },
      { rule: "wrong-type", line: 5, marked: "099720109477" },
      { rule: "invalid-value", line: 5, marked: "-1" },
      { rule: "invalid-value", line: 7, marked: "Big" },
      { rule: "missing-key", line: 8, marked: "none" },
      { rule: "missing-key", line: 8, marked: '{ name: "", hot: 1.5 }' },
      { rule: "invalid-value", line: 8, marked: '""' },
      { rule: "invalid-value", line: 8, marked: "1.5" },
      { rule: "wrong-type", line: 9, marked: "22" },
      { rule: "wrong-type", line: 9, marked: "6" },
      { rule: "wrong-type", line: 10, marked: "ada" },
    ]);
  });

  it("names a runner that is not there, unless the file that it extends may have it", () => {
    const pools = "runners: { build: {} }\npools: { p: { runner: biuld } }\n";
    expect(issuesOf(pools)).toEqual([
      { rule: "unknown-runner", line: 2, marked: "biuld", suggestion: "build" },
    ]);
    expect(imported(`${pools}_extends: other\n`).catalog.pools).toHaveLength(1);
    expect(issuesOf("pools: { p: { runner: a } }")).toEqual([
      { rule: "missing-key", line: 1, marked: "pools" },
    ]);
  });

  it("is one with options that nobody could mean", () => {
    expect(() => importRunsOn("", { region: "not a region" })).toThrow(RangeError);
    expect(() => importRunsOn("", { repositories: ["acme"] })).toThrow(RangeError);
  });

  it("is one with more pools than a configuration holds", () => {
    const pools = Array.from({ length: 1_001 }, (_, index) => `  p${index}: { runner: a }`);
    expect(issuesOf(`runners: { a: {} }\npools:\n${pools.join("\n")}`)).toMatchObject([
      { rule: "invalid-value", marked: "pools" },
    ]);
  });
});

describe("a runner", () => {
  it.each([
    ["cpu: 4", { cpu: { min: 4, max: 4 } }],
    ['cpu: "4+16"', { cpu: { min: 4, max: 16 } }],
    ["cpu: [64, 72, 192]", { cpu: { min: 64, max: 192 } }],
    ["cpu: 0.5", { cpu: { min: 1, max: 1 } }],
    ["cpu: 2000", { cpu: { min: 896, max: 896 } }],
    ["cpu: .inf", { cpu: { min: 2, max: 2 } }],
    ["ram: [8, 32]", { ramGib: { min: 8, max: 32 } }],
    ["ram: 0.5, family: t3", { ramGib: { min: 0.5 } }],
    ["family: c7a+M7a", { families: ["c7a*", "m7a*"] }],
    ["family: m7i", { families: ["m7i*"] }],
    ["family: m7i.*", { families: ["m7i"] }],
    ["family: [c7a, c7, c7*, m7i.*, m7]", { families: ["c7*", "m7*"] }],
    ['family: ["t3.*", "t3.large"]', { families: ["t3", "t3.large"], cpu: { min: 2, max: 2 } }],
    [
      "family: [m7g.medium, c7g.16xlarge]",
      { cpu: { min: 1, max: 64 }, families: ["m7g.medium", "c7g.16xlarge"] },
    ],
    ["family: m7a.2xlarge, cpu: 4", { cpu: { min: 4, max: 4 }, families: ["m7a.2xlarge"] }],
    ["family: c7i.metal-24xl", { families: ["c7i"], cpu: { min: 2, max: 2 } }],
    ["family: q99z", { families: ["q99z*"] }],
    ["volume: gp3:40gb:125mibps:3000iops", { diskGib: 40 }],
    ["volume: 95gb:io2:2000iops", { diskGib: 95 }],
    ["volume: 8gb", { diskGib: 30 }],
    ["disk: 80gb", { diskGib: 80 }],
    ["disk: 80gb, volume: 90gb", { diskGib: 90 }],
    ["spot: never", { spot: false }],
    ['spot: "false"', { spot: false }],
    ["spot: pco", { spot: true }],
    ["spot: lp", { spot: true }],
  ])("with %s", (fields, shape) => {
    expect(runner(fields)).toMatchObject(shape);
  });

  it("without an image is of x64, as RunsOn's usual one, unless its families are not", () => {
    const { runners } = imported(
      "runners: { a: {}, b: { family: c7g }, c: { family: c7 } }",
    ).catalog;
    expect(runners?.["a"]).toMatchObject({ os: "linux", arch: "x64", cpu: { min: 2, max: 2 } });
    expect(runners?.["b"]?.arch).toBeUndefined();
    expect(runners?.["c"]).toMatchObject({
      arch: "x64",
      families: ["c7*"],
    });
  });

  it("has families as its labels have them", () => {
    const names = fc.uniqueArray(
      fc.constantFrom("c7", "c7a", "m7i.*", "c7a.2xlarge", "M7*", "t3.large", "c7*.xlarge"),
      { minLength: 1, maxLength: 4, selector: (name) => name.toLowerCase() },
    );
    fc.assert(
      fc.property(names, (family) => {
        const text = `runners: { a: { family: ${JSON.stringify(family)} } }`;
        const { catalog, losses } = imported(text);
        const label = parseLabels([`runs-on=1/family=${family.join("+")}`], catalog);
        if (!label?.ok) throw new Error(JSON.stringify(label));
        const { families = [], cpu } = catalog.runners?.["a"] ?? {};
        expect(cpu).toEqual(label.value.cpu);
        // What another name covers may be left out.
        for (const name of label.value.families) {
          expect(
            families.some((own) => namesFamily(own, name)),
            name,
          ).toBe(true);
        }
        for (const name of families) expect(label.value.families).toContain(name);
        expect(losses.filter(({ path }) => path[2] === "family")).toEqual([]);
      }),
    );
  });

  it("tells nothing of what is off here as well", () => {
    const fields = "ssh: false, private: false, nested-virt: false, debug: false, retry: true";
    const { losses } = imported(`runners: { a: { image: ubuntu24-full-x64, ${fields} } }`);
    expect(losses.filter(({ path }) => path.length > 2).map(({ path }) => path[2])).toEqual([
      "image",
    ]);
  });
});

describe("jobs that are not run again", () => {
  const policy = (text: string) => imported(text).catalog.policies[0]?.rerun;

  it("are so for all when all runners say so", () => {
    expect(policy("runners: { a: { retry: false }, b: { retry: 'false' } }")).toEqual({
      attempts: 0,
    });
    expect(policy("runners: { a: { retry: false }, b: {} }")).toBeUndefined();
  });
});

describe("labels of RunsOn", () => {
  it("find what they found", () => {
    const { catalog } = imported(
      "runners: { a: { cpu: 8 } }\npools: { dependabot: { runner: a, env: dev } }",
    );
    expect(catalog).toMatchObject({
      dialects: ["runs-on"],
      aliases: [{ labels: ["dependabot"], use: "pool=dependabot" }],
      environments: [{ name: "dev" }],
      pools: [{ name: "dependabot", environment: "dev", limits: { machines: 10 } }],
    });
  });
});

it("leaves comments out of a file that would be too large with them", () => {
  const runners = Array.from(
    { length: 1_000 },
    (_, index) => `  "R${index}-${"x".repeat(900)}": { spot: "${"y".repeat(60)}" }`,
  );
  const result = importRunsOn(`runners:\n${runners.join("\n")}\n`);
  expect(result.ok && result.value.yaml.length).toBeLessThan(1_048_576);
  expect(result.ok && parseConfig(result.value.yaml).ok).toBe(true);
});
