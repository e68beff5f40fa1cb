import {
  createOrchestrator,
  type DemandEvent,
  type Entropy,
  type FleetStatus,
  type MachineProvider,
  type Orchestrator,
} from "@runs-fleet/core";
import { createMemoryQueue, createMemoryStore } from "@runs-fleet/core/embedded";
import {
  createAssignmentBoard,
  createFakeGitHub,
  createSeededEntropy,
  createSimulatedMachines,
  createVirtualClock,
  type FakeGitHub,
  type VirtualClock,
} from "@runs-fleet/core/testing";
import type { AgentEvent } from "@runs-fleet/core/wire";
import { demandPatterns } from "./demand-patterns.ts";
import { demoCatalog, environment, region } from "./demo-pools.ts";
import { createFigures, type FiguresTaker } from "./figures.ts";
import { machineBehaviour } from "./machine-behaviour.ts";
import { type PlannedJob, planDemand } from "./plan-demand.ts";
import { windowOpens } from "./window-opens.ts";

/** A fleet, its machines, GitHub and the people who use it, all in this process and in one simulated time. */
export interface World extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly github: FakeGitHub;
  readonly orchestrator: Orchestrator;
  readonly figures: FiguresTaker;
  /** How things stood at the last full minute. */
  latest(): FleetStatus | undefined;
  /** Takes up its work, and lets jobs come until `untilMs`. Time has to move for anything to happen. */
  start(untilMs: number): Promise<void>;
  /** Queues that many jobs of each pattern at once. */
  burst(count: number): void;
  /** Ids of machines that run, or are stopped, as the provider knows them. */
  machines(): Promise<ReadonlySet<string>>;
}

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** A window that opens sooner after the beginning had no time to be prepared, milliseconds. */
const warmUpMs = 15 * minuteMs;
/** From a job's being queued to the webhook that tells of it, milliseconds. */
const webhookMs = 900;

/** Counts what a provider sells and refuses. A purchase that is asked for again is the same purchase. */
function counted(provider: MachineProvider, figures: FiguresTaker): MachineProvider {
  const bought = new Set<string>();
  return {
    ...provider,
    launch: async (attempt, options) => {
      const result = await provider.launch(attempt, options);
      if (!bought.has(attempt.token)) {
        bought.add(attempt.token);
        figures.count("launched", result.machines.length);
        figures.count("launchesRefused", attempt.count - result.machines.length);
      }
      return result;
    },
    start: async (ids, options) => {
      const outcomes = await provider.start(ids, options);
      const refused = outcomes.filter(({ ok }) => !ok).length;
      figures.count("started", outcomes.length - refused);
      figures.count("startsRefused", refused);
      return outcomes;
    },
  };
}

/** Runners take a while from their start until GitHub has registered them. */
function slowRunners(inner: typeof fetch, clock: VirtualClock, entropy: Entropy): typeof fetch {
  return async (input, init) => {
    const opens = init?.method === "POST" && String(input).endsWith("/sessions");
    if (opens) await clock.sleep(2_000 + 2_500 * entropy.random(), init.signal ?? undefined);
    return inner(input, init);
  };
}

/** Builds a world that begins at `fromMs`. The same seed makes the same jobs, boots and failures. */
export function createWorld(options: {
  readonly fromMs: number;
  readonly seed: number;
  /** Told of what goes wrong in the simulation itself, which then makes no sense any more. */
  readonly onError: (error: unknown) => void;
}): World {
  const { fromMs, seed } = options;
  const clock = createVirtualClock(fromMs);
  const entropy = createSeededEntropy(seed);
  const github = createFakeGitHub({ clock, entropy });
  const board = createAssignmentBoard(createMemoryStore({ clock }));
  const demand = createMemoryQueue<DemandEvent>({ clock });
  const reports = createMemoryQueue<AgentEvent>({ clock });
  const figures = createFigures();
  const behaviourEntropy = createSeededEntropy(seed + 1);
  const { provider } = createSimulatedMachines({
    region,
    clock,
    entropy,
    board,
    reports,
    fetch: slowRunners(github.fetch, clock, behaviourEntropy),
    ...machineBehaviour(behaviourEntropy),
  });
  const orchestrator = createOrchestrator({
    environment,
    owner: "simulation",
    catalog: async () => demoCatalog,
    store: board.store,
    demand,
    reports,
    providers: { [region]: counted(provider, figures) },
    github: github.client,
    webhookSecrets: ["simulation"],
    clock,
    entropy,
  });
  github.webhooks.faults({ delayMs: webhookMs });
  github.webhooks.target(orchestrator.handleWebhook, "simulation");
  github.onEvent((event) => {
    if (event.kind === "job-started") figures.started(event.jobId, event.atMs);
  });
  const over = new AbortController();
  let latest: FleetStatus | undefined;

  const queue = (job: Omit<PlannedJob, "atMs">): void => {
    const { pool, ...request } = job;
    figures.queued(github.queueJob(request), pool, clock.now());
  };

  const letJobsCome = async (untilMs: number): Promise<void> => {
    for (let atMs = fromMs; atMs < untilMs; ) {
      const endMs = Math.min(untilMs, (Math.floor(atMs / hourMs) + 1) * hourMs);
      const span = { patterns: demandPatterns, fromMs: atMs, untilMs: endMs, seed };
      for (const { atMs: jobAtMs, ...job } of planDemand(span)) {
        await clock.sleep(jobAtMs - clock.now(), over.signal);
        queue(job);
      }
      await clock.sleep(endMs - clock.now(), over.signal);
      atMs = endMs;
    }
  };

  const look = async (untilMs: number): Promise<void> => {
    for (;;) {
      const nowMs = clock.now();
      const nextMs = (Math.floor(nowMs / minuteMs) + 1) * minuteMs;
      latest = await orchestrator.status();
      // After the end jobs only end, and machines cost nothing any more.
      const forMs = Math.max(0, Math.min(nextMs, untilMs) - nowMs);
      const counts = forMs > 0 && nowMs >= fromMs + warmUpMs;
      const opening = demoCatalog.pools.filter((pool) => counts && windowOpens(pool, nowMs));
      figures.look(
        latest,
        forMs,
        opening.map(({ name }) => name),
      );
      await clock.sleep(nextMs - nowMs, over.signal);
    }
  };

  return {
    clock,
    github,
    orchestrator,
    figures,
    latest: () => latest,
    start: async (untilMs) => {
      await orchestrator.start();
      for (const life of [letJobsCome(untilMs), look(untilMs)]) {
        life.catch((error) => {
          if (!over.signal.aborted) options.onError(error);
        });
      }
    },
    burst: (count) => {
      for (const { repositories, pool, labels, medianMs } of demandPatterns) {
        const [repository = ""] = repositories;
        const job = { repository, labels, durationMs: medianMs, result: "succeeded" } as const;
        for (let index = 0; index < count; index++) queue(pool ? { ...job, pool } : job);
      }
    },
    machines: async () => {
      const listed = await provider.list({ environment, region });
      const there = listed.filter(
        ({ state }) => state !== "terminated" && state !== "shutting-down",
      );
      return new Set(there.map(({ id }) => id));
    },
    [Symbol.asyncDispose]: async () => {
      over.abort(new Error("The simulation is over"));
      await Promise.all([orchestrator.stop(), clock.advance(minuteMs)]);
      await github[Symbol.asyncDispose]();
    },
  };
}
