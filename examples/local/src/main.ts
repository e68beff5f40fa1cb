import { existsSync } from "node:fs";
import process from "node:process";
import { readArguments } from "./arguments.ts";
import { runDemo } from "./demo/run-demo.ts";
import { readSettings, variables } from "./settings.ts";
import { runSimulation } from "./simulated/run-simulation.ts";

const help = `runs-fleet on this machine: GitHub Actions jobs on runners that are processes

  npm start                 serve; without credentials with a fake GitHub and demonstration jobs
  npm start -- --once       run the demonstration jobs, print the summary, end with 0 when all is well
  npm start -- --jobs N     that many further jobs in the demonstration

While it runs in a terminal: b = a burst of 256 jobs, k = kill the host with SIGKILL and bring it back,
c = push a change of the configuration, x = push a broken one, q = drain and end.

  npm start -- --speed 600  a simulated fleet in fast time: a day passes in 144 s. Its pools follow schedules of three
                            time zones. Machines and GitHub are simulated; credentials and catalog are not used.
    --speed N|max           simulated seconds in a second, 1 to 3600, or as fast as this computer can
    --from MOMENT           where time begins, such as 2026-10-24T18:00Z, the evening before clocks change. Default: now
    --once                  end after a day with a summary; 0 when all jobs were served and no machine was left over
    --hours N               with --once: end after that many hours, 1 to 744
    --seed N                another seed makes other jobs, boots and failures. Default: 1

While it runs in a terminal: b = a burst of 60 jobs, p = stop time and let it go on, q = summary and end.

Environment:
${Object.entries(variables)
  .map(([name, meaning]) => `  ${name.padEnd(36)}${meaning}`)
  .join("\n")}
`;

const read = readArguments(process.argv.slice(2));
if (!read.ok) {
  process.stderr.write(`${read.problem}\n\nSee npm start -- --help\n`);
  process.exit(2);
}
const { command } = read;
if (command.kind === "help") {
  process.stdout.write(help);
  process.exit(0);
}
const envFile = new URL("../.env", import.meta.url);
if (existsSync(envFile)) process.loadEnvFile(envFile);
const environment = readSettings(process.env);
if (!environment.ok) {
  for (const problem of environment.problems) process.stderr.write(`${problem}\n`);
  process.stderr.write("\nSee npm start -- --help\n");
  process.exit(2);
}
const { settings } = environment;
if (command.kind === "simulate") {
  process.exitCode = await runSimulation(command.simulation, settings.port);
} else if (settings.github === undefined) {
  process.exitCode = await runDemo(settings, command);
} else {
  await import("./serve.ts");
}
