import { describe, expect, it } from "vitest";
import { createMemoryQueue, createMemoryStore } from "./embedded/index.ts";
import { createOrchestrator } from "./orchestrator.ts";
import type { DemandEvent } from "./ports/demand-event.ts";
import type { Catalog } from "./routing/index.ts";
import { createFakeGitHub } from "./testing/github/index.ts";
import { createAssignmentBoard, createSimulatedMachines } from "./testing/machines/index.ts";
import { createSeededEntropy } from "./testing/seeded-entropy.ts";
import { createVirtualClock } from "./testing/virtual-clock.ts";
import type { AgentEvent } from "./wire/agent-event.ts";

const minutes = 60_000;

export const catalog: Catalog = {
  version: "1",
  defaultEnvironment: "ci",
  environments: [{ name: "ci", regions: ["local"] }],
  pools: [],
  images: [],
  policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
};

function world(seed: number, options: { catalog?: Catalog; loss?: number } = {}) {
  const clock = createVirtualClock(Date.parse("2026-11-24T09:00:00Z"));
  const entropy = createSeededEntropy(seed);
  const github = createFakeGitHub({ clock, entropy });
  const board = createAssignmentBoard(createMemoryStore({ clock }));
  const demand = createMemoryQueue<DemandEvent>({ clock });
  const reports = createMemoryQueue<AgentEvent>({ clock });
  const machines = createSimulatedMachines({
    region: "local",
    clock,
    entropy,
    board,
    reports,
    fetch: github.fetch,
  });
  const orchestrator = createOrchestrator({
    environment: "ci",
    owner: "test",
    catalog: async () => options.catalog ?? catalog,
    store: board.store,
    demand,
    reports,
    providers: { local: machines.provider },
    github: github.client,
    webhookSecrets: ["secret"],
    clock,
    entropy,
  });
  github.webhooks.target(orchestrator.handleWebhook, "secret");
  github.webhooks.faults({ loss: options.loss ?? 0 });
  return { clock, entropy, github, board, machines, orchestrator };
}

describe("an orchestrator on memory adapters", () => {
  it("serves a job on a machine that it buys, and leaves nothing behind", async () => {
    const { clock, github, orchestrator } = world(1);
    await orchestrator.start();
    await clock.advance(1_000);
    github.queueJob({ repository: "acme/app", labels: ["runs-fleet/cpu=2"], durationMs: 20_000 });
    await clock.advance(3 * minutes);
    expect(
      github.jobs().map(({ state, starts, conclusion }) => ({ state, starts, conclusion })),
    ).toEqual([{ state: "completed", starts: 1, conclusion: "success" }]);
    const status = await orchestrator.status();
    expect(status.jobs.map(({ state }) => state)).toEqual(["completed"]);
    expect(status.machines).toEqual([]);
    await Promise.all([orchestrator.stop(), clock.advance(60_000)]);
  });

  it("serves a burst and tells a refused developer why", async () => {
    const { clock, github, orchestrator } = world(2);
    await orchestrator.start();
    await clock.advance(1_000);
    for (let index = 0; index < 60; index++) {
      github.queueJob({
        repository: `acme/app${index % 5}`,
        labels: ["runs-fleet/cpu=2"],
        durationMs: 20_000,
      });
    }
    github.queueJob({ repository: "acme/app", labels: ["runs-fleet/cpus=2"], durationMs: 1_000 });
    github.queueJob({ repository: "other/app", labels: ["runs-fleet"], durationMs: 1_000 });
    await clock.advance(5 * minutes);
    const done = github.jobs().filter(({ state, starts }) => state === "completed" && starts === 1);
    expect(done.length).toBe(60);
    expect(
      github
        .checks()
        .map(({ title }) => title)
        .sort(),
    ).toEqual(["No runner: labels-invalid", "No runner: no-policy"]);
    await clock.advance(5 * minutes);
    expect((await orchestrator.status()).machines).toEqual([]);
    await Promise.all([orchestrator.stop(), clock.advance(60_000)]);
  });
});
