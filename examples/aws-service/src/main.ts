import { existsSync } from "node:fs";
import process from "node:process";
import { readArguments } from "./arguments.ts";
import { createLog } from "./log.ts";
import { runCheck, runServe } from "./serve.ts";
import { readSettings } from "./settings.ts";
import { variables } from "./variables.ts";

const help = `runs-fleet on AWS: GitHub Actions jobs on machines of EC2

  node dist/main.js                    take webhooks and control the fleet
  node dist/main.js --role intake      only take webhooks: many such processes may stand behind a load balancer
  node dist/main.js --role controller  only control: of several such processes one works, the others stand by
  node dist/main.js --check            look at everything that is needed, change nothing, and say how it is

A webhook goes to POST /webhooks/github. Exit codes: 0 all was well, 1 something failed, 2 the environment is wrong.

Environment, also read from .env; credentials are found as the AWS SDK finds them:
${Object.entries(variables)
  .map(([name, meaning]) => `  ${name.padEnd(36)}${meaning}`)
  .join("\n")}
`;

function stop(code: number, lines: readonly string[]): never {
  process.stderr.write(lines.map((line) => `${line}\n`).join(""));
  process.exit(code);
}

const hint = "See --help for what every variable means.";
const read = readArguments(process.argv.slice(2));
if (!read.ok) stop(2, [read.problem, "", hint]);
const { command } = read;
if (command.kind === "help") {
  process.stdout.write(help);
  process.exit(0);
}
if (existsSync(".env")) process.loadEnvFile(".env");
const settings = readSettings(command.role, process.env);
if (!settings.ok) stop(2, [...settings.problems, "", hint]);
const log = createLog(process.stdout.isTTY ? "text" : "json");
const run = command.kind === "check" ? runCheck : runServe;
try {
  const code = await run(settings.settings, log);
  if (code !== undefined) process.exit(code);
} catch (error) {
  stop(1, [error instanceof Error ? (error.stack ?? error.message) : String(error)]);
}
