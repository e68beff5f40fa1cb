import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The part of esbuild that we use. It comes with tsup, so tests build the program as the package does. */
interface Esbuild {
  build(options: object): Promise<unknown>;
}

function loadEsbuild(): Esbuild {
  const require = createRequire(import.meta.url);
  return createRequire(require.resolve("tsup"))("esbuild") as Esbuild;
}

/** The command line as a program of its own, built from source: Node 20 runs no TypeScript. */
export interface CliProgram extends AsyncDisposable {
  /** An empty directory, in which it runs. */
  readonly directory: string;
  /** Runs it; once `kill` is aborted, it ends as by `kill -9`. */
  run(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    kill?: AbortSignal,
  ): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

/** Builds the program. */
export async function buildCliProgram(): Promise<CliProgram> {
  const directory = await mkdtemp(join(tmpdir(), "runs-fleet-cli-"));
  const program = join(directory, "program", "main", "runs-fleet.mjs");
  await loadEsbuild().build({
    entryPoints: [fileURLToPath(new URL("../src/main/runs-fleet.ts", import.meta.url))],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["@runs-fleet/source"],
    // What the verbs under test do not load.
    external: [
      "echarts",
      "yaml",
      "*/run-simulate.ts",
      "*/run-check.ts",
      "*/run-explain.ts",
      "*/run-preview.ts",
      "*/run-plan.ts",
      "*/run-apply.ts",
      "*/run-import.ts",
      "*/run-init.ts",
      "*/run-which.ts",
      "*/run-scan.ts",
    ],
    // Commander is CommonJS and asks for Node's modules.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
  });
  await writeFile(join(directory, "program", "package.json"), '{"version":"0.0.0-test"}');
  await writeFile(join(directory, "package.json"), '{"version":"0.0.0-test"}');
  return {
    directory,
    run: (args, env, kill) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [program, ...args], { cwd: directory, env });
        let out = "";
        let err = "";
        child.stdout.on("data", (chunk) => {
          out += String(chunk);
        });
        child.stderr.on("data", (chunk) => {
          err += String(chunk);
        });
        const end = (): void => {
          child.kill("SIGKILL");
        };
        kill?.addEventListener("abort", end, { once: true });
        child.once("error", reject);
        child.once("close", (code) => {
          kill?.removeEventListener("abort", end);
          resolve({ code, out, err });
        });
      }),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}
