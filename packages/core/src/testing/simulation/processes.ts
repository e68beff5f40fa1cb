import type { Telemetry } from "@runs-fleet/telemetry";
import type { Decision } from "../../fleet/status.ts";
import { createGitHubClient } from "../../github/index.ts";
import { assembleOrchestrator, type OrchestratorInsides } from "../../orchestrator.ts";
import type { Orchestrator } from "../../orchestrator-port.ts";
import type { Clock, Entropy } from "../../ports/clock.ts";
import type { DemandEvent } from "../../ports/demand-event.ts";
import { FleetError } from "../../ports/failure.ts";
import type { GitHubClient } from "../../ports/github-client.ts";
import type { MachineProvider } from "../../ports/machine-provider.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import type { Leases, StateStore } from "../../ports/state-store.ts";
import type { Catalog } from "../../routing/index.ts";
import type { AgentEvent } from "../../wire/agent-event.ts";
import type { FakeGitHub } from "../github/index.ts";
import { badCatalog } from "./bad-catalogs.ts";
import { createStream } from "./dice.ts";
import { withLatency } from "./latency.ts";
import { createLife, type Life } from "./life.ts";
import { createReleases, type Releases } from "./releases.ts";
import type { Trace } from "./trace.ts";
import type { Trouble } from "./trouble.ts";
import { troubledFetch } from "./troubled-fetch.ts";
import { troubledPort } from "./troubled-ports.ts";

/** The ports as a process of this name reaches them. */
export interface ProcessPorts {
  readonly store: StateStore;
  readonly demand: MessageQueue<DemandEvent>;
  readonly reports: MessageQueue<AgentEvent>;
  readonly provider: MachineProvider;
}

/** All that a controller reaches the world through. */
export interface ControllerPorts extends ProcessPorts {
  readonly github: GitHubClient;
  readonly clock: Clock;
}

/** How wrong the clock of a place is. */
export interface Skew {
  readonly offsetMs: number;
  /** What comes on top of it with time. */
  readonly driftMs: number;
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** A place in which one process after another runs. */
export interface Slot {
  readonly name: string;
  life: Life | undefined;
  orchestrator: Orchestrator | undefined;
  generation: number;
  calls: number;
  /** Number of the release that its next process is of. */
  release: number;
  skew: Skew | undefined;
  /** How its process dies around its next alarm. */
  alarm: "before" | "after" | undefined;
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
  /** How calls get to the provider. */
  door(provider: MachineProvider): MachineProvider;
  ports(who: string): ProcessPorts;
  /** Where they report spans. */
  readonly telemetry?: Telemetry;
  /** What is wrong inside the processes. */
  readonly insides?: OrchestratorInsides;
  /** Told every decision of every process. */
  readonly onDecision?: (decision: Decision) => void;
  /** What stands between a process and its ports: a bug of its own. */
  readonly through?: ((ports: ControllerPorts) => ControllerPorts) | undefined;
}

/** The processes of a simulation. */
export interface Processes {
  readonly slots: readonly Slot[];
  /** What there is to deploy. */
  readonly releases: Releases;
  /** The place whose process was the last to take the lease. */
  controller(): Slot | undefined;
  /** Called once, at the next taking of the lease, until the answer is called. */
  onTakeover(listener: () => void): () => void;
  boot(slot: Slot): void;
  /** Drains it and starts its successor. */
  restart(slot: Slot): void;
  /** Starts its successor after so long. */
  bootLater(slot: Slot, afterMs: number): void;
  /** Processes that run, neither dead nor frozen. */
  awake(): readonly { readonly name: string; readonly orchestrator: Orchestrator }[];
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

/** The time of a place whose clock may be off. How time passes it knows all the same. */
function skewed(inner: Clock, slot: Slot): Clock {
  return {
    ...inner,
    now: () => {
      const { skew } = slot;
      const nowMs = inner.now();
      if (skew === undefined) return nowMs;
      const part = (nowMs - skew.sinceMs) / (skew.untilMs - skew.sinceMs);
      return nowMs + Math.round(skew.offsetMs + skew.driftMs * Math.min(1, part));
    },
  };
}

/** Lets the process die around its next alarm when that is in store for it. */
function fatal(inner: Clock, slot: Slot, life: Life): Clock {
  return {
    ...inner,
    sleep: (delayMs, signal) => {
      const when = slot.alarm;
      if (when === undefined || delayMs <= 0) return inner.sleep(delayMs, signal);
      slot.alarm = undefined;
      return inner.sleep(delayMs, signal).then(() => {
        if (when === "before") life.kill();
        // What the alarm wakes gets to its next wait.
        else void Promise.resolve().then(life.kill);
        return when === "before" ? new Promise<void>(() => undefined) : undefined;
      });
    },
  };
}

/** Leases whose takings are told. */
function announced(inner: Leases, taken: () => void): Leases {
  return {
    ...inner,
    acquire: (...words) => {
      const asked = inner.acquire(...words);
      // On the side: whoever asked may never hear the answer.
      asked.then((lease) => lease && taken()).catch(() => undefined);
      return asked;
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
    release: 0,
    skew: undefined,
    alarm: undefined,
  }));
  const releases = createReleases(catalog);
  const watchers = new Set<() => void>();
  let controller: Slot | undefined;
  let turn = 0;

