import { describe, expect, it } from "vitest";
import { parseConfig } from "../parse-config.ts";

const least = `version: 1
environments: { ci: { regions: [us-east-1] } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`;
const atMs = Date.UTC(2026, 10, 28);
const rulesOf = (text: string) => parseConfig(text, { atMs }).issues.map(({ rule }) => rule);

describe("what is looked at beyond the form", () => {
  it("keeps a file from being used only where a machine cannot be had", () => {
    const foreign = "runners: { a: { cpu: 4, family: m7g, arch: x64 } }";
    expect(parseConfig(`${least}${foreign}\n`, { atMs }).ok).toBe(false);
    // There may be such a size by now.
    const size = parseConfig(`${least}runners: { a: { cpu: 3 } }\n`, { atMs });
    expect(size).toMatchObject({
      ok: true,
      issues: [{ rule: "impossible-shape", severity: "warning" }],
    });
    const unused = parseConfig(`${least}calendars: { de: ["2027-01-01"] }\n`, { atMs });
    expect(unused).toMatchObject({ ok: true, issues: [{ severity: "note" }] });
    const newer = parseConfig(`${least}runners: { a: { cpu: 4, family: c12g } }\n`, { atMs });
    expect(newer).toMatchObject({
      ok: true,
      issues: [{ rule: "unknown-family", severity: "note" }],
    });
  });

  it.each([
    ["a runner that jobs complete by their labels", "runners: { gpu: { family: g6 } }"],
    ["runners and images that only labels name", "images: { u: {} }\nrunners: { a: { image: u } }"],
    [
      "a family for a shape that any of several fits",
      "runners: { a: { cpu: 4, family: [c7i, m7i] } }",
    ],
    ["families that begin so", "runners: { a: { cpu: 4, family: m7*+c7* }, b: { family: [c8*] } }"],
    ["a type that says vCPUs beside its family", "runners: { a: { family: c7a*+c7a.2xlarge } }"],
    ["a type without its vCPUs", "runners: { a: { family: [c7a.2xlarge, t4g.nano] } }"],
    [
      "pools of a type and of a size",
      "pools: { p: { runner: { family: c7a.2xlarge }, limits: { machines: 1 } }, q: { runner: { family: c7*.large }, limits: { machines: 1 } } }",
    ],
    ["a beginning that some of its families fit", "runners: { a: { arch: x64, family: c7* } }"],
    ["former and shared families that are named", "runners: { a: { cpu: 2, family: [m4, t3] } }"],
    [
      "Windows without an arch",
      'images: { w: { os: windows } }\nrunners: { a: { image: w, cpu: 8, ram: "32 GiB" } }',
    ],
    [
      "a pool that may have exactly what it wants",
      "pools: { p: { default: { hot: 2, stopped: 3 }, limits: { machines: 5 } } }",
    ],
    ["a pool without machines", "pools: { p: { limits: { machines: 0, createPerPass: 0 } } }"],
    [
      "room to replace one way or the other",
      "pools: { p: { limits: { machines: 5, maxSurge: 0, maxUnavailable: 1 } } }",
    ],
    ["a wider rule behind a narrower one", "x-a: 1"],
    [
      "a set of labels beside its pattern",
      "aliases: [{ labels: [big], use: cpu=4 }, { match: big, use: cpu=8 }]",
    ],
    [
      "a wider pattern behind a narrower one",
      'aliases: [{ match: "a-(\\\\d+)", use: cpu=$1 }, { match: "a-([a-z0-9-]+)", use: cpu=4 }]',
    ],
  ])("is content with %s", (_, rest) => {
    const narrow = '{ name: web, repositories: ["acme/web"], allow: {}, runnerGroup: web }';
    const text = `${least.replace("policies: [", `policies: [${narrow}, `)}${rest}\n`;
    expect(parseConfig(text, { atMs })).toMatchObject({ ok: true, issues: [] });
  });

  it.each([
    ["{ ami: ami-0a1b2c3d }", []],
    ["{ name: acme-*, maxAge: 25d }", []],
    ["{ ami: ami-0a1b2c3d, name: acme-*, owner: self }", ["name", "owner"]],
    ["{ owner: self }", ["owner"]],
    ["{ os: linux, maxAge: 25d }", ["maxAge"]],
    ["{ owner: self, maxAge: 25d, nmae: acme-* }", ["nmae"]],
  ])("tells what says nothing, or says it twice, of an image %s", (image, marked) => {
    const text = `${least}images: { u: ${image} }\n`;
    const { issues } = parseConfig(text, { atMs });
    expect(issues.map(({ path }) => path.at(-1))).toEqual(marked);
  });

  it("is told beside mistakes of the form, but not of what they took away", () => {
    const shape = "runners: { a: { cpu: 3 }, b: { cpu: many, ram: 500 } }";
    expect(rulesOf(`${least}${shape}\n`)).toEqual(["impossible-shape", "invalid-value"]);
    const calendar = 'calendars: { de: ["2027-01-01"] }';
    const pool = "p: { limits: { machines: 1 }, schedule: [{ name: a, dates: de, hott: 1 }] }";
    expect(rulesOf(`${least}${calendar}\npools: { ${pool} }\n`)).toEqual(["unknown-key"]);
    expect(rulesOf(`${least}${calendar}\npool: { ${pool} }\n`)).toEqual(["unknown-key"]);
    expect(rulesOf(`${least}${calendar}\nrolout: {}\n`)).toEqual([
      "unused-definition",
      "unknown-key",
    ]);
    const gone = least.replace("policies", "polices");
    expect(rulesOf(`${gone}pools: { p: { limits: { machines: 1 } } }\n`)).not.toContain(
      "unreachable-pool",
    );
  });

  it("is told beside names that are not there, but not of what hangs on them", () => {
    const shapes = "runners: { a: { cpu: 3 }, b: { cpu: 3, image: gone } }";
    expect(rulesOf(`${least}${shapes}\n`)).toEqual(["impossible-shape", "unknown-image"]);
    const pool =
      "pools: { p: { environment: prod, default: { hot: 5 }, limits: { machines: 1 } } }";
    expect(rulesOf(`${least}${pool}\n`)).toEqual(["unknown-environment"]);
  });

  it("does not miss in a file what may be in another that is not there", () => {
    const text = `${least}include: [pools.yml]\ncalendars: { de: ["2027-01-01"] }\n`;
    expect(rulesOf(text)).toEqual(["missing-include"]);
    const include = { "pools.yml": "pools: { p: { limits: { machines: 1 } } }\n" };
    const rules = parseConfig(text, { atMs, include }).issues.map(({ rule }) => rule);
    expect(rules).toEqual(["unused-definition"]);
  });

  it("tells a runner that cannot be once, however many pools have it", () => {
    const pools =
      "pools: { p: { runner: a, limits: { machines: 1 } }, q: { runner: a, limits: { machines: 1 } } }";
    expect(rulesOf(`${least}runners: { a: { cpu: 3 } }\n${pools}\n`)).toEqual(["impossible-shape"]);
  });

  it("suggests a family that was probably meant", () => {
    const [issue] = parseConfig(`${least}runners: { a: { cpu: 4, family: M7h } }\n`).issues;
    expect(issue).toMatchObject({ rule: "unknown-family", severity: "warning", suggestion: "m7g" });
  });

  it.each([
    ["c9*", "note", "c8*"],
    ["c7q*", "warning", "c7*"],
    ["c7gz*", "warning", "c7g*"],
    ["m7h.2xlarge", "warning", "m7g.2xlarge"],
    ["c7a.2xlrge", "warning", "c7a.2xlarge"],
    ["c7a.micro", "warning", undefined],
    ["c9g.large", "note", undefined],
  ])("tells that %s is not known, as a %s that suggests %s", (family, severity, suggestion) => {
    const issues = parseConfig(`${least}runners: { a: { family: [m7g, ${family}] } }\n`).issues;
    expect(issues).toMatchObject([{ rule: "unknown-family", severity }]);
    expect(issues[0]?.suggestion).toBe(suggestion);
  });

  it.each([
    ["c7g*, arch: x64", "error", "c7g* is arm64, and this asks for x64"],
    ["c7g*, os: windows", "error", "c7g* is arm64, and Windows wants x64"],
    ["c7g.large, os: windows", "error", "c7g.large is arm64, and Windows wants x64"],
    ["c7a.2xlarge, arch: arm64", "error", "c7a.2xlarge is x64, and this asks for arm64"],
    // There may be one of x64 some day.
    ["i8*, arch: x64", "warning", "i8* is arm64, and this asks for x64"],
    ["c7i.metal-24xl", "error", "c7i.metal-24xl is bare metal, which is never bought"],
  ])("tells that there is no machine of %s, as an %s", (shape, severity, message) => {
    const parsed = parseConfig(`${least}runners: { a: { family: ${shape} } }\n`);
    expect(parsed.issues).toMatchObject([{ rule: "impossible-shape", severity, message }]);
    expect(parsed.ok).toBe(severity !== "error");
  });

  it("tells of each name in a list what it adds nothing to, or can never be", () => {
    const told = (family: string) =>
      parseConfig(`${least}runners: { a: { arch: x64, cpu: 8, family: ${family} } }\n`).issues.map(
        ({ rule, message, path }) => [rule, message, path.slice(2)],
      );
    expect(told("[c7*+C7*, c7a]")).toEqual([
      ["duplicate-family", "c7* is named twice", ["family", 0]],
      ["duplicate-family", "c7a is among c7*", ["family", 1]],
    ]);
    expect(told("c7*+c7a.2xlarge")).toEqual([
      ["duplicate-family", "c7a.2xlarge is among c7*", ["family"]],
    ]);
    expect(told("c7a+c7g*+c7a.xlarge")).toMatchObject([
      ["unused-family", expect.stringMatching(/^Never chosen: c7g\* is arm64/), ["family"]],
      [
        "unused-family",
        expect.stringMatching(/^Never chosen: c7a.xlarge has no machine of 8 vCPU/),
        ["family"],
      ],
    ]);
    expect(told("[c7a, c7i.metal-24xl]")).toMatchObject([
      ["unused-family", expect.anything(), ["family", 1]],
    ]);
  });

  it("is not held up by a file full of families", () => {
    const names = Array.from({ length: 99 }, (_, index) => `c7${index % 9}*`).join("+");
    const runners = Array.from({ length: 400 }, (_, index) => `  r${index}: { family: ${names} }`);
    const text = `${least}runners:\n${runners.join("\n")}\n`;
    const before = process.cpuUsage();
    parseConfig(text, { atMs });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });

  it("is not held up by a file full of wildcards", () => {
    const globs = Array.from({ length: 60 }, (_, index) => `"acme/${"*a?".repeat(20)}${index}"`);
    const rules = Array.from(
      { length: 60 },
      (_, index) =>
        `  - { name: r${index}, repositories: [${globs.join(", ")}], allow: { maxCpu: ${index + 1} } }`,
    );
    const text = `version: 1\nenvironments: { ci: { regions: [us-east-1] } }\npolicies:\n${rules.join("\n")}\n`;
    const before = process.cpuUsage();
    parseConfig(text, { atMs });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });
});
