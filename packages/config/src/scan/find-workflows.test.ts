import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findWorkflows, scanLimits } from "./find-workflows.ts";
import { originIn, repositoryOf } from "./repository-of.ts";

let cwd: string;

async function add(path: string, text = "on: push\n"): Promise<void> {
  const file = join(cwd, path);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, text);
}

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "runs-fleet-find-"));
  await add("org/web/.github/workflows/ci.yml");
  await add("org/web/.github/workflows/release.yaml", "\uFEFFon: push\n");
  await add("org/web/.github/workflows/notes.md");
  await add("org/web/.github/workflows/deeper/not.yml");
  await add("org/web/node_modules/pkg/.github/workflows/not.yml");
  await add("org/web/.git/.github/workflows/not.yml");
  await add("org/web/vendor/lib/.github/workflows/not.yml");
  await add("org/web/modules/sub/.git", "gitdir: elsewhere\n");
  await add("org/web/modules/sub/.github/workflows/module.yml");
  await add("org/api/.github/workflows/big.yml", `# ${"x".repeat(scanLimits.fileBytes)}`);
  await add("org/api/.github/workflows/small.yml");
  await add("org/.github/.github/workflows/shared.yml");
  await add("org/.github/profile/README.md");
  await add("org/none/.github/CODEOWNERS");
  await symlink(join(cwd, "org"), join(cwd, "org", "web", "loop"));
  await symlink(join(cwd, "nowhere"), join(cwd, "org", "web", "dangling"));
  await mkdir(join(cwd, "outside"));
  await add("outside/linked/.github/workflows/linked.yml");
  await symlink(join(cwd, "outside"), join(cwd, "org", "zz-link"));
});
afterAll(() => rm(cwd, { recursive: true }));

describe("workflow files", () => {
  it("are found in all checkouts of a directory, in order, without what belongs to others", async () => {
    const seen: string[] = [];
    const { files, problems } = await findWorkflows(cwd, "org", (file) => seen.push(file));
    expect(files.map(({ file }) => file)).toEqual([
      "org/.github/.github/workflows/shared.yml",
      "org/api/.github/workflows/small.yml",
      "org/web/.github/workflows/ci.yml",
      "org/web/.github/workflows/release.yaml",
      "org/web/modules/sub/.github/workflows/module.yml",
      "org/zz-link/linked/.github/workflows/linked.yml",
    ]);
    expect(seen).toEqual(files.map(({ file }) => file));
    expect(files[3]).toMatchObject({
      path: ".github/workflows/release.yaml",
      checkout: join(cwd, "org", "web"),
      text: "on: push\n",
    });
    expect(problems).toMatchObject([
      { code: "file-too-large", file: "org/api/.github/workflows/big.yml" },
    ]);
  });

  it("are shown as the directory was named", async () => {
    const of = async (named: string): Promise<string | undefined> =>
      (await findWorkflows(join(cwd, "org", "api"), named)).files[0]?.file;
    expect(await of(".")).toBe(".github/workflows/small.yml");
    expect(await of("../api")).toBe("../api/.github/workflows/small.yml");
    expect(await of(join(cwd, "org/api"))).toBe(join(cwd, "org/api/.github/workflows/small.yml"));
  });

  it("are read up to a limit, which is told", async () => {
    const few = await findWorkflows(cwd, "org", undefined, { ...scanLimits, files: 2 });
    expect(few.files.length).toBe(2);
    expect(few.problems.map(({ code }) => code)).toEqual(["file-too-large", "too-many"]);
    const shallow = await findWorkflows(cwd, "org", undefined, { ...scanLimits, directories: 3 });
    expect(shallow.problems.at(-1)).toMatchObject({ code: "too-many", file: "org" });
  });

  it("tell what cannot be read, and the rest is read", async () => {
    expect((await findWorkflows(cwd, "nowhere")).problems).toMatchObject([
      { code: "file-missing", file: "nowhere" },
    ]);
    // For root nothing is locked.
    if (process.getuid?.() === 0) return;
    await add("locked/a/.github/workflows/a.yml");
    await mkdir(join(cwd, "locked", "b"));
    await chmod(join(cwd, "locked", "b"), 0);
    const { files, problems } = await findWorkflows(cwd, "locked");
    await chmod(join(cwd, "locked", "b"), 0o755);
    expect(files.length).toBe(1);
    expect(problems).toMatchObject([{ code: "file-unusable", file: "locked/b" }]);
  });
});

describe("the repository of a checkout", () => {
  it("is that of its remote origin, else its last two directories", async () => {
    await add(
      "src/checkout/.git/config",
      '[remote "fork"]\n\turl = git@github.com:me/x.git\n[remote "origin"]\n\turl = git@github.com:acme/web.git\n',
    );
    expect(await repositoryOf(join(cwd, "src", "checkout"))).toBe("acme/web");
    expect(await repositoryOf(join(cwd, "org", "api"))).toBe("org/api");
    expect(await repositoryOf(join(cwd, "org", ".github"))).toBe("org/.github");
    expect(await repositoryOf(join(cwd, "org", "api"), "acme")).toBe("acme/api");
  });

  it.each([
    ["https://github.com/acme/web", "acme/web"],
    ["https://token@github.example/acme/web.js.git", "acme/web.js"],
    ["git@github.com:acme/web.git", "acme/web"],
    ["ssh://git@github.com:22/acme/web/", "acme/web"],
    ["../web", undefined],
  ])("is read from %s", (url, name) => {
    expect(originIn(`[core]\n  bare = false\n[remote "origin"]\n  url = ${url}\n`)).toBe(name);
  });
});
