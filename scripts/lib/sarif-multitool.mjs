import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run, Stop, step } from "./steps.mjs";
import { root } from "./workspace.mjs";

/** Exact: another version has other rules. */
export const wanted = "5.7.0";

/**
 * The program that judges SARIF. It is 104 MB, so that it is no dependency: it is installed into the checkout's `.tools/` when it is asked
 * for first.
 *
 * @returns {Promise<string>}
 * @throws {Stop} With what is missing, in words.
 */
export async function findMultitool() {
  // The package that is named in documents takes whatever version of this one is the newest.
  const name = `@microsoft/sarif-multitool-${process.platform}`;
  const folder = join(root, ".tools", `sarif-multitool-${wanted}`);
  const file = process.platform === "win32" ? "Sarif.Multitool.exe" : "Sarif.Multitool";
  const program = join(folder, "node_modules", name, file);
  if (!existsSync(program)) {
    await step(`installing ${name} ${wanted} into .tools/`, () =>
      install(folder, `${name}@${wanted}`),
    );
    if (!existsSync(program)) throw new Stop(`${name} was installed, and has no ${file}`);
  }
  // Its own script would do it, which npm may be told not to run.
  chmodSync(program, 0o755);
  return program;
}

/**
 * @param {string} folder
 * @param {string} requirement
 */
async function install(folder, requirement) {
  // What an interrupted installation left is of no use.
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const args = ["install", "--no-audit", "--no-fund", "--save-exact", "--ignore-scripts"];
  const { code, output } = await run("npm", [...args, "--prefix", folder, requirement], {
    cwd: folder,
    limitMs: 240_000,
  });
  if (code !== 0) throw new Stop(`npm install ${requirement} failed\n\n${output}`);
}
