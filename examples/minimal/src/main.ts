// #region host
import process from "node:process";
import { fileURLToPath } from "node:url";
import { createHttpHandler, createOrchestrator } from "@runs-fleet/core";
import { createMemoryQueue, createMemoryStore } from "@runs-fleet/core/embedded";
import {
  createProcessMachineProvider,
  createProcessReports,
  withProcessAssignments,
} from "@runs-fleet/core/embedded/process";
import { createGitHubClient } from "@runs-fleet/core/github";
import { drainOnSignals, serveHttp } from "@runs-fleet/core/node";
import { catalog } from "./catalog.ts";

const { APP_ID = "", APP_KEY = "", WEBHOOK_SECRET = "", RUNNER_DIR = "" } = process.env;
const manifest = import.meta.resolve("@runs-fleet/agent/package.json");
const agent = fileURLToPath(new URL("dist/main/process.js", manifest));
const command = [process.execPath, agent] as const;
const environment = { RUNS_FLEET_RUNNER_DIR: RUNNER_DIR };
const directory = "machines";

const orchestrator = createOrchestrator({
  environment: "local",
  owner: `host-${process.pid}`,
  catalog: async () => catalog,
  store: withProcessAssignments(createMemoryStore(), { directory }),
  demand: createMemoryQueue(),
  reports: createProcessReports({ directory }),
  providers: { local: createProcessMachineProvider({ directory, command, environment }) },
  github: createGitHubClient({ appId: APP_ID, privateKey: APP_KEY }),
  webhookSecrets: [WEBHOOK_SECRET],
});
await orchestrator.start();
const { close } = await serveHttp({ handler: createHttpHandler({ orchestrator }), port: 8080 });
drainOnSignals({ unready: () => undefined, closeListener: close, finishWork: orchestrator.stop });
// #endregion
