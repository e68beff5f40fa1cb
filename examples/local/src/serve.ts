import process from "node:process";
import { FleetError } from "@runs-fleet/core";
import { drainOnSignals } from "@runs-fleet/core/node";
import { startHost } from "./host.ts";
import { readSettings, type Settings } from "./settings.ts";

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** Serves until a signal drains the process. */
async function serve(settings: Settings): Promise<void> {
  const host = await startHost(settings);
  say(`runs-fleet serves ${settings.github?.baseUrl} on ${host.http.url}`);
  if (settings.webhookSecret === undefined) say(`webhook secret: ${host.secret}`);
  // A parent that started us learns the port by this.
  process.send?.({ url: host.http.url });
  drainOnSignals({
    unready: host.unready,
    closeListener: () => host.http.close(),
    finishWork: async () => {
      await host.orchestrator.stop();
      await host.close();
    },
    onSignal: (signal, kind) => say(kind === "drain" ? `${signal}: draining` : `${signal}: forced`),
    onError: (error) => say(`while draining: ${error instanceof Error ? error.message : error}`),
  });
}

const read = readSettings(process.env);
if (!read.ok) {
  for (const problem of read.problems) process.stderr.write(`${problem}\n`);
  process.exit(2);
}
try {
  await serve(read.settings);
} catch (error) {
  const known = FleetError.isInstance(error) || error instanceof RangeError;
  process.stderr.write(`${known || !(error instanceof Error) ? String(error) : error.stack}\n`);
  process.exit(known ? 2 : 1);
}
