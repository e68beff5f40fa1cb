import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeHost } from "../../test/fake-host.ts";
import { runCli } from "../cli/run-cli.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "init-"));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function run(...args: readonly string[]) {
  const { host, written } = fakeHost({ cwd });
  const code = await runCli(args, host);
  return { code, ...written };
}
const usual = () => readFile(join(cwd, ".github/runs-fleet.yml"), "utf8");

describe("runs-fleet init", () => {
  it("writes a configuration in which nothing is to be found, and says what comes next", async () => {
    const { code, out, err } = await run("init");
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toBe(".github/runs-fleet.yml is written. Look at it, then: runs-fleet check\n");
    expect((await run("check")).out).toMatch(/^0 errors, 0 warnings, 0 notes/);
  });

  it("writes one by which jobs of the repositories get a machine, and jobs of others none", async () => {
    await run("init", "--region", "eu-central-1", "--repositories", "acme/*", "other/app");
    const which = (repository: string, label: string) =>
      run("which", label, "--repository", repository);
    for (const label of ["runs-fleet/pool=linux", "runs-fleet/runner=std"]) {
      expect((await which("acme/app", label)).code).toBe(0);
      expect((await which("other/app", label)).code).toBe(0);
      expect((await which("other/web", label)).out).toContain("no-policy");
    }
    expect(await usual()).toContain("regions: [eu-central-1]");
  });

  it("writes to another place, or to standard output", async () => {
    expect((await run("init", "fleet.yml")).err).toContain("runs-fleet check fleet.yml");
    const { out } = await run("init", "-", "--timezone", "Europe/Berlin");
    expect(out).toContain("timezone: Europe/Berlin");
    expect(out).not.toBe(await readFile(join(cwd, "fleet.yml"), "utf8"));
  });

  it("never writes over a file, unless it is told to", async () => {
    await writeFile(join(cwd, "mine.yml"), "version: 1\n");
    expect(await run("init", "mine.yml")).toMatchObject({
      code: 2,
      err: expect.stringContaining("error[file-exists] mine.yml"),
    });
    expect(await readFile(join(cwd, "mine.yml"), "utf8")).toBe("version: 1\n");
    expect((await run("init", "mine.yml", "--force")).code).toBe(0);
    expect(await readFile(join(cwd, "mine.yml"), "utf8")).toContain("pools:");
  });

  it.each([
    [["--timezone", "Mars/Olympus"], /wrong-option.*Mars\/Olympus/s],
    [["--timezone", "UTC, x: 1"], /Must be a time zone/],
    [["--region", "Europe!"], /Must be a region/],
    [["--repositories", "acme app"], /Must be owner\/name/],
    [["mine.yml/deep.yml"], /mine\.yml/],
  ])("tells what is wrong with %s, and writes nothing", async (args, words) => {
    await writeFile(join(cwd, "mine.yml"), "");
    const { code, err } = await run("init", ...args);
    expect(code).toBe(2);
    expect(err).toMatch(words);
    await expect(usual()).rejects.toThrow("ENOENT");
  });
});

describe("a configuration that is not there", () => {
  it("is told with the first step, where none was named", async () => {
    for (const args of [["check"], ["explain", "linux"], ["scan", "."], ["plan"]]) {
      const { code, err } = await run(...args);
      expect(code).toBe(2);
      expect(err).toContain("runs-fleet init writes one");
    }
    expect((await run("check", "other.yml")).err).not.toContain("init");
  });
});
