import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type FleetStatus, systemClock, systemEntropy } from "@runs-fleet/core";
import { createProcessMachineProvider } from "@runs-fleet/core/embedded/process";
import {
  createFakeGitHub,
  type FakeGitHub,
  prepareFakeRunnerDirectory,
} from "@runs-fleet/core/testing";
import type { Settings } from "../settings.ts";
import { commitDemoConfig, type DemoConfig, demoRepository } from "./demo-config.ts";
import { type HostProcess, startHostProcess } from "./host-process.ts";
import { burst, type DemoJob, demoJobs, prepareRepositories } from "./jobs.ts";
import { listenToKeys } from "./keys.ts";
import { createProgress, type Progress } from "./progress.ts";
import { type PayloadCounts, postRealPayloads } from "./real-payloads.ts";
import { summarise } from "./summary.ts";

/** How the demonstration is run. */
export interface DemoOptions {
  /** Ends after the first jobs. */
  readonly once: boolean;
  /** Further jobs. */
  readonly jobs: number;
}

/** Timings of a fleet whose machines boot in a fraction of a second. */
const timings = {
  leaseMs: 5_000,
  leaseRenewMs: 1_000,
  reconcileMs: 2_000,
  sweepMs: 20_000,
  bootGraceMs: 1_000,
  readyDwellMs: 5_000,
  bootDeadlineMs: 60_000,
  acknowledgeMs: 20_000,
  jobDeadlineMs: 600_000,
  maxRuntimeMs: 3_600_000,
};

const pollMs = 200;
/** After this long without any job moving, `--once` gives up. */
const patienceMs = 180_000;

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

interface Demo {
  readonly github: FakeGitHub;
  readonly host: HostProcess;
  readonly progress: Progress;
  latest: FleetStatus | undefined;
  movedAtMs: number;
}

async function follow(demo: Demo): Promise<void> {
  try {
    const url = await demo.host.url();
    const response = await fetch(`${url}/status`);
    if (!response.ok) return;
    const status = (await response.json()) as FleetStatus;
    demo.latest = status;
    for (const line of demo.progress.take(status)) {
      demo.movedAtMs = systemClock.now();
      say(line);
    }
  } catch {
    // The host is down or coming back: the next look tells.
  }
}

/** Whether GitHub has seen the end of every job, or the developer was told why there is none. */
function allEnded(github: FakeGitHub): boolean {
  const told = new Set(github.checks().map(({ externalId }) => externalId));
  return github
    .jobs()
    .every(({ id, attempt, state }) => state === "completed" || told.has(`${id}.${attempt}`));
}

function warmMachinesOnly(status: FleetStatus | undefined): boolean {
  return (
    status?.machines.every(({ pool, state }) => pool !== undefined && state === "ready") ?? false
  );
}

/** Machines outlive their host by design; those of a demonstration must not outlive it. */
async function endMachines(dataDirectory: string): Promise<void> {
  await using provider = createProcessMachineProvider({
    directory: join(dataDirectory, "machines"),
    command: [process.execPath],
  });
  const machines = await provider.list({ environment: "local", region: "local" }).catch(() => []);
  const alive = machines.filter(({ state }) => state !== "terminated").map(({ id }) => id);
  if (alive.length > 0) await provider.terminate(alive);
}

async function untilDone(demo: Demo, ended: () => boolean): Promise<boolean> {
  for (;;) {
    await systemClock.sleep(pollMs);
    await follow(demo);
    if (ended()) return true;
    if (allEnded(demo.github) && warmMachinesOnly(demo.latest)) return true;
    if (systemClock.now() - demo.movedAtMs > patienceMs) return false;
  }
}

