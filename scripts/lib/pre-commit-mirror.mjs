import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "./workspace.mjs";

/** The hook: which files it looks at, and what it runs. Ids are what people write into their configuration. */
const hooks = `- id: runs-fleet-check
  name: runs-fleet check
  description: Tells what is wrong with .github/runs-fleet.yml, each problem at its place.
  entry: runs-fleet check
  language: node
  files: ^(\\.github/)?runs-fleet\\.ya?ml$
  types: [yaml]
  require_serial: true
`;

const readme = (/** @type {string} */ version) => `# runs-fleet for pre-commit

Made from @runs-fleet/config ${version} by \`scripts/pre-commit.mjs\` of the runs-fleet repository: do not edit it here.

\`\`\`yaml
repos:
  - repo: https://github.com/runs-fleet/pre-commit
    rev: v${version}
    hooks:
      - id: runs-fleet-check
\`\`\`
`;

/**
 * Writes what a repository for pre-commit holds: it installs repositories, not packages, runs no build, and has to work without a
 * network. So the command line lies in it with all that it needs.
 *
 * @param {string} folder Emptied first, but for its history.
 * @returns {Promise<string>} The version.
 */
export async function writeMirror(folder) {
  const config = join(root, "packages", "config");
  const { version, license } = JSON.parse(readFileSync(join(config, "package.json"), "utf8"));
  for (const name of ["dist", "package.json", ".pre-commit-hooks.yaml", "README.md", "LICENSE"]) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  mkdirSync(join(folder, "dist", "main"), { recursive: true });
  const require = createRequire(join(root, "package.json"));
  // It comes with tsup.
  const esbuild = createRequire(require.resolve("tsup"))("esbuild");
  await esbuild.build({
    entryPoints: { "main/runs-fleet": join(config, "src", "main", "runs-fleet.ts") },
    outdir: join(folder, "dist"),
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["@runs-fleet/source"],
    // Under which licences the parts are stands at the end of their files.
    legalComments: "eof",
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  const manifest = {
    name: "runs-fleet-pre-commit",
    version,
    description: "runs-fleet check, for pre-commit.",
    license,
    private: true,
    type: "module",
    bin: { "runs-fleet": "dist/main/runs-fleet.js" },
    engines: { node: ">=20.19" },
    files: ["dist"],
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
  writeFileSync(join(folder, ".pre-commit-hooks.yaml"), hooks);
  writeFileSync(join(folder, "README.md"), readme(version));
  writeFileSync(join(folder, "LICENSE"), readFileSync(join(root, "LICENSE")));
  return version;
}
