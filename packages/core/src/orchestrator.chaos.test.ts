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

const catalog: Catalog = {
  version: "1",
  defaultEnvironment: "ci",
  environments: [{ name: "ci", regions: ["local"], machines: 60 }],
  pools: [],
  images: [],
  policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
};

/** Lets every call hang for ever once the process that makes it is dead: what a SIGKILL looks like from outside. */
function mortal<T extends object>(port: T, isDead: () => boolean): T {
  return new Proxy(port, {
    get: (target, name) => {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value === "function") {
        return (...words: unknown[]) =>
          isDead() ? new Promise(() => undefined) : Reflect.apply(value, target, words);
      }
      return typeof value === "object" && value !== null ? mortal(value, isDead) : value;
    },
  });
}

async function campaign(seed: number, jobs: number, kills: number) {
  const clock = createVirtualClock(Date.parse("2026-11-24T09:00:00Z"));
  const entropy = createSeededEntropy(seed);
  const github = createFakeGitHub({ clock, entropy });
  const board = createAssignmentBoard(createMemoryStore({ clock }));
  const demand = createMemoryQueue<DemandEvent>({ clock });
  const reports = createMemoryQueue<AgentEvent>({ clock });
  const bought = new Map<string, number>();
  const machines = createSimulatedMachines({
    region: "local",
    clock,
    entropy,
    board,
    reports,
    fetch: github.fetch,
    capacity: 50,
    mute: (id) => Number.parseInt(id.replace(/\D/g, ""), 10) % 29 === 0,
  });
  let dead = { value: false };
  let generation = 0;
  const start = async () => {
    const life = { value: false };
    dead = life;
    const isDead = () => life.value;
    generation += 1;
    const orchestrator = createOrchestrator({
      environment: "ci",
      owner: `process-${generation}`,
      catalog: async () => catalog,
      store: mortal(board.store, isDead),
      demand: mortal(demand, isDead),
      reports: mortal(reports, isDead),
      providers: { local: mortal(machines.provider, isDead) },
      github: mortal(github.client, isDead),
      webhookSecrets: ["secret"],
      clock: mortal(clock, isDead),
      entropy,
    });
    await orchestrator.start();
    github.webhooks.target(async (request) => {
      if (life.value) throw new TypeError("connection refused");
      return orchestrator.handleWebhook(request);
    }, "secret");
    return orchestrator;
  };
  let orchestrator = await start();
  github.webhooks.faults({ loss: 0.2, vanish: 0.13, duplicate: 0.1, reorder: 0.1 });
  // The first webhook of each repository must come through once: GitHub lists jobs by repository.
  for (let index = 0; index < jobs; index++) {
    github.queueJob({
      repository: `acme/app${index % 7}`,
      labels: [index % 3 === 0 ? "runs-fleet/cpu=4" : "runs-fleet/cpu=2"],
      durationMs: 5_000 + (index % 11) * 4_000,
    });
    if (index % 20 === 0) await clock.advance(1_000);
  }
  for (let kill = 0; kill < kills; kill++) {
    await clock.advance(Math.floor(5_000 + entropy.random() * 60_000));
    dead.value = true;
    await clock.advance(Math.floor(entropy.random() * 5_000));
    orchestrator = await start();
  }
  for (let minute = 0; minute < 180; minute++) {
    await clock.advance(minutes);
    if (github.jobs().every(({ state }) => state === "completed")) break;
  }
  const tookMs = clock.now();
  await clock.advance(15 * minutes);
  const status = await orchestrator.status();
  const listed = await machines.provider.list({ environment: "ci", region: "local" });
  return { github, status, listed, bought, tookMs };
}

describe("an orchestrator that is killed again and again while a third of the webhooks is lost", {
  timeout: 60_000,
}, () => {
  it.each([11, 12, 13])(
    "runs every job exactly once and leaves no machine (seed %i)",
    async (seed) => {
      const { github, status, listed } = await campaign(seed, 120, 6);
      const unfinished = github.jobs().filter(({ state }) => state !== "completed");
      expect(unfinished).toEqual([]);
      expect(github.jobs().filter(({ starts }) => starts !== 1)).toEqual([]);
      expect(status.machines).toEqual([]);
      expect(listed.filter(({ state }) => state !== "terminated")).toEqual([]);
      expect(status.jobs.filter(({ state }) => state !== "completed")).toEqual([]);
    },
  );
});
