import { describe, expect, it } from "vitest";
import { parseConfig } from "./parse-config.ts";

const least = `version: 1
environments: { ci: { regions: [us-east-1] } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`;
const atMs = Date.UTC(2026, 10, 28);

/** Rule, place and marked text of every issue. */
function look(text: string) {
  return parseConfig(text, { atMs }).issues.map(({ rule, start, end }) => [
    rule,
    `${start.line}:${start.column}`,
    text.slice(start.offset, end.offset),
  ]);
}

describe("a configuration", () => {
  it("is its catalog, with units resolved", () => {
    const parsed = parseConfig(
      `${least}defaults: { timezone: Europe/Berlin, idleTimeout: 20m, lead: auto, spot: false }
calendars: { de: [2026-12-24..2026-12-26] }
images: { ubuntu: { os: linux, arch: arm64, name: "acme-ubuntu24-*", maxAge: 25d } }
runners: { std: { cpu: 4+8, ram: 16 GiB, image: ubuntu, disk: 80 GiB, family: [C7g, m7g] } }
pools:
  linux:
    runner: std
    default: { hot: 2, stopped: 20 }
    ramp: { up: 10/1m, down: 5/5m }
    limits: { machines: 450 }
    schedule:
      - { name: office, days: mon-fri, time: "08:00-19:00", hot: 25 }
      - { name: night, cron: "0 2 * * *", for: 1h30m, mode: atLeast, hot: 8 }
      - { name: nights, match: { day: [saturday, sun], time: ["22:00", "06:00"] }, stopped: 3 }
    exceptions:
      - { dates: de, entries: [office] }
      - { dates: [de, "2027-01-01"], entries: office, hot: 40 }
      - { dates: "2027-05-13", as: sun }
aliases: [{ match: 'ci-(\\d+)x', use: cpu=$1 }, { dialect: runs-on }]
rollout: { claim: ["acme/sandbox-*"], else: observe }
unserved: { after: 20m, then: check-run }
x-anchors: { anything: [goes, here] }
`,
      { version: "abc", atMs },
    );
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    const { catalog, ...rest } = parsed.value;
    expect(rest).toEqual({ version: 1 });
    expect(catalog).toMatchObject({
      unserved: { afterMs: 1_200_000, outcome: "check-run" },
      rollout: { claim: ["acme/sandbox-*"], else: "observe" },
    });
    expect(catalog).toMatchObject({ version: "abc", dialects: ["runs-on"], images: ["ubuntu"] });
    const [pool] = catalog.pools;
    expect(pool).toMatchObject({
      leadMs: "auto",
      idleTimeoutMs: 1_200_000,
      rampUp: { step: 10, everyMs: 60_000 },
      rampDown: { step: 5, everyMs: 300_000 },
    });
    expect(pool?.shape).toEqual({
      os: "linux",
      arch: "arm64",
      cpu: { min: 4, max: 8 },
      ramGib: { min: 16 },
      families: ["c7g", "m7g"],
      diskGib: 80,
      image: "ubuntu",
      imageSource: { owner: "self", name: "acme-ubuntu24-*", maxAgeMs: 2_160_000_000 },
      spot: false,
    });
    expect(pool?.schedule).toMatchObject({
      timeZone: "Europe/Berlin",
      default: { hot: 2, stopped: 20 },
      entries: [
        { kind: "weekly", days: ["mon", "tue", "wed", "thu", "fri"], start: "08:00", end: "19:00" },
        { kind: "cron", cron: "0 2 * * *", forMinutes: 90, mode: "atLeast" },
        { kind: "weekly", days: ["sat", "sun"], start: "22:00", end: "06:00" },
      ],
      exceptions: [
        { dates: ["2026-12-24..2026-12-26"], entries: ["office"] },
        { dates: ["2026-12-24..2026-12-26", "2027-01-01"], action: { capacity: { hot: 40 } } },
        { action: { as: "sun" } },
      ],
    });
  });

  it.each([
    ["m7*+C7*", ["m7*", "c7*"], 2, 2],
    ["[c7g+m7*, r7g]", ["c7g", "m7*", "r7g"], 2, 2],
    ["c7a.2xlarge", ["c7a.2xlarge"], 8, 8],
    ["[m7i.large, C7A.2xlarge]", ["m7i.large", "c7a.2xlarge"], 2, 8],
    ["c7a.4xlarge, cpu: 8+16", ["c7a.4xlarge"], 8, 16],
    ["c7a.4xlarge+m7i", ["c7a.4xlarge", "m7i"], 2, 16],
  ])("reads family: %s as in labels, and takes vCPUs from types", (family, families, min, max) => {
    const runner = `{ family: ${family} }`;
    const text = `${least}runners: { a: ${runner} }\npools: { p: { runner: a, limits: { machines: 1 } }, q: { runner: ${runner}, limits: { machines: 1 } } }\n`;
    const parsed = parseConfig(text);
    expect(parsed).toMatchObject({ ok: true, issues: [] });
    if (!parsed.ok) return;
    const { runners = {}, pools } = parsed.value.catalog;
    const shapes = [...Object.values(runners), ...pools.map(({ shape }) => shape)];
    expect(shapes).toHaveLength(3);
    for (const shape of shapes) {
      expect(shape).toEqual({ os: "linux", cpu: { min, max }, families });
    }
  });

  it("needs little", () => {
    expect(parseConfig(least, { atMs })).toMatchObject({ ok: true, issues: [] });
  });

  it.each([
    ["", "empty-file", "1:1"],
    ["# nothing\n", "empty-file", "1:1"],
    ["a: [1", "yaml-syntax", "1:6"],
    [`${least}---\nversion: 1\n`, "several-documents", "4:1"],
    [`${least}version: 1\n`, "duplicate-key", "4:1"],
    [`${"[".repeat(66)}${"]".repeat(66)}`, "too-deep", "1:66"],
    [`# ${"x".repeat(1_048_576)}`, "too-large", "1:1"],
    ["[1, 2]", "wrong-type", "1:1"],
  ])("%# is told where it is no configuration", (text, rule, place) => {
    expect(look(text)).toContainEqual([rule, place, expect.any(String)]);
    expect(parseConfig(text).ok).toBe(false);
  });

  it("does not unfold aliases without end", () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const before = level === 0 ? '"x"' : `*a${level - 1}`;
      return `a${level}: &a${level} [${Array.from({ length: 9 }, () => before).join(", ")}]`;
    });
    expect(look(levels.join("\n")).map(([rule]) => rule)).toEqual(["alias-bomb"]);
  });

  it("is told beside a mistake right in it, when it has no part in that", () => {
    const pool =
      'p: { limits: { machines: 5 }, schedule: [{ name: a, time: "08:00-19:00", hot: 1 }], exceptions: [{ dates: "2026-12-24", action: skip, hot: 3, foo: 1 }] }';
    const text = `version: 1\nenvironments: { ci: { regions: [us-east-1] } }\npolicies: []\npools: { ${pool} }\n`;
    expect(look(text).map(([rule]) => rule)).toEqual(["contradiction", "unknown-key"]);
  });

  it("tells a mistake of an anchor where it was written, once, however often it is used", () => {
    const text = `${least}x-shape: &shape { cpu: many }
runners:
  a: { <<: *shape, ram: 16 }
  b: *shape
`;
    expect(look(text)).toEqual([["invalid-value", "4:24", "many"]]);
  });

  it("counts columns in UTF-16 units, and lines by any line break", () => {
    const text = least
      .replaceAll("\n", "\r\n")
      .concat('x-a: "😀é"\r\ndefaults: { spot: "ü" } # \t\r\n');
    expect(look(text)).toEqual([["wrong-type", "5:19", '"ü"']]);
  });

  it("tells what was probably meant, of keys and of names", () => {
    const text = `${least}pool: {}\ndefaults: { environment: cii }\n`;
    expect(parseConfig(text).issues.map(({ rule, suggestion }) => [rule, suggestion])).toEqual([
      ["unknown-key", "pools"],
      ["unknown-environment", "ci"],
    ]);
  });

  it("mends what quotes mend", () => {
    const text = `${least}x-dates: [2026-12-24]\nx-hours: 22:00\n`;
    const { issues } = parseConfig(text);
    expect(issues.map(({ rule }) => rule)).toEqual(["unquoted-date", "unquoted-time"]);
    let mended = text;
    for (const { fix } of issues.toReversed()) {
      if (fix) mended = mended.slice(0, fix.start) + fix.text + mended.slice(fix.end);
    }
    expect(mended).toContain('["2026-12-24"]');
    expect(parseConfig(mended).issues).toEqual([]);
  });

  it("looks at schedules from a day on", () => {
    const text = `${least}pools:
  p:
    limits: { machines: 3 }
    schedule: [{ name: past, dates: "2020-01-01", hot: 1 }]
`;
    expect(parseConfig(text).issues).toEqual([]);
    const [issue] = parseConfig(text, { atMs }).issues;
    expect(issue).toMatchObject({ severity: "warning", path: ["pools", "p", "schedule", 0] });
  });
});
