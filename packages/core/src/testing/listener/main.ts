import { existsSync } from "node:fs";
import { join } from "node:path";
import { removeRegistration } from "./registration.ts";
import { fakeVersion, runListenerProgram } from "./run.ts";

/** Commit that the listener pretends to be built from. */
const fakeCommit = "0".repeat(40);

/** The commands of the listener's program; answers the exit code. */
async function main(root: string, command: string | undefined, rest: readonly string[]) {
  switch (command) {
    case "--version":
      process.stdout.write(`${fakeVersion}\n`);
      return 0;
    case "--commit":
      process.stdout.write(`${fakeCommit}\n`);
      return 0;
    case "warmup":
      return 0;
    case "configure": {
      const complete = rest.includes("--url") && rest.includes("--token");
      process.stdout.write(
        complete ? "√ Runner successfully added\n" : "Missing --url or --token\n",
      );
      return complete ? 0 : 1;
    }
    case "remove":
      removeRegistration(root);
      process.stdout.write("√ Runner removed\n");
      return 0;
    case "run": {
      const environment = { ...process.env };
      // The real listener takes it out of its environment, so that no job inherits it.
      delete process.env["ACTIONS_RUNNER_INPUT_JITCONFIG"];
      return runListenerProgram(root, environment);
    }
    default:
      process.stdout.write("Commands: run, configure, remove, warmup, --version, --commit\n");
      return 1;
  }
}

const [root = "", command, ...rest] = process.argv.slice(2);
if (!existsSync(join(root, "bin"))) {
  process.stderr.write("The first argument must be the root of a runner's directory\n");
  process.exit(1);
}
process.exit(await main(root, command, rest));
