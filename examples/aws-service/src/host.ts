import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import process from "node:process";
import { createConfigWatcher } from "@runs-fleet/config";
import { createHttpHandler, createOrchestrator, systemClock } from "@runs-fleet/core";
import { createGitHubClient } from "@runs-fleet/core/github";
import { serveHttp } from "@runs-fleet/core/node";
import { openController, openShared, type SharedAdapters } from "./adapters.ts";
import { unservable } from "./catalog.ts";
import { createFrontDoor } from "./front-door.ts";
import { openIntake } from "./intake.ts";
import type { Log } from "./log.ts";
import { type Finding, preflight } from "./preflight.ts";
import type { ControllerSettings, Settings } from "./settings.ts";

/** A host that serves. */
export interface Host {
  /** Where webhooks are taken, and health is told. */
  readonly url: string;
  /** Where the pages are; absent in an intake. */
  readonly statusUrl?: string;
  /** Readiness fails from here on; all else still works. */
  unready(): void;
  /** Takes no more requests, and answers those in hand. */
  closeListener(): Promise<void>;
  /** Finishes the work in hand, gives up the lease, and closes what was opened. */
  finishWork(): Promise<void>;
}

/** How often an intake reads the catalog. */
const refreshMs = 60_000;

/** Opens what the settings ask for, looks at it, and answers the findings. Nothing serves after it. */
export async function checkHost(settings: Settings, log: Log): Promise<readonly Finding[]> {
  const parts = openParts(settings, log);
  try {
    return await look(settings, parts);
  } finally {
    await parts.close();
  }
}

/**
 * Starts the roles that the settings ask for.
 *
 * @returns The host; or, when something needs a person, the findings: nothing serves then.
 */
export async function startHost(settings: Settings, log: Log): Promise<Host | readonly Finding[]> {
  const parts = openParts(settings, log);
  // A first look, so that a fleet that was never started has what it is to look at. What fails is told below.
  await parts.fleet?.watcher?.poll().catch(() => undefined);
  const findings = await look(settings, parts);
  if (findings.some(({ verdict }) => verdict === "wrong")) {
    await parts.close();
    return findings;
  }
  for (const { what, words } of findings.filter(({ verdict }) => verdict === "away")) {
    log({ code: "away", message: `${what}: ${words}` });
  }
  return settings.controller === undefined
    ? startIntake(settings, parts, log)
    : startController(settings, parts, log);
}

type Parts = ReturnType<typeof openParts>;

function openParts(settings: Settings, log: Log) {
  const { common, controller } = settings;
  const owner = `${hostname()}-${process.pid}-${randomBytes(4).toString("hex")}`;
  const shared = openShared(controller ?? common, owner, log);
  const fleet =
    controller === undefined
      ? undefined
      : {
          settings: controller,
          adapters: openController(controller, log),
          ...watched(controller, shared, owner, log),
        };
  return {
    owner,
    shared,
    fleet,
    close: async () => {
      await fleet?.watcher?.[Symbol.asyncDispose]();
      await fleet?.adapters[Symbol.asyncDispose]();
      await shared[Symbol.asyncDispose]();
    },
  };
}

/** The client of GitHub's App, and what watches the configuration with it. */
function watched(settings: ControllerSettings, { store }: SharedAdapters, owner: string, log: Log) {
  const github = createGitHubClient(settings.github);
  const { configuration, environment, region } = settings;
  if ("catalog" in configuration) return { github };
  const { repository, path } = configuration;
  const watcher = createConfigWatcher({
    github,
    store,
    repository,
    path,
    owner,
    // Hosts of several environments and regions speak of the same commits.
    checkName: `runs-fleet/config (${environment}, ${region})`,
    accept: ({ catalog }) => {
      const problem = unservable(catalog, settings);
      return problem === undefined ? undefined : `The file ${problem}`;
    },
    onNote: (code, message) => log({ code, message }),
  });
  return { github, watcher };
}

function look({ common }: Settings, { shared, fleet }: Parts): Promise<readonly Finding[]> {
  return preflight({
    settings: common,
    shared,
    ...(fleet === undefined ? {} : { controller: fleet.adapters, github: fleet.github }),
  });
}

async function startIntake(settings: Settings, parts: Parts, log: Log): Promise<Host> {
  const { intake: own, common } = settings;
  if (own === undefined) throw new TypeError("An intake needs its settings");
  const intake = await openIntake(own, parts.shared, log);
  let draining = false;
  const http = await serveHttp({
    handler: createFrontDoor({ handleWebhook: intake.handleWebhook, isDraining: () => draining }),
    ...common.http,
  });
  const over = new AbortController();
  const refreshing = (async () => {
    for (;;) {
      await systemClock.sleep(refreshMs, over.signal);
      await intake.refresh();
    }
  })().catch(() => undefined);
  return {
    url: http.url,
    unready: () => {
      draining = true;
    },
    closeListener: () => http.close(),
    finishWork: async () => {
      over.abort(new Error("The intake ends"));
      await refreshing;
      await parts.close();
    },
  };
}

async function startController(settings: Settings, parts: Parts, log: Log): Promise<Host> {
  const { shared, fleet, owner } = parts;
  const { common, intake } = settings;
  if (fleet === undefined) throw new TypeError("A controller needs its settings");
  const { settings: own, adapters, github, watcher } = fleet;
  const orchestrator = createOrchestrator({
    environment: common.environment,
    owner,
    catalog: shared.catalog,
    ...(watcher === undefined ? {} : { configuration: watcher }),
    store: shared.store,
    deliveries: shared.deliveries,
    demand: shared.demand,
    reports: adapters.reports,
    notices: adapters.notices,
    providers: { [common.region]: adapters.provider },
    github,
    // A process that takes no webhooks has no route for them; nobody knows this secret.
    webhookSecrets: intake?.webhookSecrets ?? [randomBytes(32).toString("hex")],
    mintsPerMinute: own.mintsPerMinute,
    timings: own.timings,
    onDecision: ({ atMs, code, message, subject }) => log({ atMs, code, message, subject }),
  });
  await orchestrator.start();
  let draining = false;
  const isDraining = () => draining;
  const http = await serveHttp({
    handler: createFrontDoor({
      ...(intake === undefined ? {} : { handleWebhook: orchestrator.handleWebhook }),
      isDraining,
    }),
    ...common.http,
  });
  const pages = await serveHttp({
    handler: createHttpHandler({ orchestrator, isDraining }),
    ...own.status,
  });
  return {
    url: http.url,
    statusUrl: pages.url,
    unready: () => {
      draining = true;
    },
    closeListener: () => http.close(),
    finishWork: async () => {
      await orchestrator.stop();
      await pages.close();
      await parts.close();
    },
  };
}
