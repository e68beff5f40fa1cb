// A stranger's project: the packed tarballs, nothing but what their manifests declare, strict types, ESM and require().
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { entryPoints, specifier } from "./lib/entries.mjs";
import { environment, pnpm } from "./lib/setup.mjs";
import { run } from "./lib/steps.mjs";
import { packages, root } from "./lib/workspace.mjs";

const home = mkdtempSync(join(tmpdir(), "runs-fleet-consumer-"));
try {
  process.exitCode = (await tryAsStranger()) ? 0 : 1;
} finally {
  rmSync(home, { recursive: true, force: true });
}

async function tryAsStranger() {
  const found = packages();
  const specifiers = found.flatMap((workspace) =>
    entryPoints(workspace).map(({ subpath }) => specifier(workspace.manifest.name, subpath)),
  );
  for (const workspace of found) await install(workspace);
  link("@types/node", root);

  const imports = specifiers.map((name, index) => `import * as entry${index} from "${name}";`);
  const listed = specifiers.map((name, index) => `  "${name}": Object.keys(entry${index}).sort(),`);
  write("package.json", JSON.stringify({ name: "stranger", private: true, type: "module" }));
  write("names.ts", [...imports, "export const names = {", ...listed, "};", ""].join("\n"));
  write("esm.mjs", [...imports, "console.log(JSON.stringify({", ...listed, "}));", ""].join("\n"));
  const required = specifiers.map(
    (name) =>
      `  "${name}": Object.keys(require("${name}")).filter((key) => key !== "__esModule" && key !== "module.exports").sort(),`,
  );
  write("cjs.cjs", ["console.log(JSON.stringify({", ...required, "}));", ""].join("\n"));
  const compilerOptions = {
    target: "ES2023",
    lib: ["ES2023"],
    module: "NodeNext",
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  };
  write("tsconfig.json", JSON.stringify({ compilerOptions, files: ["names.ts"] }));

  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const checks = {
    "types under NodeNext, strict, skipLibCheck false": [tsc, "-p", "."],
    import: ["esm.mjs"],
    "require()": ["--no-warnings", "cjs.cjs"],
  };
  const outputs = [];
  let good = true;
  for (const [title, args] of Object.entries(checks)) {
    const { code, output } = await run(process.execPath, args, { cwd: home, env: environment });
    console.log(`${code === 0 ? "ok  " : "FAIL"} ${title}`);
    if (code !== 0) console.error(output.trimEnd());
    good &&= code === 0;
    outputs.push(output.trim());
  }
  const [, esm = "", cjs = ""] = outputs;
  if (good && esm !== cjs)
    console.error(`FAIL import and require() see different names\n${esm}\n${cjs}`);
  for (const [name, names] of Object.entries(good ? JSON.parse(esm) : {})) {
    console.log(`${name}: ${names.length} values`);
  }
  return good && esm === cjs;
}

/** Unpacks what `pnpm pack` makes, and links only the third parties that its manifest declares. */
async function install({ folder, manifest }) {
  const place = join(home, "node_modules", manifest.name);
  mkdirSync(place, { recursive: true });
  const packed = await pnpm(["--dir", join(root, folder), "pack", "--pack-destination", place]);
  const [tarball] = readdirSync(place);
  if (packed.code !== 0 || !tarball)
    throw new Error(`pnpm pack failed for ${folder}\n${packed.output}`);
  const unpacked = await run("tar", ["-xzf", tarball, "--strip-components=1"], { cwd: place });
  if (unpacked.code !== 0) throw new Error(`tar is missing or failed\n${unpacked.output}`);
  rmSync(join(place, tarball));

  const text = readFileSync(join(place, "package.json"), "utf8");
  if (text.includes("@runs-fleet/source") || existsSync(join(place, "src"))) {
    throw new Error(`${manifest.name}: the tarball shows the sources`);
  }
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(text);
  for (const [name, range] of Object.entries({ ...dependencies, ...peerDependencies })) {
    if (range.startsWith("workspace:"))
      throw new Error(`${manifest.name}: ${name} is still ${range}`);
    if (!name.startsWith("@runs-fleet/")) link(name, join(root, folder));
  }
}

function link(name, from) {
  const target = join(home, "node_modules", name);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(realpathSync(join(from, "node_modules", name)), target, "dir");
}

function write(file, text) {
  writeFileSync(join(home, file), text);
}
