import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Catalog, systemClock, systemEntropy } from "@runs-fleet/core";
import {
  createFakeGitHub,
  type FakeGitHub,
  type FakeGitHubOptions,
} from "@runs-fleet/core/testing";
import type { Emulators } from "../../../packages/aws/testing/emulators.ts";
import { startTestAws, type TestAws } from "../../../packages/aws/testing/test-aws.ts";
import { type HostProcess, startHostProcess } from "./host-process.ts";
import { type MachineYard, openMachineYard } from "./machine-yard.ts";
import { type Made, makeStack } from "./make-stack.ts";

/** AWS on emulators, a fake GitHub, the stack of one environment, and machines that really run agents. */
export interface World extends AsyncDisposable {
  readonly aws: TestAws;
  readonly github: FakeGitHub;
  readonly yard: MachineYard;
  readonly stack: Made;
  /** Files of this world; gone when it ends. */
  readonly directory: string;
  readonly environment: string;
  /** Variables of a host, as an operator sets them. */
  readonly variables: Readonly<Record<string, string>>;
  /** Starts a host process; webhooks go to the one that was started last. */
  startHost(options?: {
    readonly role?: "intake" | "controller" | "both";
    readonly variables?: Readonly<Record<string, string>>;
  }): Promise<HostProcess>;
}

/** How a world is made. */
export interface WorldOptions {
  readonly emulators: Emulators;
  /** @defaultValue one that serves `acme/*` with at most 20 machines */
  readonly catalog?: Catalog;
  /** GitHub's limits. @defaultValue GitHub's own */
  readonly limits?: FakeGitHubOptions["limits"];
  /** How long machines boot, milliseconds. @defaultValue 1,000 */
  readonly bootMs?: number;
  /** The built host. @defaultValue the one beside the built demonstration */
  readonly program?: string;
  /** Controller timings that differ from the default, milliseconds. */
  readonly timings?: Readonly<Record<string, number>>;
  /** Agent timings that differ from the default, milliseconds. */
  readonly agentTimings?: Readonly<Record<string, number>>;
}

const environment = "ci";
const secret = "dev-webhook-secret";

/** Who may use what, unless a world says otherwise. */
export const devCatalog: Catalog = {
  version: "dev",
  defaultEnvironment: environment,
  environments: [{ name: environment, regions: ["us-east-1"], machines: 20 }],
  pools: [],
  images: [],
  policies: [{ name: "acme", repositories: ["acme/*"], allow: {} }],
};

/** Makes a world. Everything in it ends when it is disposed of. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { emulators, catalog = devCatalog, bootMs = 1_000, timings = {}, agentTimings } = options;
  const directory = await mkdtemp(join(tmpdir(), "runs-fleet-aws-"));
  const aws = await startTestAws({ emulators });
  const stack = await makeStack(aws, environment);
  const github = createFakeGitHub({
    clock: systemClock,
    entropy: systemEntropy,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  const server = await github.listen();
  const catalogFile = join(directory, "catalog.json");
  await writeFile(catalogFile, JSON.stringify(catalog));
  const { resolve } = createRequire(import.meta.url);
  const built = (name: string, file: string): string =>
    join(dirname(resolve(`@runs-fleet/${name}/package.json`)), "dist", file);
  const yard = openMachineYard({
    aws,
    environment,
    roleId: stack.machineRoleId,
    agent: built("agent", "main/aws.js"),
    listener: built("core", "testing/listener/main.js"),
    directory,
    bootMs,
    variables: {
      RUNS_FLEET_REPORTS_QUEUE_URL: stack.queueUrls.reports,
      ...(agentTimings === undefined
        ? {}
        : { RUNS_FLEET_AGENT_TIMINGS: JSON.stringify(agentTimings) }),
    },
  });
  const variables = {
    ...aws.environment(),
    RUNS_FLEET_ENVIRONMENT: environment,
    RUNS_FLEET_CATALOG: catalogFile,
    RUNS_FLEET_WEBHOOK_SECRET: secret,
    RUNS_FLEET_GITHUB_APP_ID: github.app.id,
    RUNS_FLEET_GITHUB_PRIVATE_KEY: github.app.privateKey,
    RUNS_FLEET_GITHUB_URL: server.url,
    RUNS_FLEET_ACCOUNT_ID: aws.accountId,
    RUNS_FLEET_SUBNET_IDS: stack.subnetIds.join(","),
    RUNS_FLEET_MACHINE_ROLE_IDS: stack.machineRoleId,
    RUNS_FLEET_DEMAND_QUEUE_URL: stack.queueUrls.demand,
    RUNS_FLEET_REPORTS_QUEUE_URL: stack.queueUrls.reports,
    RUNS_FLEET_NOTICES_QUEUE_URL: stack.queueUrls.notices,
    RUNS_FLEET_TIMINGS: JSON.stringify(timings),
    HOST: "127.0.0.1",
    PORT: "0",
    STATUS_PORT: "0",
  };
  const hosts = new Set<HostProcess>();
  return {
    aws,
    github,
    yard,
    stack,
    directory,
    environment,
    variables,
    startHost: async ({ role = "both", variables: more = {} } = {}) => {
      const host = startHostProcess({
        role,
        variables: { ...variables, ...more },
        ...(options.program === undefined ? {} : { program: options.program }),
      });
      hosts.add(host);
      const { url } = await host.ready;
      if (role !== "controller") github.webhooks.target(`${url}/webhooks/github`, secret);
      return host;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...hosts].map((host) => host.kill()));
      await yard[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
      await aws.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
