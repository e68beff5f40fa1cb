import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeHost } from "../../test/fake-host.ts";
import { runCli } from "../cli/run-cli.ts";
import { parseConfig } from "../parse-config.ts";

let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "runs-fleet-import-"));
  await writeFile(
    join(cwd, "runs-on.yml"),
    "runners:\n  ci: { cpu: 4, image: ubuntu24-full-x64, ssh: true }\n",
  );
  await writeFile(join(cwd, "wrong.yml"), "runners:\n  ci: { cpus: 4 }\n");
});
afterAll(() => rm(cwd, { recursive: true }));

async function run(...args: readonly string[]) {
  const { host, written } = fakeHost({ cwd });
  const code = await runCli(["import", ...args], host);
  return { code, ...written };
}

describe("runs-fleet import", () => {
  it("prints a configuration that can be used, and apart from it what is not the same", async () => {
    const { code, out, err } = await run(
      "runs-on.yml",
      "--region",
      "eu-central-1",
      "--repositories",
      "acme/*",
      "acme-labs/ci",
    );
    expect(code).toBe(0);
    const parsed = parseConfig(out);
    expect(parsed.ok && parsed.value.catalog).toMatchObject({
      environments: [{ name: "production", regions: ["eu-central-1"] }],
      policies: [{ repositories: ["acme/*", "acme-labs/ci"] }],
      dialects: ["runs-on"],
    });
    expect(err).toContain("  runs-on.yml:2:43  runners.ci.ssh    Nobody logs in to machines");
    expect(err).not.toContain("is a guess");
    expect(err.endsWith("\n0 ambiguous, 3 changed, 1 dropped\n")).toBe(true);
  });

  it("tells a program the same", async () => {
    const { code, err } = await run("runs-on.yml", "--format", "json");
    expect(code).toBe(0);
    expect(JSON.parse(err)).toMatchObject({
      file: "runs-on.yml",
      counts: { ambiguous: 0, changed: 4, dropped: 1 },
      losses: expect.arrayContaining([
        {
          kind: "dropped",
          path: ["runners", "ci", "ssh"],
          message: expect.stringContaining("SSH"),
          start: { line: 2, column: 43, offset: 51 },
          end: { line: 2, column: 46, offset: 54 },
        },
      ]),
    });
  });

  it("writes a new file, and over one that is there only when told so", async () => {
    const first = await run("runs-on.yml", "--out", "out.yml");
    expect(first).toMatchObject({ code: 0, out: "" });
    const written = await readFile(join(cwd, "out.yml"), "utf8");
    expect(parseConfig(written).ok).toBe(true);
    await writeFile(join(cwd, "out.yml"), "mine");
    const second = await run("runs-on.yml", "-o", "out.yml");
    expect(second.code).toBe(2);
    expect(second.err).toBe(
      "error[file-exists] out.yml: There is such a file already; --force writes over it\n",
    );
    expect(await readFile(join(cwd, "out.yml"), "utf8")).toBe("mine");
    expect((await run("runs-on.yml", "-o", "out.yml", "--force")).code).toBe(0);
    expect(await readFile(join(cwd, "out.yml"), "utf8")).toBe(written);
  });

  it("shows what is wrong with the file, and ends with 1", async () => {
    const { code, out, err } = await run("wrong.yml");
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("error[unknown-key] wrong.yml:2:9 at runners.ci.cpus");
    expect(err).toContain("  did you mean cpu?\n");
  });

  it("ends with 2 when something cannot be read or written, or is asked wrongly", async () => {
    expect((await run("none.yml")).code).toBe(2);
    expect((await run("runs-on.yml", "--out", "no/such/out.yml")).code).toBe(2);
    expect((await run("runs-on.yml", "--region", "Not A Region")).code).toBe(2);
    expect((await run("runs-on.yml", "--repositories", "acme")).code).toBe(2);
    expect((await run()).code).toBe(2);
  });

  it("teaches", async () => {
    const { code, out } = await run("--help");
    expect(code).toBe(0);
    expect(out).toContain("Examples:");
  });
});
