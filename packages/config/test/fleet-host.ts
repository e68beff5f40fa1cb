import { createHttpHandler, createOrchestrator, type DemandEvent } from "@runs-fleet/core";
import { createMemoryMachineProvider, createMemoryQueue } from "@runs-fleet/core/embedded";
import { createSeededEntropy } from "@runs-fleet/core/testing";
import type { AgentEvent } from "@runs-fleet/core/wire";
import { fakeHost } from "./fake-host.ts";
import { watchedFile } from "./watched-file.ts";

/** A fleet in memory that watches a configuration, and command lines that speak to it. */
export async function fleetHost(file: string) {
  const stage = watchedFile();
  const { clock, github, store, push, watcher, settled } = stage;
  const watching = watcher();
  await settled(watching.handlePush(push({ "": file })));
  const orchestrator = createOrchestrator({
    environment: "ci",
    owner: "test",
    catalog: async () => {
      const current = await watching.current();
      if (!current) throw new Error("Nothing is in force");
      return current.config.catalog;
    },
    configuration: watching,
    store,
    demand: createMemoryQueue<DemandEvent>({ clock }),
    reports: createMemoryQueue<AgentEvent>({ clock }),
    providers: { "us-east-1": createMemoryMachineProvider({ clock, region: "us-east-1" }) },
    github: github.client,
    webhookSecrets: ["a test secret"],
    clock,
    entropy: createSeededEntropy(2),
  });
  await orchestrator.start();
  await clock.advance(1_000);
  const handle = createHttpHandler({ orchestrator, clock });
  /** A command line whose calls go to the fleet, while its time passes. */
  const cli = (cwd: string) => {
    const { host, written } = fakeHost({ cwd });
    const fetch: typeof globalThis.fetch = (input, init) =>
      settled(handle(new Request(input instanceof Request ? input : String(input), init)));
    return { host: { ...host, fetch, clock }, written };
  };
  return { ...stage, orchestrator, cli };
}
