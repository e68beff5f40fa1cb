import { createMemoryQueue, createMemoryStore } from "../../src/embedded/index.ts";
import { createOrchestrator, type OrchestratorOptions } from "../../src/orchestrator.ts";
import type { Orchestrator } from "../../src/orchestrator-port.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { DemandEvent } from "../../src/ports/demand-event.ts";
import type { LaunchAttempt, MachineProvider } from "../../src/ports/machine-provider.ts";
import type { MessageQueue } from "../../src/ports/message-queue.ts";
import type { StateStore } from "../../src/ports/state-store.ts";
import type { Catalog } from "../../src/routing/index.ts";
import { createFakeGitHub, type FakeGitHub } from "../../src/testing/github/index.ts";
import {
  createAssignmentBoard,
  createSimulatedMachines,
  type SimulatedMachines,
  type SimulatedMachinesOptions,
} from "../../src/testing/machines/index.ts";
import { createSeededEntropy } from "../../src/testing/seeded-entropy.ts";
import { type Crash, createLife, type Life } from "../../src/testing/simulation/life.ts";
import { createVirtualClock, type VirtualClock } from "../../src/testing/virtual-clock.ts";
import type { AgentEvent } from "../../src/wire/agent-event.ts";

export const seconds = 1_000;
export const minutes = 60_000;

/** When worlds begin: a Tuesday morning. */
const worldStartMs = Date.parse("2026-11-24T09:00:00Z");

/** Everybody of `acme` may have machines in the one region. */
export const openCatalog: Catalog = {
  version: "1",
  defaultEnvironment: "ci",
  environments: [{ name: "ci", regions: ["local"] }],
  pools: [],
  images: [],
  policies: [{ name: "everyone", repositories: ["acme/*"], allow: {} }],
};

export interface WorldOptions
  extends Partial<Pick<SimulatedMachinesOptions, "capacity" | "bootMs" | "refuse" | "mute">> {
  readonly seed?: number;
  /** When the world begins. @defaultValue a Tuesday morning */
  readonly startMs?: number;
  /** Whether the agent of this machine boots but never looks at its assignment. */
  readonly deaf?: (machineId: string) => boolean;
  readonly catalog?: () => Catalog;
  /** What stands in front of the memory adapters, the same for every process. */
  readonly store?: (store: StateStore, clock: Clock) => StateStore;
  readonly provider?: (provider: MachineProvider, clock: Clock) => MachineProvider;
  /** The same between agents and the queue of their reports. */
  readonly reports?: (queue: MessageQueue<AgentEvent>) => MessageQueue<AgentEvent>;
}

/** One orchestrator and the life of its process. */
export interface Process {
  readonly orchestrator: Orchestrator;
  readonly life: Life;
}

/** A fake GitHub, simulated machines and memory adapters on one virtual clock; orchestrators come and go. */
export interface World {
  readonly clock: VirtualClock;
  readonly github: FakeGitHub;
  readonly machines: SimulatedMachines;
  readonly store: StateStore;
  readonly provider: MachineProvider;
  readonly demand: MessageQueue<DemandEvent>;
  readonly reports: MessageQueue<AgentEvent>;
  /** Every launch that reached the provider, repeated ones too. */
  readonly launches: readonly LaunchAttempt[];
  /** Starts a process; webhooks go to it from now on. */
  boot(
    options?: Partial<OrchestratorOptions> & {
      readonly crash?: Crash;
      readonly webhooks?: boolean;
    },
  ): Promise<Process>;
  /** Stops a process and lets it have the time that it needs. */
  stop(process: Process): Promise<void>;
  /** Machines that are not terminated. */
  alive(): Promise<number>;
  /** Open records of one table. */
  open(table: string): Promise<number>;
  /** Advances a minute at a time until GitHub has seen every job end, at most so long. */
  untilDone(mostMinutes: number): Promise<void>;
}

/** Most readings of the clock at one instant: more is a loop that waits for nothing. */
const mostReadings = 200_000;

/** Builds a world in which no process runs yet. */
export function createFleetWorld(options: WorldOptions = {}): World {
  const { seed = 1, catalog = () => openCatalog } = options;
  const clock = createVirtualClock(options.startMs ?? worldStartMs);
  const entropy = createSeededEntropy(seed);
  const github = createFakeGitHub({ clock, entropy });
  const board = createAssignmentBoard(createMemoryStore({ clock }));
  const store = options.store?.(board.store, clock) ?? board.store;
  const demand = createMemoryQueue<DemandEvent>({ clock });
  const reports = createMemoryQueue<AgentEvent>({ clock });
  const { capacity, bootMs, refuse, mute, deaf = () => false } = options;
  const machines = createSimulatedMachines({
    region: "local",
    clock,
    entropy,
    board: { ...board, read: (id) => (deaf(id) ? undefined : board.read(id)) },
    reports: options.reports?.(reports) ?? reports,
    fetch: github.fetch,
    ...(capacity === undefined ? {} : { capacity }),
    ...(bootMs === undefined ? {} : { bootMs }),
    ...(refuse === undefined ? {} : { refuse }),
    ...(mute === undefined ? {} : { mute }),
  });
  const launches: LaunchAttempt[] = [];
  const recorded: MachineProvider = {
    ...machines.provider,
    launch: (attempt, call) => {
      launches.push(attempt);
      return machines.provider.launch(attempt, call);
    },
  };
  const provider = options.provider?.(recorded, clock) ?? recorded;
  let processes = 0;

  /** Makes a loop that spins without waiting fail instead of hanging the test run. */
  const watched = (inner: Clock): Clock => {
    let atMs = Number.NaN;
    let readings = 0;
    return {
      ...inner,
      now: () => {
        const nowMs = inner.now();
        readings = nowMs === atMs ? readings + 1 : 0;
        atMs = nowMs;
        if (readings > mostReadings)
          throw new Error(`Busy loop at ${new Date(nowMs).toISOString()}`);
        return nowMs;
      },
    };
  };

  return {
    clock,
    github,
    machines,
    store,
    provider,
    demand,
    reports,
    launches,
    boot: async ({ crash, webhooks = true, ...overrides } = {}) => {
      const life = createLife(crash);
      processes += 1;
      const orchestrator = createOrchestrator({
        environment: "ci",
        owner: `process-${processes}`,
        catalog: async () => catalog(),
        store: life.own("store", store),
        demand: life.own("demand", demand),
        reports: life.own("reports", reports),
        providers: { local: life.own("provider", provider) },
        github: life.own("github", github.client),
        webhookSecrets: ["secret"],
        clock: watched(life.ownClock(clock)),
        entropy,
        ...overrides,
      });
      await orchestrator.start();
      if (webhooks) {
        github.webhooks.target(async (request) => {
          if (life.isDead()) throw new TypeError("connection refused");
          return orchestrator.handleWebhook(request);
        }, "secret");
      }
      return { orchestrator, life };
    },
    stop: async ({ orchestrator }) => {
      await Promise.all([orchestrator.stop(), clock.advance(60 * seconds)]);
    },
    alive: async () => {
      const listed = await machines.provider.list({ environment: "ci", region: "local" });
      return listed.filter(({ state }) => state !== "terminated").length;
    },
    open: async (table) => {
      let count = 0;
      for await (const record of board.store.load("ci/local")) {
        if (record.table === table) count += 1;
      }
      return count;
    },
    untilDone: async (mostMinutes) => {
      for (let minute = 0; minute < mostMinutes; minute++) {
        await clock.advance(minutes);
        if (github.jobs().every(({ state }) => state === "completed")) return;
      }
    },
  };
}
