import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import {
  createHttpHandler,
  createOrchestrator,
  createPollingSource,
  type DemandEvent,
  type Orchestrator,
  parseDemandEvent,
} from "@runs-fleet/core";
import {
  createProcessMachineProvider,
  createProcessReports,
  withProcessAssignments,
} from "@runs-fleet/core/embedded/process";
import { createSqliteQueue, createSqliteStore } from "@runs-fleet/core/embedded/sqlite";
import { createGitHubClient } from "@runs-fleet/core/github";
import { type HttpServer, serveHttp } from "@runs-fleet/core/node";
import { openConfiguration } from "./configuration.ts";
import type { Settings } from "./settings.ts";

/** A host that serves. */
export interface Host {
  readonly orchestrator: Orchestrator;
  readonly http: HttpServer;
  readonly secret: string;
  /** Readiness fails from here on; all else still works. */
  unready(): void;
  /** Closes what was opened, after the orchestrator has stopped. */
  close(): Promise<void>;
}

/** The one environment and region of this host. */
const environment = "local";
const region = "local";

/** The bin of the agent's package. */
const agentProgram = join(
  dirname(createRequire(import.meta.url).resolve("@runs-fleet/agent/package.json")),
  "dist/main/process.js",
);

/** Assembles the orchestrator from parts that need no cloud: SQLite, processes, and GitHub. */
export async function startHost(settings: Settings): Promise<Host> {
  const { dataDirectory, github, runnerDirectory, durability, webhookSecret } = settings;
  if (github === undefined || runnerDirectory === undefined) {
    throw new TypeError("A host needs GitHub credentials and a runner directory");
  }
  await mkdir(dataDirectory, { recursive: true });
  const secret = webhookSecret ?? randomBytes(20).toString("hex");
  const machinesDirectory = join(dataDirectory, "machines");
  const path = join(dataDirectory, "state.db");

  const store = createSqliteStore({ path, durability });
  const demand = createSqliteQueue<DemandEvent>({
    path: join(dataDirectory, "demand.db"),
    durability,
    name: "demand",
    parse: parseDemandEvent,
  });
  const reports = createProcessReports({ directory: machinesDirectory });
  const provider = createProcessMachineProvider({
    directory: machinesDirectory,
    command: [process.execPath, agentProgram],
    region,
    capacity: settings.capacity,
    environment: {
      RUNS_FLEET_RUNNER_DIR: runnerDirectory,
      RUNS_FLEET_AGENT_TIMINGS: JSON.stringify(settings.agentTimings),
    },
  });
  const client = createGitHubClient(github);
  const configuration = openConfiguration(settings, { github: client, store });
  const orchestrator = createOrchestrator({
    environment,
    owner: `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`,
    catalog: configuration.catalog,
    ...(configuration.source === undefined ? {} : { configuration: configuration.source }),
    store: withProcessAssignments(store, { directory: machinesDirectory }),
    demand,
    reports,
    providers: { [region]: provider },
    github: client,
    demandSources:
      settings.repositories.length === 0
        ? []
        : [createPollingSource({ github: client, repositories: settings.repositories })],
    webhookSecrets: [secret],
    mintsPerMinute: settings.mintsPerMinute,
    timings: settings.timings,
  });

  let draining = false;
  await configuration.ready();
  await orchestrator.start();
  configuration.watch(async (push) => {
    for (const sent of await demand.send([{ body: push }])) if (!sent.ok) throw sent.error;
  });
  const handler = createHttpHandler({ orchestrator, isDraining: () => draining });
  const http = await serveHttp({ handler, port: settings.port });
  return {
    orchestrator,
    http,
    secret,
    unready: () => {
      draining = true;
    },
    close: async () => {
      await configuration[Symbol.asyncDispose]();
      await provider[Symbol.asyncDispose]();
      await reports[Symbol.asyncDispose]();
      await demand[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}
