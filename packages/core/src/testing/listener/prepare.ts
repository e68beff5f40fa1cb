import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseScenario, scenarioWords } from "./scenario.ts";

/** Options of {@link prepareFakeRunnerDirectory}. */
export interface FakeRunnerOptions {
  /** The listener's program, a file that Node runs. @defaultValue the one built beside this file */
  readonly program?: string;
  /** How its listeners misbehave: `idle`, `deaf`, `hang`, `crash`, `gone`, `exit-<code>` or `relaunch-<code>`. */
  readonly scenario?: string;
  /** Further variables for the runner's `.env`; neither names nor values may hold line breaks. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The built program, whether this code was left in its own file or put into a shared one. */
function builtProgram(): string {
  for (const place of ["./main.js", "./testing/listener/main.js"]) {
    const path = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new TypeError("There is no built listener program here: build the package or pass program");
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * The directory is an actions/runner whose `bin/Runner.Listener` is the fake listener, which talks to the fake GitHub of
 * its JIT configuration. Repeating it overwrites program and settings.
 *
 * @throws A `TypeError` for an unknown scenario or a variable with a line break, or when there is no program.
 */
export async function prepareFakeRunnerDirectory(
  directory: string,
  options: FakeRunnerOptions = {},
): Promise<void> {
  if (parseScenario(options.scenario) === undefined) {
    throw new TypeError(`scenario must be one of: ${scenarioWords}`);
  }
  const variables = {
    ...options.environment,
    ...(options.scenario !== undefined && { RUNS_FLEET_FAKE_SCENARIO: options.scenario }),
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  if (lines.some((line) => /[\r\n]/.test(line))) {
    throw new TypeError("environment must not hold line breaks");
  }
  const program = resolve(options.program ?? builtProgram());
  const bin = join(directory, "bin");
  await mkdir(bin, { recursive: true });
  const listener = join(bin, "Runner.Listener");
  await writeFile(
    listener,
    `#!/bin/sh\nexec ${quote(process.execPath)} ${quote(program)} "\${0%/bin/*}" "$@"\n`,
  );
  await chmod(listener, 0o755);
  await writeFile(join(directory, ".env"), lines.map((line) => `${line}\n`).join(""));
}
