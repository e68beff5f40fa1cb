import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");

export const readText = (/** @type {string[]} */ ...path) =>
  readFileSync(join(root, ...path), "utf8");

export const readJson = (/** @type {string[]} */ ...path) => JSON.parse(readText(...path));

/**
 * Every workspace package of the given folders, in the order of their names.
 *
 * @param {readonly string[]} [folders]
 * @returns {{ folder: string, manifest: any }[]} `folder` is relative to the root, with slashes.
 */
export function workspaces(folders = ["packages", "examples"]) {
  return folders.flatMap((parent) => {
    if (!existsSync(join(root, parent))) return [];
    return readdirSync(join(root, parent))
      .sort()
      .filter((name) => existsSync(join(root, parent, name, "package.json")))
      .map((name) => ({
        folder: `${parent}/${name}`,
        manifest: readJson(parent, name, "package.json"),
      }));
  });
}

/** The packages that are published. */
export const packages = () => workspaces(["packages"]).filter(({ manifest }) => !manifest.private);

/**
 * Every file below `folder`, relative to the root, with slashes, sorted; without what tools write.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function filesBelow(folder) {
  const skipped = new Set(["node_modules", "dist", "dist-types", "coverage", ".runs-fleet"]);
  const start = join(root, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { withFileTypes: true })
    .flatMap((entry) => {
      if (skipped.has(entry.name)) return [];
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(path) : [path];
    })
    .sort();
}

/**
 * One hash over the names and the contents of files.
 *
 * @param {readonly string[]} files Relative to the root; those that do not exist are left out.
 * @param {string} [salt]
 */
export function hashFiles(files, salt = "") {
  const hash = createHash("sha256").update(salt);
  for (const file of files) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(`\0${file}\0`).update(readFileSync(path));
  }
  return hash.digest("hex").slice(0, 32);
}