  const clientOf = (clockOf: Clock, entropy: Entropy, note: (what: string) => void): GitHubClient =>
    createGitHubClient({
      appId: github.app.id,
      privateKey: github.app.privateKey,
      baseUrl: "https://github.fake",
      fetch: troubledFetch(options.fetch, { trouble, note }),
      clock: clockOf,
      entropy,
    });

  const takenBy = (slot: Slot): void => {
    controller = slot;
    const waiting = [...watchers];
    watchers.clear();
    for (const told of waiting) told();
  };

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
    const own = createStream(seed, who);
    const bad = { trouble, clock, note };
    const release = releases.at(slot.release);
    slot.alarm = undefined;
    const time = watched(skewed(fatal(life.ownClock(clock), slot, life), slot));
    const ports = options.ports(who);
    const way = { clock, entropy: createStream(seed, `latency of ${who}`) };
    const slow = <T extends object>(name: keyof typeof latenciesMs, port: T): T =>
      withLatency(troubledPort(name, port, bad), latenciesMs[name], way);
    const reach = <T extends object>(name: keyof typeof latenciesMs, port: T): T =>
      life.own(name, slow(name, port));
    const reached: ControllerPorts = {
      store: reach("store", {
        ...ports.store,
        leases: announced(ports.store.leases, () => takenBy(slot)),
      }),
      demand: reach("demand", ports.demand),
      reports: reach("reports", ports.reports),
      provider: life.own("provider", options.door(slow("provider", ports.provider))),
      // Its requests travel by themselves.
      github: life.own("github", troubledPort("github", clientOf(time, own, note), bad)),
      clock: time,
    };
    const { provider, ...used } = options.through?.(reached) ?? reached;
    const orchestrator = assembleOrchestrator(
      {
        ...used,
        ...(options.onDecision ? { onDecision: options.onDecision } : {}),
        environment,
        owner: who,
        catalog: async () => {
          if (trouble.active("catalog-unreadable").length > 0)
            throw new FleetError({ kind: "unavailable", message: "The catalog cannot be read" });
          const [bad] = trouble.active("catalog-bad");
          return bad ? badCatalog(release.catalog, bad.flaw) : release.catalog;
        },
        timings: release.timings,
        providers: { [region]: provider },
        webhookSecrets: [options.secret],
        entropy: own,
        ...(options.telemetry === undefined ? {} : { telemetry: options.telemetry }),
      },
      options.insides,
    );
    slot.life = life;
    slot.orchestrator = orchestrator;
    note(slot.release === 0 ? "starts" : `starts, release ${slot.release}`);
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
    releases,
    controller: () => controller,
    onTakeover: (listener) => {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
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
      slots.flatMap(({ name, life, orchestrator }) =>
        life === undefined || orchestrator === undefined || life.isDead() || life.isPaused()
          ? []
          : [{ name, orchestrator }],
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
