import process from "node:process";
import { parseArgs } from "node:util";
import { readSqsBacklog } from "@runs-fleet/aws/sqs";
import { systemClock } from "@runs-fleet/core";
import { startEmulators } from "../../../packages/aws/testing/start-emulators.ts";
import type { HostProcess } from "./host-process.ts";
import { outcomeOf, percentile } from "./outcome.ts";
import { openWorld, type World } from "./world.ts";

const help = `runs-fleet on AWS, without AWS: emulators, a fake GitHub, and machines that really run the agent

  npm run aws                   one process that takes webhooks and controls, and 12 jobs; goes on until Ctrl-C
  npm run aws -- --once         end when all jobs have ended; 0 when none was lost or doubled and no machine is left
  npm run aws -- --jobs N       that many jobs. Default 12
  npm run aws -- --processes N  that many processes: one controls, the others stand by. Default 1

While it runs in a terminal: b and Enter = a burst of 50 jobs, k and Enter = kill the controller with SIGKILL.
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function readCount(text: string, name: string, most: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= most) return count;
  process.stderr.write(`--${name} is a number from 1 to ${most}, not "${text}"\n`);
  process.exit(2);
}

/** Short leases and looks: what takes minutes in production is to be seen in seconds. */
const timings = { leaseMs: 9_000, leaseRenewMs: 2_000, reconcileMs: 5_000, sweepMs: 20_000 };

const labels = [
  "runs-fleet",
  "runs-fleet/cpu=2",
  "runs-fleet/cpu=4/arch=arm64",
  "runs-fleet/cpu=2/arch=x64",
];

function queueJobs({ github }: World, count: number): void {
  for (let index = 0; index < count; index += 1) {
    github.queueJob({
      repository: `acme/${["app", "web", "lib"][index % 3]}`,
      labels: [labels[index % labels.length] ?? "runs-fleet"],
      durationMs: 1_000 + (index % 5) * 500,
    });
  }
}

/** Says what became of each job, once. Answers whether there was anything to say. */
function createTeller(world: World): () => boolean {
  const told = new Set<string>();
  let problems = 0;
  return () => {
    for (const problem of world.yard.problems.slice(problems)) say(`problem: ${problem}`);
    const before = told.size + problems;
    problems = world.yard.problems.length;
    for (const job of world.github.jobs()) {
      const ended = job.state === "completed";
      const key = `${job.id} ${job.state}`;
      if (job.state === "queued" || told.has(key)) continue;
      told.add(key);
      const waited = seconds((job.startedAtMs ?? job.completedAtMs ?? 0) - job.queuedAtMs);
      const what = ended
        ? `ended, ${job.conclusion}`
        : `runs on ${job.runnerName}, waited ${waited}`;
      say(`job ${job.id} of ${job.repository} ${what}`);
    }
    return told.size + problems > before;
  };
}

async function summarise(world: World): Promise<boolean> {
  const { served, refused, cancelled, lost, doubled, waitsMs } = outcomeOf(world.github);
  const { client, queueUrls } = world.stack;
  const backlogs = await Promise.all(
    Object.entries(queueUrls).map(async ([name, queueUrl]) => {
      // Ctrl-C ends the emulators as well.
      const backlog = await readSqsBacklog({ client: client.sqs, queueUrl }).catch(() => undefined);
      return `${name} ${backlog === undefined ? "unknown" : backlog.waiting + backlog.inFlight}`;
    }),
  );
  const machines = world.yard.running();
  say("");
  say(`served    ${served}`);
  say(`refused   ${refused}, cancelled ${cancelled}`);
  say(`lost      ${lost}`);
  say(`doubled   ${doubled}`);
  say(
    `wait      p50 ${seconds(percentile(waitsMs, 0.5))}, p95 ${seconds(percentile(waitsMs, 0.95))}`,
  );
  say(`machines  ${world.yard.booted()} booted, ${machines} left`);
  say(`queues    ${backlogs.join(", ")}`);
  for (const problem of world.yard.problems) say(`problem   ${problem}`);
  return lost === 0 && doubled === 0 && machines === 0 && world.yard.problems.length === 0;
}

/** How long nothing may happen before `--once` gives up. */
const patienceMs = 120_000;

async function main(): Promise<number> {
  // Who tries it has heard often enough which Node next year's SDK wants.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] = "true";
  const { values } = parseArgs({
    options: {
      once: { type: "boolean", default: false },
      jobs: { type: "string", default: "12" },
      processes: { type: "string", default: "1" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const jobs = readCount(values.jobs, "jobs", 1_000);
  const processes = readCount(values.processes, "processes", 8);
  say("Starting moto, DynamoDB Local and fauxqs on free ports of this machine …");
  await using started = await startEmulators();
  for (const words of started.emulators.missing) say(`missing: ${words}`);
  await using world = await openWorld({ emulators: started.emulators, timings });
  const hosts: HostProcess[] = [];
  for (let index = 0; index < processes; index += 1) hosts.push(await world.startHost());
  const addresses = await Promise.all(hosts.map(({ ready }) => ready));
  for (const { statusUrl } of addresses) say(`Open ${statusUrl} to watch.`);
  say(
    `AWS_ENDPOINT_URL=${world.aws.url} AWS_REGION=${world.aws.region} lets any client of AWS look.`,
  );
  const tell = createTeller(world);
  let quit = false;
  const stop = (): void => {
    quit = true;
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  const killController = async (): Promise<void> => {
    for (const host of hosts) {
      if ((await host.status())?.role !== "controller") continue;
      say(`k: the controller, process ${host.pid}, is killed with SIGKILL`);
      await host.kill();
      hosts.splice(hosts.indexOf(host), 1, await world.startHost());
      say("k: another process was started");
      return;
    }
  };
  process.stdin.on("data", (data: Buffer) => {
    const key = data.toString("utf8").trim();
    if (key === "b") queueJobs(world, 50);
    if (key === "k") killController().catch((error: unknown) => say(`k: ${error}`));
  });
  if (process.stdin.isTTY) process.stdin.resume();
  queueJobs(world, jobs);
  const isOver = () =>
    world.github.jobs().every(({ state }) => state === "completed") && world.yard.running() === 0;
  let movedAtMs = systemClock.now();
  while (!quit && !(values.once && isOver())) {
    await systemClock.sleep(200);
    if (tell()) movedAtMs = systemClock.now();
    if (values.once && systemClock.now() - movedAtMs > patienceMs) {
      say(`Nothing happened for ${patienceMs / 1_000} s`);
      break;
    }
  }
  tell();
  const fine = await summarise(world);
  for (const host of hosts) await host.drain();
  return fine ? 0 : 1;
}

process.exitCode = await main();
process.stdin.destroy();
