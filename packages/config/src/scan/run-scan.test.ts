import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeHost } from "../../test/fake-host.ts";
import { runCli } from "../cli/run-cli.ts";

const config = `version: 1
environments: { ci: { regions: [us-east-1] } }
policies: [{ name: all, repositories: ["acme/*"], allow: { maxCpu: 8 } }]
`;
let cwd: string;

async function add(path: string, text: string): Promise<void> {
  const file = join(cwd, path);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, text);
}

const workflow = (runsOn: string): string => `on: push\njobs: { a: { runs-on: "${runsOn}" } }\n`;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "runs-fleet-scan-"));
  await add("runs-fleet.yml", config);
  await add("acme/good/.github/workflows/ci.yml", workflow("runs-fleet"));
  await add("acme/refused/.github/workflows/ci.yml", workflow("runs-fleet/cpu=16"));
  // In two parts, so that it is no expression of this language.
  await add("acme/open/.github/workflows/ci.yml", workflow(`$${"{{ vars.RUNNER }}"}`));
  await add("acme/broken/.github/workflows/ci.yml", "on: push\njobs:\n  a: [\n");
  await mkdir(join(cwd, "empty"));
});
afterAll(() => rm(cwd, { recursive: true }));

async function scan(...args: readonly string[]) {
  const { host, written } = fakeHost({ cwd });
  const code = await runCli(["scan", ...args, "--config", "runs-fleet.yml"], host);
  return { code, ...written };
}

describe("runs-fleet scan", () => {
  it("is content when nothing is refused, and says what is served", async () => {
    expect(await scan("acme/good")).toEqual({
      code: 0,
      err: "",
      out: `acme/good
  acme/good/.github/workflows/ci.yml:2:14  a  runs-fleet  -> a machine in ci, by policy all

served 1, refused 0, not ours 0, unknown 0 in 1 workflow
  machines without a pool  1
`,
    });
  });

  it("ends with 1 when something is refused", async () => {
    const { code, out } = await scan("acme/good", "acme/refused");
    expect(code).toBe(1);
    expect(out).toContain(
      "refused forbidden-shape: Policy all lets acme/refused use at most 8 vCPUs",
    );
    expect(out).toContain("served 1, refused 1, not ours 0, unknown 0 in 2 workflows\n");
  });

  it("goes by what each repository allows itself, and warns of what is wrong there", async () => {
    const file = ".github/runs-fleet.yml";
    await add("own/narrow/.github/workflows/ci.yml", workflow("runs-fleet/cpu=4"));
    await add(`own/narrow/${file}`, "version: 1\nnarrow: { maxCpu: 2 }\n");
    await add("own/wide/.github/workflows/ci.yml", workflow("runs-fleet/cpu=4"));
    await add(`own/wide/${file}`, "version: 1\nnarrow: { maxCpus: 2 }\n");
    // The organisation's own is none of a repository.
    await add("own/.github-private/.github/workflows/ci.yml", workflow("runs-fleet/cpu=4"));
    await add(`own/.github-private/${file}`, config);
    const { code, out, err } = await scan("own", "--owner", "acme");
    expect(code).toBe(1);
    expect(out).toContain("refused forbidden-shape: acme/narrow allows itself at most 2 vCPUs");
    expect(out).toContain("served 2, refused 1, not ours 0, unknown 0 in 3 workflows\n");
    expect(err).toBe(
      `warning[unknown-key] own/wide/${file}:2:11: There is no key "maxCpus" here; there are environments, pools, maxCpu, maxJobs, maxReruns\n  did you mean maxCpu?\n`,
    );
    expect((await scan("own/wide", "--owner", "acme")).code).toBe(0);
    expect((await scan("own/wide", "--owner", "acme", "--strict")).code).toBe(1);
    await rm(join(cwd, "own"), { recursive: true });
  });

  it("minds what is not known only when it is to be strict", async () => {
    expect(await scan("acme/open")).toMatchObject({ code: 0, err: "" });
    expect((await scan("acme/open", "--strict")).code).toBe(1);
    expect(await scan("acme/open", "--strict", "--var", "RUNNER=runs-fleet/cpu=2")).toMatchObject({
      code: 0,
      err: "",
    });
  });

  it("warns of a workflow that is broken, with its place, and tells the rest", async () => {
    const { code, out, err } = await scan("acme");
    expect(code).toBe(1);
    expect(err).toMatch(
      /^warning\[workflow-invalid\] acme\/broken\/\.github\/workflows\/ci\.yml:4:1: This is not YAML/,
    );
    expect(out).toContain("served 1, refused 1, not ours 0, unknown 1 in 3 workflows\n");
    expect((await scan("acme/broken", "acme/good")).code).toBe(0);
    expect((await scan("acme/broken", "acme/good", "--strict")).code).toBe(1);
  });

  it("takes the repository as it is told", async () => {
    expect((await scan("acme/good", "--repository", "other/web")).out).toContain(
      "No policy names other/web",
    );
    expect((await scan("acme", "--owner", "other")).out).toContain("No policy names other/good");
    expect((await scan("acme/good", "--visibility", "public")).code).toBe(1);
  });

  it("looks at a directory once, however often it is named", async () => {
    expect((await scan("acme/good", ".", "acme/../acme/good")).out).toContain("in 3 workflows\n");
  });

  it("tells what was read, and ends with 2, when a part could not be read", async () => {
    const { code, out, err } = await scan("acme/good", "nowhere");
    expect(code).toBe(2);
    expect(out).toContain("served 1, refused 0");
    expect(err).toBe("error[file-missing] nowhere: There is no such file or directory\n");
  });

  it("shows on a terminal how far it is", async () => {
    const { host, written, clock } = fakeHost({ cwd, terminal: true });
    const late = { ...host, clock: { ...clock, monotonicMs: () => (ticks += 200) } };
    let ticks = 0;
    await runCli(["scan", "acme/good", "--config", "runs-fleet.yml"], late);
    expect(written.err).toContain("1 found, acme/good/.github/workflows/ci.yml");
    expect(written.err).toContain("100%  reading workflows, 1 of 1");
    expect(written.err.endsWith("\r\u001b[K")).toBe(true);
  });

  it("speaks JSON for programs", async () => {
    const { out } = await scan("acme/good", "--format", "json");
    expect(JSON.parse(out)).toMatchObject({
      rows: [
        {
          repository: "acme/good",
          file: "acme/good/.github/workflows/ci.yml",
          line: 2,
          column: 14,
          job: "a",
          labels: ["runs-fleet"],
          count: 1,
          answer: { kind: "served", placement: { environment: "ci", policy: "all" } },
        },
      ],
      problems: [],
      totals: {
        served: 1,
        refused: 0,
        notOurs: 0,
        unknown: 0,
        invalid: 0,
        workflows: 1,
        pools: { "": 1 },
      },
    });
  });

  it("ends with 2 when there is nothing to look at, or it is not used right", async () => {
    expect((await scan("empty")).err).toContain("error[no-workflows]");
    expect(await scan("nowhere")).toMatchObject({ code: 2, out: "" });
    expect((await scan("acme", "--repository", "acme/web")).err).toContain(
      "--owner names the owner of all",
    );
    expect((await scan()).code).toBe(2);
    expect((await scan("acme", "--var", "X")).err).toContain("Must be name=value.");
  });
});
