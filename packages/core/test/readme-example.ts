import { type Catalog, createOrchestrator, type DemandEvent } from "@runs-fleet/core";
import { createMemoryQueue, createMemoryStore } from "@runs-fleet/core/embedded";
import {
  createAssignmentBoard,
  createFakeGitHub,
  createSeededEntropy,
  createSimulatedMachines,
  createVirtualClock,
} from "@runs-fleet/core/testing";
import type { AgentEvent } from "@runs-fleet/core/wire";

/** Lives through two minutes of a catalog with one job, in milliseconds and without credentials. */
export async function tryOut(catalog: Catalog, labels: readonly string[]) {
  const clock = createVirtualClock(Date.parse("2026-11-24T09:00:00Z"));
  const entropy = createSeededEntropy(1);
  const github = createFakeGitHub({ clock, entropy });
  const board = createAssignmentBoard(createMemoryStore({ clock }));
  const demand = createMemoryQueue<DemandEvent>({ clock });
  const reports = createMemoryQueue<AgentEvent>({ clock });
  const { fetch } = github;
  const parts = { region: "local", clock, entropy, board, reports, fetch };
  const { provider } = createSimulatedMachines(parts);
  const orchestrator = createOrchestrator({
    environment: catalog.defaultEnvironment,
    owner: "example",
    catalog: async () => catalog,
    store: board.store,
    demand,
    reports,
    providers: { local: provider },
    github: github.client,
    webhookSecrets: ["secret"],
    clock,
    entropy,
  });
  github.webhooks.target(orchestrator.handleWebhook, "secret");
  await orchestrator.start();
  github.queueJob({ repository: "acme/app", labels, durationMs: 20_000 });
  await clock.advance(120_000);
  const { jobs } = await orchestrator.status();
  await Promise.all([orchestrator.stop(), clock.advance(60_000)]);
  return jobs; // how far each job came, where it waited and for how long, or why it was refused
}
