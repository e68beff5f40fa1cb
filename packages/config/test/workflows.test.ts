import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { runCli } from "../src/cli/run-cli.ts";
import type { ScanReport, ScanRow } from "../src/scan/scan-workflows.ts";
import { fakeHost } from "./fake-host.ts";

const directory = fileURLToPath(new URL("workflows", import.meta.url));
const given = [
  "--config",
  "runs-fleet.yml",
  "--var",
  "RUNNER=runs-fleet/pool=linux",
  "--var",
  'LABELS=["self-hosted", "linux", "arm64"]',
];

async function scan(...args: readonly string[]) {
  const { host, written } = fakeHost({ cwd: directory });
  const code = await runCli(["scan", ".", ...given, ...args], host);
  return { code, ...written };
}

const report = scan("--format", "json").then(({ code, out, err }) => {
  return { code, err, ...(JSON.parse(out) as ScanReport) };
});

/** A row as the first lines of its file foretell it: `job ×2: labels`. */
function asked({ repository, file, job, count, labels, group }: ScanRow): string {
  const own = file.startsWith(`${repository}/`) ? "" : `${repository} `;
  const times = count === 1 ? "" : ` ×${count}`;
  const list =
    labels === undefined ? "?" : labels.length === 1 ? labels[0] : `[${labels.join(", ")}]`;
  const where = group === undefined ? "" : `in group ${group}`;
  return `${own}${job}${times}: ${[labels?.length === 0 ? "" : list, where].filter(Boolean).join(" ")}`;
}

const runners = {
  "github-hosted": "hosted",
  "self-hosted": "self-hosted",
  "runner-group": "group",
  other: "other",
};

/** What a row gets, in the words of those lines; what is said besides comes second. */
function got({ answer }: ScanRow): readonly [string, string] {
  switch (answer.kind) {
    case "served": {
      const { pool, environment } = answer.placement;
      const where = pool === undefined ? `machine ${environment}` : `pool ${pool}`;
      return [where, answer.isObserved ? "observed" : ""];
    }
    case "refused":
      return [`refused ${answer.refusals.map(({ code }) => code).join(" ")}`, ""];
    case "not-ours":
      return [runners[answer.runner], answer.hint ?? ""];
    case "unknown":
      return [`unknown ${answer.source}`, ""];
    case "invalid":
      return ["invalid", answer.message];
  }
}

interface Foretold {
  readonly asked: string;
  readonly got: string;
  /** What is said besides, in part. */
  readonly said: string;
}

function foretell(line: string): Foretold {
  const [head = "", answer = ""] = line.split(" => ");
  if (answer.startsWith("invalid ")) return { asked: head, got: "invalid", said: answer.slice(8) };
  const [what = "", said = ""] = answer.split(", ");
  return { asked: head, got: what, said };
}

const files = ["acme/api", "acme/legacy", "acme/monorepo", "acme/shared", "acme/web", "other/tool"];

/** The lines at the top of a workflow that say what its jobs get, written by hand before anything was scanned. */
async function linesOf(file: string): Promise<readonly string[]> {
  const text = await readFile(`${directory}/${file}`, "utf8");
  return [...text.matchAll(/^#> (.*?)\r?$/gm)].map(([, line]) => line ?? "");
}

async function workflowFiles(): Promise<readonly string[]> {
  const { readdir } = await import("node:fs/promises");
  const found = await Promise.all(
    files.map(async (repository) =>
      (await readdir(`${directory}/${repository}/.github/workflows`)).map(
        (name) => `${repository}/.github/workflows/${name}`,
      ),
    ),
  );
  return found.flat();
}

describe("the workflows of six repositories", async () => {
  const all = await workflowFiles();

  it("are more than sixty, of which each says what it gets", async () => {
    expect(all.length).toBeGreaterThanOrEqual(60);
    const { rows, problems } = await report;
    const told = new Set([...rows, ...problems].map(({ file }) => file));
    const callsOnly = all.filter((file) => !told.has(file));
    // What only calls others is told where those stand.
    for (const file of callsOnly) expect(file).toMatch(/\/(?:calls-|self-test)/);
  });

  it.each(all)("%s gets what its first lines foretell", async (file) => {
    const { rows, problems } = await report;
    const lines = await linesOf(file);
    const broken = lines.filter((line) => line.startsWith("broken "));
    const own = problems.filter((problem) => problem.file === file);
    expect(own.length).toBe(broken.length);
    for (const [index, { line, column, message }] of own.entries()) {
      expect(`broken ${line}:${column} ${message}`).toContain(broken[index]);
    }
    const foretold = lines.filter((line) => !line.startsWith("broken ")).map(foretell);
    const found = rows.filter((row) => row.file === file);
    const short = found.map((row) => `${asked(row)} => ${got(row)[0]}`);
    expect(short.sort()).toEqual(foretold.map((each) => `${each.asked} => ${each.got}`).sort());
    for (const row of found) {
      const [what, said] = got(row);
      const line = foretold.find((each) => each.asked === asked(row) && each.got === what);
      // Nothing is said besides that was not foretold.
      expect(said === "").toBe(line?.said === "");
      expect(said).toContain(line?.said);
    }
  });

  it("are told with their places: each line has the runs-on, the uses, or the job", async () => {
    const { rows } = await report;
    for (const { file, line, column, job } of rows) {
      const text = await readFile(`${directory}/${file}`, "utf8");
      const rest = (text.split(/\r?\n/)[line - 1] ?? "").slice(column - 1);
      expect(rest, `${file}:${line}:${column}`).toMatch(
        new RegExp(`^["']?(?:runs-on|uses|${job})["']?:`),
      );
    }
  });

  it("are told as a text that is the same every time", async () => {
    const { code, out, err } = await scan();
    expect(code).toBe(1);
    await expect(out).toMatchFileSnapshot("workflows/scan.txt");
    await expect(err).toMatchFileSnapshot("workflows/scan-warnings.txt");
  });

  it("add up", async () => {
    const { rows, totals } = await report;
    const { served, refused, notOurs, unknown, invalid, pools } = totals;
    expect(served + refused + notOurs + unknown + invalid).toBe(rows.length);
    expect(Object.values(pools).reduce((one, other) => one + other, 0)).toBe(served);
  });
});