/** Runs the host against a fake GitHub. Answers the exit code. */
export async function runDemo(settings: Settings, options: DemoOptions): Promise<number> {
  say(
    "No RUNS_FLEET_GITHUB_APP_ID is set: a fake GitHub is brought along, and nothing leaves this machine.",
  );
  const secret = settings.webhookSecret ?? randomBytes(20).toString("hex");
  const github = createFakeGitHub({
    clock: systemClock,
    entropy: systemEntropy,
    limits: { mintsPerMinute: false, mintsPerHour: false, corePerHour: false },
  });
  const runnerDirectory = await mkdtemp(join(tmpdir(), "runs-fleet-runner-"));
  await prepareFakeRunnerDirectory(runnerDirectory);
  // The fake GitHub forgets everything when it ends, so the state that goes with it begins anew.
  const dataDirectory = join(settings.dataDirectory, "demo");
  await endMachines(dataDirectory);
  await rm(dataDirectory, { recursive: true, force: true });
  await mkdir(dataDirectory, { recursive: true });
  const server = await github.listen();
  prepareRepositories(github);
  const config = settings.catalogFile === undefined ? await commitDemoConfig(github) : undefined;
  let broken: number | null | undefined;
  const host = startHostProcess({
    environment: {
      ...process.env,
      PORT: String(settings.port),
      RUNS_FLEET_DATA_DIR: dataDirectory,
      RUNS_FLEET_WEBHOOK_SECRET: secret,
      RUNS_FLEET_GITHUB_APP_ID: github.app.id,
      RUNS_FLEET_GITHUB_PRIVATE_KEY: github.app.privateKey,
      RUNS_FLEET_GITHUB_URL: server.url,
      RUNS_FLEET_RUNNER_DIR: runnerDirectory,
      ...(config === undefined
        ? { RUNS_FLEET_CATALOG: settings.catalogFile }
        : { RUNS_FLEET_CONFIG_REPOSITORY: demoRepository }),
      RUNS_FLEET_TIMINGS: JSON.stringify({ ...timings, ...settings.timings }),
    },
    onExit: (code) => {
      broken = code;
    },
  });
  try {
    const url = await host.url();
    github.webhooks.target(`${url}/webhooks/github`, secret);
    say(`Open ${url} to watch. Webhook secret: ${secret}`);
    const payloads = await postRealPayloads(url, secret);
    const demo: Demo = {
      github,
      host,
      progress: createProgress(() => new Date()),
      latest: undefined,
      movedAtMs: systemClock.now(),
    };
    const queue = (jobs: readonly DemoJob[]): void => {
      for (const { expected: _, ...job } of jobs) github.queueJob(job);
    };
    queue(demoJobs);
    queue(burst().slice(0, options.jobs));
    return await play(demo, payloads, options, queue, config, () => broken !== undefined);
  } catch (error) {
    say(`The host does not serve: ${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    await host.drain();
    await endMachines(dataDirectory);
    await server[Symbol.asyncDispose]();
    // It keeps timers for what is due in its world, for up to a day.
    await github[Symbol.asyncDispose]();
    await rm(runnerDirectory, { recursive: true, force: true });
  }
}

async function play(
  demo: Demo,
  payloads: PayloadCounts,
  options: DemoOptions,
  queue: (jobs: readonly DemoJob[]) => void,
  config: DemoConfig | undefined,
  broken: () => boolean,
): Promise<number> {
  let quit = options.once;
  let interrupted = false;
  // Ended from outside: at once, but with the host drained and no machine left behind.
  const interrupt = (): void => {
    interrupted = true;
  };
  process.on("SIGTERM", interrupt);
  process.on("SIGINT", interrupt);
  const keys = listenToKeys({
    b: () => {
      say("b: a burst of 256 jobs");
      queue(burst());
    },
    k: () => {
      say("k: the host is killed with SIGKILL");
      demo.host.kill().then(
        () => say("k: the host is back"),
        () => say("k: the host did not come back"),
      );
    },
    c: () => {
      const hot = config?.change();
      if (hot !== undefined) say(`c: a push to ${demoRepository}: ${hot} hot machines`);
    },
    x: () => {
      config?.breakIt();
      if (config) say(`x: a push to ${demoRepository} with a mistake: nothing changes`);
    },
    q: () => {
      say("q: draining");
      quit = true;
    },
  });
  try {
    for (;;) {
      const done = await untilDone(demo, () => interrupted || broken());
      if (interrupted) break;
      if (broken()) {
        say("The host ended by itself");
        return 1;
      }
      if (!done) say(`No job moved for ${patienceMs / 1_000} s`);
      if (!done || quit) break;
      await systemClock.sleep(pollMs);
    }
  } finally {
    keys[Symbol.dispose]();
    process.off("SIGTERM", interrupt);
    process.off("SIGINT", interrupt);
  }
  if (!demo.latest) return 1;
  const { lines, fine } = summarise(demo.github, demo.progress.jobs, demo.latest, payloads);
  say("");
  for (const line of lines) say(line);
  return fine ? 0 : 1;
}
