import { describe, expect, it } from "vitest";
import { changesetFaults, faultsOf } from "../scripts/manifests.mjs";

const engines = { node: ">=20.19" };
const files = new Set([
  "README.md",
  "LICENSE",
  "src/index.ts",
  "src/wire/index.ts",
  "src/main/run.ts",
]);
const entry = (stem: string) => ({ types: `./dist/${stem}.d.ts`, default: `./dist/${stem}.js` });
const sound = {
  name: "@runs-fleet/core",
  version: "0.1.0",
  description: "The core.",
  license: "MIT",
  type: "module",
  sideEffects: false,
  repository: { directory: "packages/core" },
  engines,
  files: ["dist"],
  bin: { run: "./dist/main/run.js" },
  exports: {
    ".": { "@runs-fleet/source": "./src/index.ts", ...entry("index") },
    "./wire": { "@runs-fleet/source": "./src/wire/index.ts", ...entry("wire/index") },
    "./package.json": "./package.json",
  },
  dependencies: { "@runs-fleet/scheduling": "workspace:^", valibot: "catalog:" },
  peerDependencies: { "@opentelemetry/api": ">=1.9.0 <2" },
  devDependencies: { "@opentelemetry/api": "catalog:" },
  publishConfig: {
    access: "public",
    exports: {
      ".": entry("index"),
      "./wire": entry("wire/index"),
      "./package.json": "./package.json",
    },
  },
};
const configs: Readonly<Record<string, unknown>> = {
  "typedoc.json": { entryPoints: ["src/index.ts", "src/wire/index.ts"] },
  "tsconfig.json": { references: [{ path: "../scheduling" }] },
};

function faults(manifest: object, absent: readonly string[] = [], changed: typeof configs = {}) {
  const local = (path: string) => path.replace("packages/core/", "");
  return faultsOf(
    { folder: "packages/core", manifest },
    {
      engines,
      version: "0.1.0",
      exists: (path) => files.has(local(path)) && !absent.includes(local(path)),
      json: (path) => ({ ...configs, ...changed })[local(path)],
    },
  );
}

describe("the manifest of a package", () => {
  it("has no fault when it is sound", () => {
    expect(faults(sound)).toEqual([]);
  });

  const broken: readonly [string, object, string][] = [
    ["another licence", { license: "ISC" }, '"license" must be "MIT"'],
    ["another version than the family", { version: "0.2.0" }, '"version" must be "0.1.0"'],
    ["side effects", { sideEffects: undefined }, '"sideEffects" must be false'],
    ["its sources in the tarball", { files: ["dist", "src"] }, '"files" must be ["dist"]'],
    ["engines of its own", { engines: { node: ">=18" } }, '"engines" must be those of the root'],
    ["a bin without source", { bin: { run: "./dist/main/gone.js" } }, 'bin "run" has no source'],
    [
      "a dependency above its layer",
      { dependencies: { ...sound.dependencies, "@runs-fleet/agent": "workspace:^" } },
      "may not depend on @runs-fleet/agent",
    ],
    [
      "a third party that its layer does not name",
      { dependencies: { ...sound.dependencies, lodash: "1" } },
      "may not depend on lodash",
    ],
    [
      "a fixed version of one of ours",
      { dependencies: { "@runs-fleet/scheduling": "0.1.0" } },
      '@runs-fleet/scheduling must be "workspace:^"',
    ],
    [
      "a peer that its tests cannot load",
      { devDependencies: {} },
      "the peer @opentelemetry/api must be a dev dependency too",
    ],
    [
      "the source condition in the published exports",
      { publishConfig: { access: "public", exports: sound.exports } },
      '"publishConfig.exports" must be "exports" without the source condition',
    ],
    [
      "an entry whose types live elsewhere",
      {
        exports: { ...sound.exports, ".": { ...sound.exports["."], types: "./types/index.d.ts" } },
      },
      'exports["."].types does not follow its source',
    ],
  ];
  for (const [title, change, fault] of broken) {
    it(`is refused with ${title}`, () => {
      expect(faults({ ...sound, ...change })).toContain(`packages/core: ${fault}`);
    });
  }

  it("is refused without a README, a source, a documented entry or a reference", () => {
    expect(faults(sound, ["README.md"])).toEqual(["packages/core: README.md is missing"]);
    expect(faults(sound, ["src/wire/index.ts"])).toEqual([
      'packages/core: exports["./wire"] names no source file',
    ]);
    expect(faults(sound, [], { "typedoc.json": { entryPoints: ["src/index.ts"] } })).toHaveLength(
      1,
    );
    expect(faults(sound, [], { "tsconfig.json": { references: [] } })).toEqual([
      "packages/core: tsconfig.json must reference ../scheduling",
    ]);
  });
});

describe("a changeset", () => {
  const names = ["@runs-fleet/core"];

  it("names our packages and a kind of release, and says something", () => {
    expect(changesetFaults("a.md", '---\n"@runs-fleet/core": minor\n---\n\nNew.\n', names)).toEqual(
      [],
    );
  });

  it("is refused when it is silent, about a stranger, or of an unknown kind", () => {
    expect(changesetFaults("a.md", '---\n"@runs-fleet/core": minor\n---\n', names)).toHaveLength(1);
    expect(changesetFaults("a.md", '---\n"left-pad": minor\n---\n\nNew.\n', names)).toHaveLength(1);
    expect(
      changesetFaults("a.md", '---\n"@runs-fleet/core": huge\n---\n\nNew.\n', names),
    ).toHaveLength(1);
    expect(changesetFaults("a.md", "New.\n", names)).toHaveLength(1);
  });
});
