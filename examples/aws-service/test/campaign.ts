import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readSqsBacklog } from "@runs-fleet/aws/sqs";
import { systemClock } from "@runs-fleet/core";
import type { Emulators } from "../../../packages/aws/testing/emulators.ts";
import type { HostProcess } from "../dev/host-process.ts";
import { type Outcome, outcomeOf } from "../dev/outcome.ts";
import { openWorld, type World } from "../dev/world.ts";

/** The built host: what users run. `scripts/aws.mjs` builds it first. */
export const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));

/** What a client that shares no code with us sees at the end. */
export interface Look {
  readonly instances: { readonly alive: number; readonly ended: number; readonly untagged: number };
  readonly tables: Readonly<Record<string, number>>;
  readonly queues: Readonly<Record<string, number>>;
}

/** What a campaign showed. */
export interface CampaignReport {
  readonly outcome: Outcome;
  /** From the loss of a controller to the next one, milliseconds, one for each kill and pause. */
  readonly takeoversMs: readonly number[];
  readonly look: Look;
  readonly tookMs: number;
  /** What the orchestrator called, by operation. */
  readonly calls: Readonly<Record<string, { readonly calls: number; readonly items: number }>>;
  readonly problems: readonly string[];
}

/** What happens to the controller, and after how many jobs have ended. */
export interface Blow {
  readonly kind: "kill" | "pause";
  readonly afterJobs: number;
}

const pauseMs = 25_000;
const patienceMs = 120_000;

/** Runs jobs on several processes while the controller is hit, and looks at what is left. */
export async function runCampaign(options: {
  readonly emulators: Emulators;
  readonly jobs: number;
  readonly processes: number;
  readonly blows: readonly Blow[];
  readonly limitMs: number;
}): Promise<CampaignReport> {
  await using world = await openWorld({
    emulators: options.emulators,
    program,
    timings: { reconcileMs: 15_000, sweepMs: 30_000 },
    // GitHub's own: 180 registrations a minute would make 200 jobs wait for nothing but that.
    limits: { mintsPerMinute: false, mintsPerHour: false, corePerHour: false },
  });
  const hosts: HostProcess[] = [];
  for (let index = 0; index < options.processes; index += 1) hosts.push(await world.startHost());
  const controller = async (): Promise<HostProcess> => {
    const giveUpMs = systemClock.now() + patienceMs;
    while (systemClock.now() < giveUpMs) {
      for (const host of hosts) if ((await host.status())?.role === "controller") return host;
      await systemClock.sleep(100);
    }
    throw new Error("No process became the controller");
  };
  await controller();
  const meter = world.aws.calls.meter();
  const beganAtMs = systemClock.now();
  for (let index = 0; index < options.jobs; index += 1) {
    world.github.queueJob({
      repository: `acme/app${index % 5}`,
      labels: [index % 4 === 0 ? "runs-fleet/cpu=4" : "runs-fleet/cpu=2"],
      durationMs: 300 + (index % 7) * 200,
    });
  }
  const ended = () => world.github.jobs().filter(({ state }) => state === "completed").length;
  const until = async (count: number): Promise<boolean> => {
    while (ended() < count) {
      if (systemClock.now() - beganAtMs > options.limitMs) return false;
      await systemClock.sleep(100);
    }
    return true;
  };
  const takeoversMs: number[] = [];
  for (const { kind, afterJobs } of options.blows) {
    if (!(await until(afterJobs))) break;
    const hit = await controller();
    const hitAtMs = systemClock.now();
    if (kind === "kill") {
      await hit.kill();
      hosts.splice(hosts.indexOf(hit), 1);
      // As a service would: another process at once. Webhooks go to one that was there.
      hosts.push(await world.startHost());
      takeoversMs.push(await takeover(hosts, hitAtMs));
    } else {
      hit.pause();
      const others = hosts.filter((host) => host !== hit);
      takeoversMs.push(await takeover(others, hitAtMs));
      await systemClock.sleep(hitAtMs + pauseMs - systemClock.now());
      hit.resume();
    }
  }
  if (!(await until(options.jobs))) {
    const now = await Promise.all(hosts.map((host) => host.status()));
    console.log(JSON.stringify(now.find((status) => status?.role === "controller") ?? now));
  }
  // What is under way ends: machines go off, their reports are read, attempts are settled.
  const settled = systemClock.now() + 90_000;
  while (systemClock.now() < settled && !(await isQuiet(world, hosts)))
    await systemClock.sleep(500);
  const calls = meter.byAction({ accessKey: world.aws.credentials.accessKeyId });
  const look = await lookFromOutside(world);
  for (const host of hosts) await host.drain();
  return {
    outcome: outcomeOf(world.github),
    takeoversMs,
    look,
    tookMs: systemClock.now() - beganAtMs,
    calls,
    problems: world.yard.problems,
  };
}

/** From `sinceMs` until one of them has said that it is the controller. */
async function takeover(hosts: readonly HostProcess[], sinceMs: number): Promise<number> {
  const giveUpMs = systemClock.now() + patienceMs;
  while (systemClock.now() < giveUpMs) {
    for (const { lines } of hosts) {
      // Node's own warnings are lines, too.
      for (const line of lines.filter((text) => text.startsWith("{"))) {
        const { at, code } = JSON.parse(line) as { at: string; code: string };
        const atMs = Date.parse(at);
        if (code === "controller" && atMs >= sinceMs) return atMs - sinceMs;
      }
    }
    await systemClock.sleep(50);
  }
  throw new Error("Nobody took over");
}

/** Machines are gone, and what they and GitHub said has been read. */
async function isQuiet(world: World, hosts: readonly HostProcess[]): Promise<boolean> {
  if (world.yard.running() > 0) return false;
  const { client, queueUrls } = world.stack;
  for (const queueUrl of Object.values(queueUrls)) {
    const { waiting, inFlight } = await readSqsBacklog({ client: client.sqs, queueUrl });
    if (waiting + inFlight > 0) return false;
  }
  const statuses = await Promise.all(hosts.map((host) => host.status()));
  const controlling = statuses.find((status) => status?.role === "controller");
  return controlling !== undefined && controlling.machines.length === 0;
}

/** Asks Python's client of AWS, which shares nothing with ours. */
async function lookFromOutside({ aws, stack, environment }: World): Promise<Look> {
  const script = fileURLToPath(new URL("./look.py", import.meta.url));
  const [python = "python3"] = aws.emulators.moto.binary.split(" -m ");
  const { stdout } = await promisify(execFile)(python, [script], {
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      ...aws.environment(),
      AWS_DEFAULT_REGION: aws.region,
      RUNS_FLEET_ENVIRONMENT: environment,
      RUNS_FLEET_TABLES: stack.tableNames.join(","),
      RUNS_FLEET_QUEUES: Object.values(stack.queueUrls).join(","),
    },
  });
  return JSON.parse(stdout) as Look;
}
