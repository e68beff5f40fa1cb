import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../parse-config.ts";
import { isRepositoryFile, parseRepositoryFile } from "./parse-repository-file.ts";

const organisation = parseConfig(`
version: 1
environments: { ci: { regions: [eu-central-1] } }
pools: { linux: { default: { hot: 1 }, limits: { machines: 9 } } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`);
const config = organisation.ok ? organisation.value : undefined;

const told = (text: string) =>
  parseRepositoryFile(text, { ...(config && { config }) }).issues.map(
    ({ rule, severity, start, end, suggestion }) =>
      `${severity} ${rule} ${start.line}:${start.column}-${end.line}:${end.column}${suggestion === undefined ? "" : ` ${suggestion}?`}`,
  );

describe("the file of a repository", () => {
  it("says what its jobs may use at most", () => {
    const text = `
# what we need
x-note: &pools [linux, "arm-*"]
version: 1
narrow: { pools: *pools, environments: [ci], maxCpu: 16, maxJobs: 20, maxReruns: 0 }
`;
    expect(parseRepositoryFile(text, { version: "abc" })).toEqual({
      ok: true,
      value: {
        version: "abc",
        pools: ["linux", "arm-*"],
        environments: ["ci"],
        maxCpu: 16,
        maxJobs: 20,
        maxReruns: 0,
      },
      issues: [],
    });
  });

  it.each([
    [
      "a key that is mistyped",
      "version: 1\nnarrow:\n  pool: [linux]\n",
      "error unknown-key 3:3-3:7 pools?",
    ],
    [
      "a pool that the organisation lacks",
      "version: 1\nnarrow: { pools: [linus] }\n",
      "warning unmatched-glob 2:19-2:24 linux?",
    ],
    [
      "an environment it lacks",
      'version: 1\nnarrow: { environments: ["prod*"] }\n',
      "warning unmatched-glob 2:26-2:33",
    ],
    [
      "what belongs to the organisation",
      "version: 1\nnarrow: {}\npolicies: []\n",
      "error misplaced-key 3:1-3:9",
    ],
    [
      "a bound that is none",
      "version: 1\nnarrow: { maxCpu: 0 }\n",
      "error invalid-value 2:19-2:20",
    ],
    ["nothing to narrow", "version: 1\n", "error missing-key 1:1-1:1"],
    ["a list", "- version: 1\n", "error wrong-type 1:1-1:1"],
    ["no YAML", "narrow: {\n", "error yaml-syntax 2:1-2:1"],
    ["nothing at all", "", "error empty-file 1:1-1:1"],
  ])("tells of %s at its place", (_, text, expected) => {
    expect(told(text)).toEqual([expected]);
  });

  it("tells all at once, in the order of the file", () => {
    const text = `narrow:
  maxcpu: 3
  pools: linux
  environments: [ci, cd]
  job: 4
  maxReruns: 9
version: 2
pools: {}
policy: {}
`;
    expect(told(text)).toEqual([
      "error unknown-key 2:3-2:9 maxCpu?",
      "error wrong-type 3:10-3:15",
      "warning unmatched-glob 4:22-4:24 ci?",
      "error unknown-key 5:3-5:6",
      "error invalid-value 6:14-6:15",
      "error invalid-value 7:10-7:11",
      "error misplaced-key 8:1-8:6",
      "error unknown-key 9:1-9:7",
    ]);
  });

  it("is told from that of an organisation by its one key", () => {
    expect(isRepositoryFile("version: 1\nnarrow: {}\n")).toBe(true);
    expect(isRepositoryFile('"narrow" : {}')).toBe(true);
    expect(isRepositoryFile("version: 1\npools: { narrow: {} }\n")).toBe(false);
    expect(isRepositoryFile("# narrow: x\npools:\n  narrow: {}\n")).toBe(false);
  });

  it("never throws, and places every issue inside the file", () => {
    const words = fc.constantFrom(
      "version: 1",
      "narrow:",
      "narrow: {}",
      "  pools: [linux]",
      "  pools: [a, *x]",
      "  maxCpu: 9e9",
      "  - x",
      "&a",
      "<<: *a",
      "? ? ?",
      "{",
      "]",
      "\t",
      "\u0000",
      "x-y: &x [1]",
      "'",
      "maxJobs: -1",
      "---",
      "narrow: [&x *x]",
      "\u{1f600}: 1",
    );
    const text = fc.oneof(
      fc.array(words, { maxLength: 12 }).map((lines) => lines.join("\n")),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(text, (source) => {
        const parsed = parseRepositoryFile(source, { ...(config && { config }) });
        if (!parsed.ok) expect(parsed.issues.length).toBeGreaterThan(0);
        for (const { start, end } of parsed.issues) {
          expect(start.offset).toBeLessThanOrEqual(end.offset);
          expect(end.offset).toBeLessThanOrEqual(source.length);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
