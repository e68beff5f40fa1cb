// What biome cannot see: the manifests, references and changesets of the packages. Prints every fault, exits 1 on any.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { entryPoints } from "./lib/entries.mjs";
import { packages, readJson, readText, root, workspaces } from "./lib/workspace.mjs";

/** What each package may depend on at run time: the layers, as manifests. Peers count; order does not matter. */
const layers = {
  "@runs-fleet/scheduling": [],
  "@runs-fleet/telemetry": [/^@opentelemetry\/api$/],
  "@runs-fleet/core": [
    /^@runs-fleet\/(scheduling|telemetry)$/,
    /^(valibot|libsql|@opentelemetry\/api)$/,
  ],
  "@runs-fleet/agent": [/^@runs-fleet\/(core|telemetry)$/, /^(libsql|@opentelemetry\/api)$/],
  "@runs-fleet/aws": [
    /^@runs-fleet\/(core|telemetry)$/,
    /^@aws-sdk\//,
    /^(commander|@opentelemetry\/api)$/,
  ],
  "@runs-fleet/config": [/^@runs-fleet\/(core|scheduling)$/, /^(valibot|yaml|commander|echarts)$/],
};

const own = /^@runs-fleet\//;

/**
 * Every fault of one published package.
 *
 * @param {{ folder: string, manifest: any }} workspace
 * @param {{ engines: unknown, version: string, exists(path: string): boolean, json(path: string): any }} world
 * @returns {string[]}
 */
export function faultsOf(workspace, world) {
  const { folder, manifest } = workspace;
  const faults = [];
  const expect = (holds, text) => holds || faults.push(`${folder}: ${text}`);
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const has = (path) => world.exists(`${folder}/${path.replace(/^\.\//, "")}`);

  const facts = { license: "MIT", type: "module", sideEffects: false, version: world.version };
  for (const [key, value] of Object.entries(facts)) {
    expect(manifest[key] === value, `"${key}" must be ${JSON.stringify(value)}`);
  }
  expect(Boolean(manifest.description), '"description" is missing');
  expect(same(manifest.files, ["dist"]), '"files" must be ["dist"]');
  expect(same(manifest.engines, world.engines), '"engines" must be those of the root');
  expect(manifest.repository?.directory === folder, `"repository.directory" must be "${folder}"`);
  expect(manifest.publishConfig?.access === "public", '"publishConfig.access" must be "public"');
  for (const file of ["README.md", "LICENSE"]) expect(has(file), `${file} is missing`);

  const entries = entryPoints(workspace);
  const published = { ...manifest.exports };
  for (const { subpath, source, types, script } of entries) {
    const stem = source?.replace(/^\.\/src\/(.*)\.ts$/, "$1");
    expect(source && has(source), `exports["${subpath}"] names no source file`);
    expect(
      types === `./dist/${stem}.d.ts`,
      `exports["${subpath}"].types does not follow its source`,
    );
    expect(
      script === `./dist/${stem}.js`,
      `exports["${subpath}"].default does not follow its source`,
    );
    published[subpath] = { types, default: script };
  }
  expect(manifest.exports["./package.json"] === "./package.json", 'exports lacks "./package.json"');
  expect(
    same(manifest.publishConfig?.exports, published),
    '"publishConfig.exports" must be "exports" without the source condition',
  );
  for (const [name, script] of Object.entries(manifest.bin ?? {})) {
    expect(
      has(script.replace("./dist/", "src/").replace(/\.js$/, ".ts")),
      `bin "${name}" has no source`,
    );
  }

  const allowed = layers[manifest.name];
  expect(allowed, "the layers of scripts/manifests.mjs do not know this package");
  const runtime = { ...manifest.dependencies, ...manifest.peerDependencies };
  for (const [name, range] of Object.entries(runtime)) {
    expect(
      allowed?.some((pattern) => pattern.test(name)),
      `may not depend on ${name}`,
    );
    if (own.test(name)) expect(range === "workspace:^", `${name} must be "workspace:^"`);
  }
  for (const name of Object.keys(manifest.peerDependencies ?? {})) {
    expect(manifest.devDependencies?.[name], `the peer ${name} must be a dev dependency too`);
  }

  const documented = world.json(`${folder}/typedoc.json`)?.entryPoints;
  expect(
    same(
      documented,
      entries.map(({ source }) => source?.slice(2)),
    ),
    "typedoc.json must list the sources of all entry points, in order",
  );
  const references = (world.json(`${folder}/tsconfig.json`)?.references ?? []).map(
    ({ path }) => path,
  );
  const needed = Object.keys({ ...runtime, ...manifest.devDependencies }).filter((name) =>
    own.test(name),
  );
  for (const name of needed) {
    const path = `../${name.replace(own, "")}`;
    expect(references.includes(path), `tsconfig.json must reference ${path}`);
  }
  return faults;
}

/**
 * Every fault of one changeset: the front matter names our packages and a kind of release, and a text follows.
 *
 * @param {string} name
 * @param {string} text
 * @param {readonly string[]} packageNames
 * @returns {string[]}
 */
export function changesetFaults(name, text, packageNames) {
  const matter = /^---\n([\s\S]*?)---\n\s*(\S?)/.exec(text);
  if (!matter) return [`.changeset/${name}: no front matter`];
  const faults = matter[2] ? [] : [`.changeset/${name}: says nothing`];
  for (const line of (matter[1] ?? "").split("\n").filter(Boolean)) {
    const [, packageName = "", kind = ""] = /^["'](.+)["']: (\w+)$/.exec(line) ?? [];
    if (!packageNames.includes(packageName))
      faults.push(`.changeset/${name}: unknown package in ${line}`);
    if (!["patch", "minor", "major"].includes(kind))
      faults.push(`.changeset/${name}: no release in ${line}`);
  }
  return faults;
}

function allFaults() {
  const published = packages();
  const world = {
    engines: readJson("package.json").engines,
    version: published[0]?.manifest.version,
    exists: (path) => existsSync(join(root, path)),
    json: (path) => (existsSync(join(root, path)) ? readJson(path) : undefined),
  };
  const faults = published.flatMap((workspace) => faultsOf(workspace, world));

  const references = readJson("tsconfig.json").references.map(({ path }) => path);
  for (const { folder, manifest } of workspaces()) {
    if (!references.includes(folder)) faults.push(`tsconfig.json must reference ${folder}`);
    if (folder.startsWith("examples/") && !manifest.private)
      faults.push(`${folder} must be private`);
  }
  const { fixed } = readJson(".changeset/config.json");
  if (JSON.stringify(fixed) !== '[["@runs-fleet/*"]]') {
    faults.push('.changeset/config.json: one version for all: "fixed" must be [["@runs-fleet/*"]]');
  }
  const names = published.map(({ manifest }) => manifest.name);
  for (const file of readdirSync(join(root, ".changeset"))) {
    if (!file.endsWith(".md") || file === "README.md") continue;
    faults.push(...changesetFaults(file, readText(".changeset", file), names));
  }
  return faults;
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const faults = allFaults();
  for (const fault of faults) console.error(fault);
  console.log(`${packages().length} packages, ${faults.length} faults`);
  process.exitCode = faults.length > 0 ? 1 : 0;
}
