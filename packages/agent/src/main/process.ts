#!/usr/bin/env node
import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createMachineMailbox } from "@runs-fleet/core/embedded/process";
import { systemClock } from "@runs-fleet/core/wire";
import { createChildProcessLauncher } from "../child-process-launcher.ts";
import type { AgentTimings } from "../options.ts";
import { runAgent } from "../run-agent.ts";
import { listenerEnvironment } from "./listener-environment.ts";
import { prepareRunnerDirectory } from "./runner-directory.ts";

const help = `runs-fleet-agent: runs one GitHub Actions job on a process machine, then ends the machine

It is started by the process machine provider and takes no arguments but --help. Its environment says the rest:

  RUNS_FLEET_MACHINE_DIRECTORY       directory of the machine (required)
  RUNS_FLEET_MACHINE_ID              id of the machine (required)
  RUNS_FLEET_RUNNER_DIR              directory of an unpacked actions/runner (required); the machine gets its own copy
  RUNS_FLEET_MACHINE_DEADLINE_MS     hard deadline, epoch milliseconds
  RUNS_FLEET_MACHINE_STARTED_AT_MS   when this boot of the machine began, epoch milliseconds
  RUNS_FLEET_AGENT_TIMINGS           JSON of timings that differ from the defaults, such as {"idleTimeoutMs":60000}

It writes one line per phase to agent.log in the directory of the machine.
Exit codes: 0 the machine had its life, 1 it failed, 2 the environment is wrong.
`;

/** Shorter than on a cloud's machine: a look costs one system call. */
const localTimings: Partial<AgentTimings> = { fastPollMs: 1_000 };

/** A wrong environment, in words for the person who set it. */
function refuse(problem: string): never {
  process.stderr.write(`runs-fleet-agent: ${problem}\nSee runs-fleet-agent --help\n`);
  process.exit(2);
}

function required(name: string): string {
  return process.env[name] || refuse(`${name} is not set`);
}

function instant(name: string): number | undefined {
  const value = process.env[name];
  if (value === undefined || value === "") return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : refuse(`${name} must be epoch milliseconds`);
}

function timings(): Partial<AgentTimings> {
  const value = process.env["RUNS_FLEET_AGENT_TIMINGS"];
  if (value === undefined || value === "") return localTimings;
  try {
    return { ...localTimings, ...JSON.parse(value) };
  } catch {
    return refuse("RUNS_FLEET_AGENT_TIMINGS is not JSON");
  }
}

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2);
  if (argument === "--help" || argument === "-h") {
    process.stdout.write(help);
    return;
  }
  if (argument !== undefined) refuse(`unknown argument ${argument}`);
  const machineDirectory = required("RUNS_FLEET_MACHINE_DIRECTORY");
  const machineId = required("RUNS_FLEET_MACHINE_ID");
  const source = required("RUNS_FLEET_RUNNER_DIR");
  if (!existsSync(machineDirectory)) refuse(`there is no directory ${machineDirectory}`);
  if (!existsSync(source)) refuse(`there is no runner in ${source}`);
  const deadlineMs = instant("RUNS_FLEET_MACHINE_DEADLINE_MS");
  const bootedAtMs = instant("RUNS_FLEET_MACHINE_STARTED_AT_MS");
  const chosen = timings();

  const mailbox = createMachineMailbox(machineDirectory);
  prepareRunnerDirectory(source, mailbox.runnerDirectory);

  const stopped = new AbortController();
  const stop = (): void => stopped.abort(new Error("The machine was told to stop"));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  const log = (line: string): void =>
    appendFileSync(
      join(machineDirectory, "agent.log"),
      `${new Date(systemClock.now()).toISOString()} ${line}\n`,
      { mode: 0o600 },
    );

  try {
    await runAgent({
      machineId,
      ...mailbox,
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(bootedAtMs !== undefined && { bootedAtMs }),
      timings: chosen,
      environment: listenerEnvironment(process.env),
      signal: stopped.signal,
      launcher: createChildProcessLauncher(systemClock, mailbox.adopt),
      log,
    });
  } catch (error) {
    if (stopped.signal.aborted && error === stopped.signal.reason) {
      log("stopped before there was an assignment");
      return;
    }
    log(`failed: ${error instanceof Error ? error.message : "unknown error"}`);
    process.exitCode = 1;
  }
}

await main();
process.exit();
