import { existsSync } from "node:fs";
import process from "node:process";
import { runDemo } from "./demo/run-demo.ts";
import { readSettings, variables } from "./settings.ts";

const help = `runs-fleet on this machine: GitHub Actions jobs on runners that are processes

  npm start                 serve; without credentials with a fake GitHub and demonstration jobs
  npm start -- --once       run the demonstration jobs, print the summary, end with 0 when all is well
  npm start -- --jobs N     that many further jobs in the demonstration

While it runs in a terminal: b = a burst of 256 jobs, k = kill the host with SIGKILL and bring it back, q = drain and end.

Environment:
${Object.entries(variables)
  .map(([name, meaning]) => `  ${name.padEnd(36)}${meaning}`)
  .join("\n")}
`;

interface Arguments {
  readonly help: boolean;
  readonly once: boolean;
  readonly jobs: number;
}

/** Reads the command line; a string says what is wrong with it. */
function readArguments(words: readonly string[]): Arguments | string {
  let once = false;
  let jobs = 0;
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === "--help" || word === "-h") return { help: true, once, jobs };
    if (word === "--once") once = true;
    else if (word === "--jobs") {
      index += 1;
      jobs = Number(words[index]);
      if (!Number.isInteger(jobs) || jobs < 0) return "--jobs needs a number";
    } else return `Unknown argument ${word}`;
  }
  return { help: false, once, jobs };
}

const args = readArguments(process.argv.slice(2));
if (typeof args === "string") {
  process.stderr.write(`${args}\n\n${help}`);
  process.exit(2);
}
if (args.help) {
  process.stdout.write(help);
  process.exit(0);
}
const envFile = new URL("../.env", import.meta.url);
if (existsSync(envFile)) process.loadEnvFile(envFile);
const read = readSettings(process.env);
if (!read.ok) {
  for (const problem of read.problems) process.stderr.write(`${problem}\n`);
  process.stderr.write("\nSee npm start -- --help\n");
  process.exit(2);
}
if (read.settings.github === undefined) {
  process.exitCode = await runDemo(read.settings, args);
} else {
  await import("./serve.ts");
}
