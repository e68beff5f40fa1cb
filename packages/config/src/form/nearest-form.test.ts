import { describe, expect, it } from "vitest";
import { parseConfig } from "../parse-config.ts";

const least = `version: 1
environments: { ci: { regions: [us-east-1] } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`;

/** Rule, marked text, and what was probably meant. */
function look(line: string) {
  const text = `${least}${line}\n`;
  return parseConfig(text).issues.map(({ rule, start, end, suggestion }) => [
    rule,
    text.slice(start.offset, end.offset),
    ...(suggestion === undefined ? [] : [suggestion]),
  ]);
}

const pool = (keys: string) => `pools: { p: { limits: { machines: 3 }, ${keys} } }`;
const entry = (keys: string) => pool(`schedule: [{ name: a, hot: 1, ${keys} }]`);

describe("a value that fits none of several forms", () => {
  it.each([
    ["a typo in a runner", pool("runner: { cpu: 4, rm: 16 }"), [["unknown-key", "rm", "ram"]]],
    ["a wrong value in a runner", pool("runner: { ram: 16 GB }"), [["invalid-value", "16 GB"]]],
    [
      "a typo in a region",
      pool("regions: [{ name: us-east-1, wieght: 2 }]"),
      [["unknown-key", "wieght", "weight"]],
    ],
    ["a day in a list", entry("days: [mon, funday]"), [["invalid-value", "funday"]]],
    ["an hour in a pair", entry('time: ["08:00", "25:00"]'), [["invalid-value", '"25:00"']]],
    ["an hour of RunsOn's", entry('match: { time: ["8", "09:00"] }'), [["invalid-value", '"8"']]],
    [
      "a date in a list",
      'calendars: { a: ["2026-01-01", "2026-02-40"] }',
      [["invalid-value", '"2026-02-40"']],
    ],
    ["a date alone", 'calendars: { a: "2026-02-40" }', [["invalid-value", '"2026-02-40"']]],
    ["a text in a list", "runners: { a: { family: [c7g, 7] } }", [["wrong-type", "7"]]],
    [
      "a typo in an alias",
      "aliases: [{ match: a, uze: pool=p }]",
      [
        ["missing-key", "{ match: a, uze: pool=p }"],
        ["unknown-key", "uze", "use"],
      ],
    ],
    ["a label that is none", "aliases: [{ labels: [a, 1], use: cpu=2 }]", [["wrong-type", "1"]]],
    ["an unknown dialect", "aliases: [{ dialect: gitlab }]", [["invalid-value", "gitlab"]]],
  ])("is told by the form that it nearly has: %s", (_name, line, expected) => {
    const found = look(line);
    expect([...found].sort()).toEqual([...expected].sort());
  });

  it("says what is wrong rather than what else there is", () => {
    const text = `${least}runners: { a: { cpu: 1000 } }\ncalendars: { a: "2026-02-40" }\n`;
    expect(parseConfig(text).issues.map(({ message }) => message)).toEqual([
      "A machine has at most 896 vCPUs",
      'Dates are written like "2026-12-24", or "2026-12-24..2026-12-26" for a range',
    ]);
  });

  it.each(["5", "soon", "5 minutes"])("names both where either may be meant: %s", (lead) => {
    const { issues } = parseConfig(`${least}defaults: { lead: ${lead} }\n`);
    expect(issues.map(({ message }) => message)).toEqual([
      'A lead is auto, or a duration such as "5m"',
    ]);
  });

  it.each([
    ["nothing", "aliases: [{}]"],
    ["what two have", "aliases: [{ use: cpu=2 }]"],
    ["the keys of two", "aliases: [{ match: a, labels: [b], use: cpu=2 }]"],
    ["a number", "aliases: [5]"],
  ])("is told once where no form is nearer: %s", (_name, line) => {
    const { issues } = parseConfig(`${least}${line}\n`);
    expect(issues.map(({ message }) => message)).toEqual([
      "An alias is match and use, labels and use, or dialect: runs-on",
    ]);
  });
});

describe("a mapping", () => {
  it("is no list: what stood in it would be lost without a word", () => {
    expect(look("defaults: []")).toEqual([["wrong-type", "defaults"]]);
    expect(look("pools: [linux]")).toEqual([["wrong-type", "pools"]]);
  });

  it.each(["constructor", "prototype", "__proto__"])(
    "has no %s among its names, which would be lost as well",
    (name) => {
      expect(look(`runners: { ${name}: { cpu: 4 } }`)).toEqual([["invalid-value", name]]);
    },
  );

  it("marks the name, not what stands behind it", () => {
    expect(look("runners: { Std: { cpu: 4 } }")).toEqual([["invalid-value", "Std"]]);
  });
});
