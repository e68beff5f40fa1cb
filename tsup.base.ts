import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import type { Options } from "tsup";

const common: Options = {
  format: ["esm"],
  target: "node20",
  // Declarations come from `tsc -p tsconfig.build.json`.
  dts: false,
  sourcemap: true,
  silent: true,
  // Everything but the executables, which are written at the same time.
  clean: ["!main/**"],
  // Leaves `node:` in front of Node's modules.
  removeNodeProtocol: false,
};

/** How a library is cut into files. */
export interface LibraryOptions {
  /**
   * `entries`: little more than one file per entry point, the fastest to import. `exports`: also one per module that the
   * main entry re-exports, so that a bundler leaves out whole modules whose top level it cannot judge, such as schemas.
   */
  readonly cut: "entries" | "exports";
  /** Files that are run by their path, relative to the package. */
  readonly programs?: readonly string[];
}

/** A published package. What several entry points share lies in chunks: loading a file costs more than reading it. */
export function library({ cut, programs = [] }: LibraryOptions): Options {
  const entry = [...entryPoints(cut === "exports"), ...programs];
  return { ...common, splitting: true, entry, plugins: [bareImports] };
}

/** esbuild imports chunks for their side effects alone, to keep an order. Ours have none: `sideEffects` is false. */
const bareImports: NonNullable<Options["plugins"]>[number] = {
  name: "bare-imports",
  renderChunk: (code) => ({ code: code.replaceAll(/^import "\.[^"]*";$/gm, "") }),
};

/** The sources that the manifest of the current package exports, and, if asked, the modules behind them. */
function entryPoints(deep: boolean): string[] {
  const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
    exports: Readonly<Record<string, string | { "@runs-fleet/source": string }>>;
  };
  const found = new Set<string>();
  const visitExports = (file: string): void => {
    found.add(file);
    // An index holds re-exports only, and by name: noReExportAll sees to it.
    if (!file.endsWith("/index.ts")) return;
    const text = readFileSync(file, "utf8");
    for (const [, typeOnly, target = ""] of text.matchAll(reExport)) {
      if (!typeOnly) visitExports(posix.join(posix.dirname(file), target));
    }
  };
  for (const [subpath, target] of Object.entries(exports)) {
    if (typeof target === "string") continue;
    const file = posix.normalize(target["@runs-fleet/source"]);
    if (deep && subpath === ".") visitExports(file);
    else found.add(file);
  }
  return [...found];
}

const reExport = /^export (type )?\{[^}]*\} from "(\.[^"]+\.ts)";/gm;

/** A host: one `.js` per source file, in the same folders, so that programs find one another. */
export const application: Options = {
  ...common,
  splitting: false,
  entry: ["src/**/*.ts", "!src/**/*.test.ts", "!src/**/*.test-d.ts"],
  esbuildPlugins: [
    {
      name: "relative-imports",
      setup: ({ onResolve }) => {
        onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path }) =>
          kind === "entry-point"
            ? undefined
            : { path: path.replace(/\.ts$/, ".js"), external: true },
        );
      },
    },
  ],
};

/** `src/main/<name>.ts` with everything it needs in one file: a process that starts often loads one file, not hundreds. */
export function executable(name: string): Options {
  return {
    ...common,
    clean: false,
    splitting: false,
    entry: { [`main/${name}`]: `src/main/${name}.ts` },
    noExternal: [/.*/],
    esbuildPlugins: [licencesBeside(name)],
    esbuildOptions: (options) => {
      // From the sources, so that no other package has to be built before; of others the ES modules, in which nothing is required
      // at run time. esbuild knows this condition only while it is given no others.
      options.conditions = ["@runs-fleet/source", "module"];
    },
  };
}

/** The licences of what others wrote and the file holds, in `<name>.licences.txt` beside it: most of them ask for that. */
function licencesBeside(name: string): NonNullable<Options["esbuildPlugins"]>[number] {
  return {
    name: "licences",
    setup: ({ initialOptions, onEnd }) => {
      initialOptions.metafile = true;
      onEnd(({ metafile }) => {
        const folders = Object.keys(metafile?.inputs ?? {}).map((input) =>
          packageOf(resolve(input)),
        );
        const others = [...new Set(folders)].filter((folder) => folder?.includes("node_modules"));
        if (others.length === 0) return;
        /** By text: dozens of packages have the same. */
        const titles = new Map<string, string[]>();
        for (const [title, text] of others.map((folder = "") => licenceOf(folder)).sort()) {
          titles.set(text, [...(titles.get(text) ?? []), title]);
        }
        const parts = [...titles].map(([text, names]) => `${names.join("\n")}\n\n${text}\n`);
        mkdirSync("dist/main", { recursive: true });
        writeFileSync(`dist/main/${name}.licences.txt`, parts.join(`\n${"-".repeat(80)}\n\n`));
      });
    },
  };
}

/** The folder of the package that a file is of: the nearest manifest with a name. */
function packageOf(file: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && "name" in JSON.parse(readFileSync(manifest, "utf8"))) return folder;
  }
  return undefined;
}

/** What a package is called, and its licence: the text where it ships one, else the name. */
function licenceOf(folder: string): [title: string, text: string] {
  const { name, version, license } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as { name: string; version: string; license?: string };
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text =
    file === undefined ? `Licence: ${license}` : readFileSync(join(folder, file), "utf8");
  return [`${name} ${version} (${license})`, text.trim()];
}

/**
 * `dev/main.ts` of a host, in one file with the emulators' harness, which is no package. Packages stay imports, and so do the
 * scripts, which find one another by where they lie.
 */
export const development: Options = {
  ...common,
  clean: false,
  splitting: false,
  entry: { "dev/main": "dev/main.ts" },
  esbuildPlugins: [
    {
      name: "scripts-stay",
      setup: ({ onResolve }) => {
        onResolve({ filter: /\/scripts\/lib\/[\w-]+\.mjs$/ }, ({ path }) => ({
          path: `../../../../scripts/lib/${posix.basename(path)}`,
          external: true,
        }));
      },
    },
  ],
};
