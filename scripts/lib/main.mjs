import { existsSync } from "node:fs";
import { join } from "node:path";
import { environment, setUp } from "./setup.mjs";
import { foreground, Stop } from "./steps.mjs";
import { root } from "./workspace.mjs";

/**
 * Where each command goes once everything is there.
 *
 * @type {Readonly<Record<string, { file: string, first: readonly string[] }>>}
 */
const commands = {
  start: { file: "examples/local/dist/main.js", first: [] },
  aws: { file: "examples/aws-service/dist/dev/main.js", first: [] },
  test: { file: "node_modules/vitest/vitest.mjs", first: ["run"] },
};

/**
 * Sets up what is missing, then runs the command in the foreground.
 *
 * @param {readonly string[]} argv `start`, `aws`, `test` or `setup`, then arguments for the program.
 * @returns {Promise<number>} The exit code.
 */
export async function main([command, ...args]) {
  try {
    await setUp();
    if (command === "setup") return 0;
    const program = commands[command ?? ""];
    if (!program) throw new Stop("Usage: node scripts/run.mjs start|aws|test|setup [arguments]");
    const { file, first } = program;
    if (!existsSync(join(root, file)))
      throw new Stop(`${file} is missing: the build did not make it`);
    return await foreground(process.execPath, [join(root, file), ...first, ...args], {
      cwd: root,
      env: environment,
    });
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(`\n${error.message}`);
    return 1;
  }
}
