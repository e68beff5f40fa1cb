import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeHost } from "../../test/fake-host.ts";
import { runCli } from "../cli/run-cli.ts";

const good = `version: 1
environments: { ci: { regions: [us-east-1] } }
policies: [{ name: all, repositories: ["acme/*"], allow: {} }]
`;
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "runs-fleet-check-"));
  await writeFile(join(cwd, "good.yml"), good);
  await writeFile(join(cwd, "bad.yml"), good.replace("version: 1", "verzion: 1"));
});
afterAll(() => rm(cwd, { recursive: true }));

async function check(...args: readonly string[]) {
  const { host, written } = fakeHost({ cwd });
  const code = await runCli(["check", ...args], host);
  return { code, ...written };
}

describe("runs-fleet check", () => {
  it("is content with a good file", async () => {
    expect(await check("good.yml")).toEqual({
      code: 0,
      out: "0 errors, 0 warnings, 0 notes\n",
      err: "",
    });
  });

  it("tells what is wrong with a bad one, by its name and place, and ends with 1", async () => {
    const { code, out } = await check("good.yml", "bad.yml");
    expect(code).toBe(1);
    expect(out).toContain("error[unknown-key] bad.yml:1:1 at verzion");
    expect(out).toContain("  did you mean version?\n");
    expect(out).toContain("2 errors, 0 warnings, 0 notes in 2 files\n");
  });

  it("speaks other formats alone, so that a machine can read them", async () => {
    const { out } = await check("--format", "json", "bad.yml");
    expect(JSON.parse(out)).toHaveLength(2);
    const github = await check("--format", "github", "bad.yml");
    expect(
      github.out
        .split("\n")
        .filter(Boolean)
        .every((line) => line.startsWith("::error ")),
    ).toBe(true);
  });

  it("mends what can be mended safely, and tells the rest", async () => {
    const file = join(cwd, "hours.yml");
    await writeFile(file, `${good}x-hours: 22:00\ncalendars: { a: [2026-12-24] }\npool: {}\n`);
    const { code, out, err } = await check("--fix", "hours.yml");
    expect(code).toBe(1);
    expect(err).toBe("2 mended\n");
    expect(out).toContain("1 error, 0 warnings, 0 notes\n");
    expect(await readFile(file, "utf8")).toBe(
      `${good}x-hours: "22:00"\ncalendars: { a: ["2026-12-24"] }\npool: {}\n`,
    );
    expect((await readdir(cwd)).sort()).toEqual(["bad.yml", "good.yml", "hours.yml"]);
    expect((await check("--fix", "--stdin")).code).toBe(2);
  });

  it("knows the file of a repository by its key, and its names by the organisation's file", async () => {
    await writeFile(
      join(cwd, "own.yml"),
      "version: 1\nnarrow: { environments: [cd], maxCpu: 4 }\n",
    );
    expect(await check("own.yml", "good.yml")).toMatchObject({ code: 0, err: "" });
    const { code, out } = await check("own.yml", "--organisation", "good.yml");
    expect(code).toBe(0);
    expect(out).toContain("warning[unmatched-glob] own.yml:2:26 at narrow.environments[0]");
    expect(out).toContain("did you mean ci?");
    expect(await check("own.yml", "--organisation", "bad.yml")).toMatchObject({ code: 1, out: "" });
    expect(await check("own.yml", "--organisation", "none.yml")).toMatchObject({ code: 2 });
    const itself = await check("own.yml", "--organisation", "own.yml");
    expect(itself.code).toBe(2);
    expect(itself.err).toContain(
      "error[repository-file] own.yml: This is the file of one repository",
    );
    await writeFile(join(cwd, "wide.yml"), "version: 1\nnarrow: {}\npools: {}\n");
    const wide = await check("wide.yml");
    expect(wide.code).toBe(1);
    expect(wide.out).toContain("error[misplaced-key] wide.yml:3:1 at pools");
    for (const file of ["own.yml", "wide.yml"]) await rm(join(cwd, file));
  });

  it("ends with 2 when a file is not there, or a format is none", async () => {
    expect(await check("none.yml")).toMatchObject({ code: 2, out: "" });
    expect((await check()).err).toContain(".github/runs-fleet.yml");
    expect((await check("--format", "xml")).code).toBe(2);
  });

  it("teaches", async () => {
    const { code, out } = await check("--help");
    expect(code).toBe(0);
    expect(out).toContain("Examples:");
  });

  it("looks into what a file includes, and mends it there", async () => {
    await writeFile(join(cwd, "main.yml"), `include: [team.yml]\n${good}`);
    await writeFile(join(cwd, "team.yml"), "calendars: { de: [2026-12-24] }\n");
    const before = await check("main.yml");
    expect(before).toMatchObject({ code: 0, err: "" });
    expect(before.out).toContain("team.yml:1:19");
    expect(before.out).toContain("calendars: { de: [2026-12-24]");
    expect((await check("--fix", "main.yml")).err).toBe("1 mended\n");
    expect(await readFile(join(cwd, "team.yml"), "utf8")).toContain('de: ["2026-12-24"]');
  });
});
