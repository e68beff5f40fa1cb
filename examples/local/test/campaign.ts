import { type ChildProcess, fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type FleetStatus, signBody, systemClock, systemEntropy } from "@runs-fleet/core";
import { createProcessMachineProvider } from "@runs-fleet/core/embedded/process";
import {
  createFakeGitHub,
  createSeededEntropy,
  type FakeGitHub,
  prepareFakeRunnerDirectory,
} from "@runs-fleet/core/testing";

/** The built host: what users run. `npm test` builds it first. */
const hostProgram = fileURLToPath(new URL("../dist/serve.js", import.meta.url));
const listenerProgram = fileURLToPath(
  new URL("../../../packages/core/dist/testing/listener/main.js", import.meta.url),
);
const secret = "campaign-secret";

const timings = {
  leaseMs: 3_000,
  leaseRenewMs: 700,
  reconcileMs: 1_500,
  sweepMs: 5_000,
  bootGraceMs: 500,
  readyDwellMs: 3_000,
  bootDeadlineMs: 30_000,
  acknowledgeMs: 10_000,
  jobDeadlineMs: 900_000,
  maxRuntimeMs: 600_000,
};

/** A runner whose job another one took need not listen for the product's five minutes. */
const agentTimings = { idleTimeoutMs: 45_000 };

/** One host process on the campaign's data. */
export interface CampaignHost {
  readonly process: ChildProcess;
  readonly url: string;
  status(): Promise<FleetStatus | undefined>;
}

/** A fake GitHub over HTTP, a data directory, and the hosts on it. */
export interface Campaign extends AsyncDisposable {
  readonly github: FakeGitHub;
  readonly machinesDirectory: string;
  readonly entropy: ReturnType<typeof createSeededEntropy>;
  /** Starts a host and points the webhooks at it. */
  startHost(): Promise<CampaignHost>;
  /** Kills a host with SIGKILL. */
  kill(host: CampaignHost): Promise<void>;
  queue(count: number): void;
  /** Delivers the webhook of a push to the default branch, as GitHub would, again or late. */
  announcePush(
    host: CampaignHost,
    push: { readonly repository: string; readonly before: string; readonly after: string },
  ): Promise<void>;
  /** Waits until GitHub has seen the end of every job; false after `patienceMs`. */
  finished(patienceMs: number): Promise<boolean>;
  /** Machines that still run. */
  alive(): Promise<readonly string[]>;
  /** Tokens of all purchases. */
  purchases(): Promise<number>;
}

/** Sets a campaign up. */
export async function createCampaign(options: {
  readonly seed: number;
  readonly loss?: number;
  readonly capacity?: number;
  /** Variables of the hosts that differ. */
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<Campaign> {
  const entropy = createSeededEntropy(options.seed);
  const github = createFakeGitHub({
    clock: systemClock,
    entropy: systemEntropy,
    jobLockMs: 20_000,
  });
  const server = await github.listen();
  const directory = await mkdtemp(join(tmpdir(), "runs-fleet-campaign-"));
  const runnerDirectory = join(directory, "runner");
  await prepareFakeRunnerDirectory(runnerDirectory, { program: listenerProgram });
  const data = join(directory, "data");
  const machinesDirectory = join(data, "machines");
  const loss = options.loss ?? 0;
  github.webhooks.faults({ loss: loss * 0.6, vanish: loss * 0.4, duplicate: 0.05, reorder: 0.05 });
  const provider = createProcessMachineProvider({
    directory: machinesDirectory,
    command: [process.execPath],
  });
  const hosts = new Set<ChildProcess>();

  const alive = async (): Promise<readonly string[]> => {
    const machines = await provider.list({ environment: "local", region: "local" });
    return machines.filter(({ state }) => state !== "terminated").map(({ id }) => id);
  };

  return {
    github,
    machinesDirectory,
    entropy,
    startHost: async () => {
      const child = fork(hostProgram, [], {
        // The test runner's own flags would make the host read sources instead of what was built.
        execArgv: [],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
        env: {
          PATH: process.env["PATH"],
          PORT: "0",
          RUNS_FLEET_DATA_DIR: data,
          RUNS_FLEET_WEBHOOK_SECRET: secret,
          RUNS_FLEET_GITHUB_APP_ID: github.app.id,
          RUNS_FLEET_GITHUB_PRIVATE_KEY: github.app.privateKey,
          RUNS_FLEET_GITHUB_URL: server.url,
          RUNS_FLEET_RUNNER_DIR: runnerDirectory,
          RUNS_FLEET_CAPACITY: String(options.capacity ?? 8),
          RUNS_FLEET_TIMINGS: JSON.stringify(timings),
          RUNS_FLEET_AGENT_TIMINGS: JSON.stringify(agentTimings),
          ...options.environment,
        },
      });
      hosts.add(child);
      child.once("exit", () => hosts.delete(child));
      const url = await new Promise<string>((resolve, reject) => {
        child.once("message", (message) => resolve((message as { url: string }).url));
        child.once("exit", (code) => reject(new Error(`The host ended with ${code}`)));
      });
      github.webhooks.target(`${url}/webhooks/github`, secret);
      return {
        process: child,
        url,
        status: async () => {
          try {
            const response = await fetch(`${url}/status`, { signal: AbortSignal.timeout(2_000) });
            return response.ok ? ((await response.json()) as FleetStatus) : undefined;
          } catch {
            return undefined;
          }
        },
      };
    },
    kill: async ({ process: child }) => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    },
    queue: (count) => {
      for (let index = 0; index < count; index++) {
        github.queueJob({
          repository: `acme/app${index % 5}`,
          labels: [index % 4 === 0 ? "runs-fleet/cpu=4" : "runs-fleet"],
          durationMs: 100 + Math.floor(entropy.random() * 500),
        });
      }
    },
    announcePush: async ({ url }, { repository, before, after }) => {
      const body = JSON.stringify({
        ref: "refs/heads/main",
        before,
        after,
        deleted: false,
        repository: { full_name: repository, default_branch: "main" },
      });
      const response = await fetch(`${url}/webhooks/github`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-github-event": "push",
          "x-github-delivery": randomUUID(),
          "x-hub-signature-256": signBody(secret, body),
        },
        body,
      });
      if (response.status !== 202) throw new Error(`The webhook was answered ${response.status}`);
    },
    finished: async (patienceMs) => {
      const giveUpMs = systemClock.now() + patienceMs;
      for (;;) {
        if (github.jobs().every(({ state }) => state === "completed")) return true;
        if (systemClock.now() > giveUpMs) return false;
        await systemClock.sleep(200);
      }
    },
    alive,
    purchases: async () => {
      const names = await readdir(join(machinesDirectory, "attempts")).catch(() => []);
      return names.filter((name) => name.endsWith(".json")).length;
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of hosts) {
        const gone = new Promise((resolve) => child.once("exit", resolve));
        // A paused process does not end before it is continued.
        child.kill("SIGCONT");
        child.kill("SIGKILL");
        await gone;
      }
      const left = await alive().catch(() => []);
      if (left.length > 0) await provider.terminate(left);
      await provider[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Waits for something, looking every 100 ms; rejects after `patienceMs`. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  patienceMs: number,
): Promise<T> {
  const giveUpMs = systemClock.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (systemClock.now() > giveUpMs) throw new Error(`Waited ${patienceMs} ms for ${what}`);
    await systemClock.sleep(100);
  }
}
