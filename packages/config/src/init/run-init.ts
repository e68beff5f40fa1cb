import { mkdir } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { ExitCode } from "@runs-fleet/core/node";
import { usualFile } from "../check/usual-file.ts";
import type { VerbContext } from "../cli/verb.ts";
import { writeNewFile } from "../cli/write-new-file.ts";
import { parseConfig } from "../parse-config.ts";
import { type StarterOptions, starter } from "./starter.ts";

/** What is asked of `init`. */
export interface InitOptions extends StarterOptions {
  /** Writes over a file that is there. */
  readonly force?: boolean;
}

/** Writes a first configuration, and says what to do next. `-` is standard output. */
export async function runInit(
  file: string,
  { force = false, ...options }: InitOptions,
  { host, report }: VerbContext,
): Promise<ExitCode> {
  const text = starter(options);
  const parsed = parseConfig(text, { file, atMs: host.clock.now() });
  if (!parsed.ok) {
    report(parsed.issues.map(({ message }) => ({ code: "wrong-option", message })));
    return 2;
  }
  if (file === "-") {
    host.out.write(text);
    return 0;
  }
  await mkdir(dirname(resolve(host.cwd, file)), { recursive: true });
  const problem = await writeNewFile(host.cwd, file, text, { force });
  if (problem !== undefined) {
    report([problem]);
    return 2;
  }
  const named = file === usualFile ? "" : ` ${file}`;
  host.err.write(`${file} is written. Look at it, then: runs-fleet check${named}\n`);
  return 0;
}
