import { createGitHubClient } from "../../github/index.ts";
import { createOrchestrator } from "../../orchestrator.ts";
import type { Orchestrator } from "../../orchestrator-port.ts";
import type { Clock, Entropy } from "../../ports/clock.ts";
import type { DemandEvent } from "../../ports/demand-event.ts";
import { FleetError } from "../../ports/failure.ts";
import type { GitHubClient } from "../../ports/github-client.ts";
import type { MachineProvider } from "../../ports/machine-provider.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import type { StateStore } from "../../ports/state-store.ts";
import type { Catalog } from "../../routing/index.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import type { FakeGitHub } from "../github/index.ts";
import { createStream } from "./dice.ts";
import { withLatency } from "./latency.ts";
import { createLife, type Life } from "./life.ts";
import type { Trace } from "./trace.ts";
import type { Trouble } from "./trouble.ts";
import { callsFail, limitedFetch } from "./troubled-ports.ts";

/** The ports as a process of this name reaches them. */
export interface ProcessPorts {
  readonly store: StateStore;
  readonly demand: MessageQueue<DemandEvent>;
  readonly reports: MessageQueue<AgentEvent>;
  readonly provider: MachineProvider;
}

/** A place in which one process after another runs. */
export interface Slot {
  readonly name: string;
  life: Life | undefined;
  orchestrator: Orchestrator | undefined;
  generation: number;
  calls: number;
}

/** What processes need. */
export interface ProcessOptions {
  readonly seed: number;
  readonly count: number;
  readonly environment: string;
  readonly region: string;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly github: FakeGitHub;
  readonly trouble: Trouble;
  readonly trace: Trace;
  readonly secret: string;
  /** Reaches GitHub. */
  readonly fetch: typeof fetch;
  ports(who: string): ProcessPorts;
}

/** The processes of a simulation. */
export interface Processes {
  readonly slots: readonly Slot[];
  boot(slot: Slot): void;
  /** Drains it and starts its successor. */
  restart(slot: Slot): void;
  /** Starts its successor after so long. */
  bootLater(slot: Slot, afterMs: number): void;
  /** Processes that run, neither dead nor frozen. */
  awake(): readonly Orchestrator[];
  handleWebhook(request: Request): Promise<Response>;
}

/** How long calls take, shortest and longest. */
const latenciesMs = {
  store: [1, 25],
  demand: [2, 40],
  reports: [2, 40],
  provider: [60, 2_500],
} as const;

/** Most readings of the clock at one instant: more is a loop that waits for nothing. */
const mostReadings = 500_000;

function watched(inner: Clock): Clock {
  let atMs = Number.NaN;
  let readings = 0;
  return {
    ...inner,
    now: () => {
      const nowMs = inner.now();
      readings = nowMs === atMs ? readings + 1 : 0;
      atMs = nowMs;
      if (readings > mostReadings) throw new Error(`A busy loop at ${nowMs}`);
      return nowMs;
    },
  };
}

/** Processes that do not run yet. */
export function createProcesses(options: ProcessOptions): Processes {
  const { seed, clock, github, trouble, trace, catalog, environment, region } = options;
  const slots: Slot[] = Array.from({ length: options.count }, (_, index) => ({
    name: `p${index + 1}`,
    life: undefined,
    orchestrator: undefined,
    generation: 0,
    calls: 0,
  }));
  let turn = 0;

  const clientOf = (entropy: Entropy, note: (what: string) => void): GitHubClient =>
    createGitHubClient({
      appId: github.app.id,
      privateKey: github.app.privateKey,
      baseUrl: "https://github.fake",
      fetch: limitedFetch(options.fetch, { trouble, entropy, note }),
      clock,
      entropy,
    });

  const bootLater = (slot: Slot, afterMs: number): void => {
    const { generation } = slot;
    void clock.sleep(afterMs).then(() => {
      if (slot.generation === generation) boot(slot);
    });
  };

  const boot = (slot: Slot): void => {
    slot.generation += 1;
    const who = `${slot.name}.${slot.generation}`;
    const life = createLife();
    const note = (what: string): void => trace.add(who, what);
    const chance = createStream(seed, `trouble of ${who}`);
    const own = createStream(seed, who);
    const bad = { trouble, clock, entropy: chance, note };
    const ports = options.ports(who);
    const way = { clock, entropy: createStream(seed, `latency of ${who}`) };
    const reach = <T extends object>(name: keyof typeof latenciesMs, port: T): T =>
      life.own(name, withLatency(callsFail(name, port, bad), latenciesMs[name], way));
    const orchestrator = createOrchestrator({
      environment,
      owner: who,
      catalog: async () => {
        if (trouble.active("catalog-unreadable").length > 0)
          throw new FleetError({ kind: "unavailable", message: "The catalog cannot be read" });
        return catalog;
      },
      store: reach("store", ports.store),
      demand: reach("demand", ports.demand),
      reports: reach("reports", ports.reports),
      providers: { [region]: reach("provider", ports.provider) },
      // Its requests travel by themselves.
      github: life.own("github", callsFail("github", clientOf(own, note), bad)),
      webhookSecrets: [options.secret],
      clock: watched(life.ownClock(clock)),
      entropy: own,
    });
    slot.life = life;
    slot.orchestrator = orchestrator;
    note("starts");
    life.onDeath(() => {
      slot.calls += life.calls.length;
      note("dies");
    });
    orchestrator.start().catch((error: unknown) => {
      note(`cannot start: ${error instanceof Error ? error.message : String(error)}`);
      life.kill();
      bootLater(slot, 10_000);
    });
  };

  return {
    slots,
    boot,
    bootLater,
    restart: (slot) => {
      const { orchestrator, life, generation } = slot;
      if (orchestrator === undefined || life === undefined || life.isDead()) return;
      trace.add(slot.name, "drains");
      void orchestrator.stop().then(() => {
        if (slot.generation !== generation || life.isDead()) return;
        life.kill();
        bootLater(slot, 2_000);
      });
    },
    awake: () =>
      slots.flatMap(({ life, orchestrator }) =>
        life === undefined || orchestrator === undefined || life.isDead() || life.isPaused()
          ? []
          : [orchestrator],
      ),
    handleWebhook: async (request) => {
      const alive = slots.filter(({ life }) => life !== undefined && !life.isDead());
      turn += 1;
      const { orchestrator } = alive[turn % alive.length] ?? {};
      if (orchestrator === undefined) throw new TypeError("connection refused");
      return orchestrator.handleWebhook(request);
    },
  };
}
