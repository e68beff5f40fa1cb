import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The part of esbuild that we use. It comes with tsup, so tests build programs as the packages do. */
interface Esbuild {
  build(options: object): Promise<unknown>;
}

function loadEsbuild(): Esbuild {
  const require = createRequire(import.meta.url);
  return createRequire(require.resolve("tsup"))("esbuild") as Esbuild;
}

/** The programs that process tests start, built from source into a directory of their own. */
export interface Programs extends AsyncDisposable {
  /** The executable of the agent. */
  readonly agent: string;
  /** The fake listener. */
  readonly listener: string;
  /** A host that launches one machine and then does nothing: to be killed. */
  readonly host: string;
}

/** Builds the programs: Node 20 runs no TypeScript. */
export async function buildPrograms(): Promise<Programs> {
  const directory = await mkdtemp(join(tmpdir(), "runs-fleet-programs-"));
  const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  await loadEsbuild().build({
    entryPoints: {
      agent: source("../src/main/process.ts"),
      listener: source("../../core/src/testing/listener/main.ts"),
      host: source("./host.ts"),
    },
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["@runs-fleet/source"],
  });
  return {
    agent: join(directory, "agent.mjs"),
    listener: join(directory, "listener.mjs"),
    host: join(directory, "host.mjs"),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
