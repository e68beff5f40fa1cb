import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../parse-config.ts";
import { type ScanReport, scanWorkflows } from "./scan-workflows.ts";

const parsed = parseConfig(`version: 1
environments: { ci: { regions: [us-east-1] } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`);
if (!parsed.ok) throw new Error("it is a good file");
const config = parsed.value;
// How an expression begins, so that it is none of this language.
const open = "$" + "{{";

/** Scans workflows of one repository, by their names. */
function scan(files: Readonly<Record<string, string>>): ScanReport {
  return scanWorkflows(
    config,
    Object.entries(files).map(([name, text]) => ({
      file: name,
      path: `.github/workflows/${name}`,
      repository: "acme/web",
      text,
    })),
    { visibility: "private" },
  );
}

const labels = ({ rows }: ScanReport) =>
  rows.map((row) => row.labels?.join(" ") ?? row.answer.kind);

const callable = (job: string): string =>
  `on: { workflow_call: { inputs: { cpu: { type: number, default: 2 } } } }\njobs: { a: ${job} }\n`;
const asks = callable(`{ runs-on: "runs-fleet/cpu=${open} inputs.cpu }}" }`);

describe("called workflows", () => {
  it("are told by their callers, also when these are only there to be called", () => {
    const calls = callable(
      `{ uses: ./.github/workflows/a.yml, with: { cpu: "${open} inputs.cpu == 2 && 4 || 8 }}" } }`,
    );
    const report = scan({ "a.yml": asks, "b.yml": calls });
    expect(labels(report)).toEqual(["runs-fleet/cpu=4"]);
    expect(report.rows[0]).toMatchObject({ isUncalled: true, callers: ["b.yml, a"] });
  });

  it("are told once each when they call each other only", () => {
    const calls = (name: string) => callable(`{ uses: ./.github/workflows/${name}.yml }`);
    const report = scan({ "a.yml": calls("b"), "b.yml": calls("a") });
    expect(report.rows.map(({ file, answer }) => [file, answer.kind])).toEqual([
      ["b.yml", "invalid"],
    ]);
  });

  it("are followed ten deep, and no deeper", () => {
    const files: Record<string, string> = {
      "0.yml": `on: push\njobs: { a: { uses: ./.github/workflows/1.yml } }\n`,
    };
    for (let level = 1; level < 12; level += 1) {
      files[`${level}.yml`] = callable(`{ uses: ./.github/workflows/${level + 1}.yml }`);
    }
    files["12.yml"] = asks;
    const { rows } = scan(files);
    expect(rows.map(({ file }) => file)).toEqual(["9.yml", "12.yml"]);
    expect(rows[0]?.answer).toMatchObject({
      kind: "invalid",
      message: expect.stringContaining("deeper than 10"),
    });
    // What nothing reaches any more is told by itself.
    expect(rows[1]).toMatchObject({ isUncalled: true, callers: ["10.yml, a > 11.yml, a"] });
  });

  it("do not multiply without end", () => {
    const files: Record<string, string> = { "0.yml": `on: push\njobs:\n${jobs(1)}` };
    for (let level = 1; level < 9; level += 1) {
      files[`${level}.yml`] =
        `on: { workflow_call: { inputs: { x: { type: string } } } }\njobs:\n${jobs(level + 1)}`;
    }
    files["9.yml"] =
      `on: { workflow_call: { inputs: { x: { type: string } } } }\njobs: { a: { runs-on: "runs-fleet=${open} github.run_id }}" } }\n`;
    const { rows } = scan(files);
    expect(labels({ rows } as ScanReport)).toContain("runs-fleet=1");
    expect(
      rows.some(
        ({ answer }) =>
          answer.kind === "unknown" && answer.source === "more calls than are followed",
      ),
    ).toBe(true);

    function jobs(next: number): string {
      return Array.from(
        { length: 8 },
        (_, index) =>
          `  j${index}: { uses: ./.github/workflows/${next}.yml, with: { x: "${open} inputs.x }}${index}" } }\n`,
      ).join("");
    }
  });
});

describe("a scan", () => {
  it("never throws, and places everything inside its file, whatever the files are", () => {
    const value = fc.oneof(
      fc.constantFrom(
        "runs-fleet",
        "ubuntu-latest",
        `${open} matrix.os }}`,
        `${open} inputs.x }}`,
        `${open} fromJSON(inputs.x) }}`,
        `${open} needs.a.outputs.b || 'x' }}`,
        `${open} vars.X == 'y' && matrix.os }}`,
        `${open} `,
        "&a",
        "*a",
        "<<",
        "",
        "null",
        "./.github/workflows/b.yml",
        "other/x/.github/workflows/b.yml@v1",
      ),
      fc.string({ maxLength: 8 }),
      fc.integer(),
      fc.constant(null),
      fc.boolean(),
    );
    const key = fc.constantFrom(
      "on",
      "jobs",
      "push",
      "workflow_call",
      "workflow_dispatch",
      "inputs",
      "x",
      "type",
      "default",
      "options",
      "required",
      "a",
      "runs-on",
      "uses",
      "with",
      "strategy",
      "matrix",
      "include",
      "exclude",
      "os",
      "group",
      "labels",
      "choice",
    );
    const tree = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 6, depthSize: "medium" },
        value,
        fc.dictionary(key, tie("any"), { maxKeys: 5, noNullPrototype: true }),
        fc.array(tie("any"), { maxLength: 4 }),
      ),
    })).any;
    const job = fc.record(
      { "runs-on": tree, uses: value, with: tree, strategy: fc.record({ matrix: tree }) },
      { requiredKeys: [] },
    );
    const document = fc.record({
      on: fc.oneof(fc.constantFrom("push", "workflow_call"), tree),
      jobs: fc.oneof(
        fc.dictionary(fc.constantFrom("a", "b"), job, { noNullPrototype: true }),
        tree,
      ),
    });
    const text = fc.oneof(
      document.map((each) => JSON.stringify(each)),
      tree.map((each) => JSON.stringify(each)),
      fc.string({ maxLength: 60 }),
    );
    let rowsSeen = 0;
    fc.assert(
      fc.property(text, text, (first, second) => {
        const files = { "a.yml": first, "b.yml": second };
        const { rows, problems } = scan(files);
        rowsSeen += rows.length;
        for (const { file, line, column } of [...rows, ...problems]) {
          const lines = (file === "a.yml" ? first : second).split(/\r\n?|\n/);
          expect(line).toBeGreaterThan(0);
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThan(0);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
        }
      }),
      { numRuns: 1_000 },
    );
    expect(rowsSeen).toBeGreaterThan(300);
  });
});
