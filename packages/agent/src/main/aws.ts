#!/usr/bin/env node
import { existsSync } from "node:fs";
import { uptime } from "node:os";
import process from "node:process";
import {
  createDynamodbAssignments,
  createMachineClients,
  createMachineMetadata,
  createS3LogShipper,
  createSqsAgentEvents,
  machineNames,
} from "@runs-fleet/aws/agent";
import { createS3Objects } from "@runs-fleet/aws/s3";
import { systemClock } from "@runs-fleet/core/wire";
import { runAgent } from "../run-agent.ts";
import { bootTime } from "./ec2/boot-time.ts";
import { readMachineFacts, WrongMachine } from "./ec2/machine-facts.ts";
import { switchOff } from "./ec2/power.ts";
import { parseSettings, type Settings } from "./ec2/settings.ts";
import { createFailureTeller } from "./ec2/tell-failures.ts";
import { listenerEnvironment } from "./listener-environment.ts";

const name = "runs-fleet-agent-ec2";

const help = `${name}: runs one GitHub Actions job on an EC2 instance, then switches the instance off

It is started by the instance's own system and takes no arguments but --help. What it must know it reads from the instance's
metadata: which instance it is, its tags, its credentials. Its environment may say more:

  RUNS_FLEET_RUNNER_DIR                directory of an unpacked actions/runner; /opt/actions-runner unless said
  RUNS_FLEET_POWER_OFF_COMMAND         JSON array, the command that switches the machine off; ["shutdown","-h","now"] unless said
  RUNS_FLEET_TABLE_PREFIX              begins the names of the tables, runs-fleet-<environment>- unless said
  RUNS_FLEET_REPORTS_QUEUE_URL         where it reports, the queue runs-fleet-<environment>-reports unless said
  RUNS_FLEET_BUCKET                    where its log goes, runs-fleet-<environment>-<account>-<region> unless said
  RUNS_FLEET_AGENT_TIMINGS             JSON of timings that differ from the defaults, such as {"idleTimeoutMs":60000}
  AWS_EC2_METADATA_SERVICE_ENDPOINT    where instance metadata is, if not at http://169.254.169.254
  AWS_ENDPOINT_URL                     where AWS is, if not at its own addresses

It writes one line per phase to its standard output and to logs/<ARN of the instance>/agent/ in the bucket.
Exit codes: 0 the machine had its life, or was told to stop before it had work; 1 it failed; 2 its environment, or how the
instance was made, is wrong.
`;

/** How long what is left of the log may take before the machine goes, milliseconds. */
const lastLogMs = 5_000;

/** What is wrong, in words for the person who can mend it. */
function refuse(problems: readonly string[]): never {
  for (const problem of problems) process.stderr.write(`${name}: ${problem}\n`);
  process.stderr.write(`See ${name} --help\n`);
  process.exit(2);
}

function settingsOrRefuse(): Settings {
  const [argument] = process.argv.slice(2);
  if (argument === "--help" || argument === "-h") {
    process.stdout.write(help);
    process.exit(0);
  }
  if (argument !== undefined) refuse([`unknown argument ${argument}`]);
  const settings = parseSettings(process.env);
  if (!settings.ok) refuse(settings.problems);
  const { runnerDirectory } = settings.value;
  if (!existsSync(runnerDirectory)) {
    refuse([`there is no runner in ${runnerDirectory}: see RUNS_FLEET_RUNNER_DIR`]);
  }
  return settings.value;
}

/** The life of the machine. Answers the process's exit code. */
async function live(settings: Settings): Promise<number> {
  const clock = systemClock;
  const stopped = new AbortController();
  const stop = (): void => stopped.abort(new Error("The machine was told to stop"));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  let ship: (line: string) => void = () => undefined;
  const log = (text: string): void => {
    const line = `${new Date(clock.now()).toISOString()} ${text}`;
    process.stdout.write(`${line}\n`);
    ship(line);
  };
  try {
    const { metadataEndpoint: endpoint } = settings;
    const metadata = createMachineMetadata(endpoint === undefined ? {} : { endpoint });
    const { signal } = stopped;
    const facts = await readMachineFacts({ metadata, clock, signal, log });
    const { identity, environment, deadlineMs } = facts;
    const { instanceId: machineId, region, pendingAtMs } = identity;
    const names = { ...machineNames(environment, identity), ...settings.names };
    await using clients = createMachineClients({ region, metadata });
    await using shipper = createS3LogShipper({
      objects: createS3Objects({ client: clients.s3, bucket: names.bucket }),
      key: names.logKey,
    });
    ship = shipper.write;
    log(`${machineId} of ${environment} in ${region}`);
    const { tablePrefix, assignmentKeyPrefix, reportsQueueUrl: queueUrl } = names;
    const kernelAtMs = Math.round(clock.now() - uptime() * 1_000);
    const told = createFailureTeller(log);
    const assignments = createDynamodbAssignments({
      client: clients.dynamodb,
      tablePrefix,
      assignmentKeyPrefix,
    });
    const events = createSqsAgentEvents({ client: clients.sqs, queueUrl });
    let isOff = false;
    try {
      await runAgent({
        machineId,
        runnerDirectory: settings.runnerDirectory,
        assignments: {
          read: told(assignments.read),
          blank: told(assignments.blank),
          rung: metadata.rung,
        },
        events: { send: told(events.send) },
        interruption: metadata.interruption,
        power: {
          off: async () => {
            await shipper.flush(lastLogMs);
            await switchOff(settings.powerOffCommand);
            isOff = true;
          },
        },
        ...(deadlineMs !== undefined && { deadlineMs }),
        bootedAtMs: bootTime({ pendingAtMs, kernelAtMs, nowMs: clock.now() }),
        timings: settings.timings,
        environment: listenerEnvironment(process.env),
        signal,
        log,
      });
      return 0;
    } catch (error) {
      if (signal.aborted && error === signal.reason) {
        log("stopped before there was an assignment");
        return 0;
      }
      log(`failed: ${error instanceof Error ? error.message : "unknown error"}`);
      return 1;
    } finally {
      if (!isOff) await shipper.flush(lastLogMs);
    }
  } catch (error) {
    if (stopped.signal.aborted && error === stopped.signal.reason) return 0;
    const message = error instanceof Error ? error.message : "unknown error";
    if (error instanceof WrongMachine || error instanceof TypeError) refuse([message]);
    process.stderr.write(`${name}: ${message}\n`);
    return 1;
  }
}

process.exit(await live(settingsOrRefuse()));
