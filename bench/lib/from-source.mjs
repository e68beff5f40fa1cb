import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "tsup";

/**
 * Modules that no package exports, bundled from their sources: the build cuts its chunks at what is exported.
 *
 * @param {Record<string, string>} sources paths from the repository's root, by a name of your choice
 * @returns {Promise<Record<string, any>>} the modules by name
 */
export async function fromSource(sources) {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const outDir = mkdtempSync(join(tmpdir(), "runs-fleet-bench-"));
  const entry = Object.fromEntries(
    Object.entries(sources).map(([name, path]) => [name, join(root, path)]),
  );
  try {
    await build({
      entry,
      outDir,
      format: "esm",
      target: "node20",
      config: false,
      silent: true,
      noExternal: [/.*/],
      outExtension: () => ({ js: ".mjs" }),
    });
    const modules = Object.keys(sources).map(async (name) => {
      const module = await import(pathToFileURL(join(outDir, `${name}.mjs`)).href);
      return [name, module];
    });
    return Object.fromEntries(await Promise.all(modules));
  } finally {
    rmSync(outDir, { recursive: true, force: true });
  }
}
