import type { Telemetry } from "@runs-fleet/telemetry";
import type { Decision } from "../../fleet/status.ts";
import { assembleOrchestrator, type OrchestratorInsides } from "../../orchestrator.ts";
import type { Orchestrator } from "../../orchestrator-port.ts";
import { FleetError } from "../../ports/failure.ts";
import type { Catalog } from "../../routing/index.ts";
import { badCatalog } from "./bad-catalogs.ts";
import { createStream } from "./dice.ts";
import { createLife } from "./life.ts";
import { processClock } from "./process-clock.ts";
import { type ControllerPorts, processPorts, type Reach } from "./process-ports.ts";
import { createReleases, type Releases } from "./releases.ts";
import { createSlot, type Slot } from "./slot.ts";
import type { Trace } from "./trace.ts";

/** What processes need. */
export interface ProcessOptions extends Reach {
  /** How many there are. */
  readonly count: number;
  /** The one that they serve. */
  readonly environment: string;
  /** The one in which they have a provider. */
  readonly region: string;
  /** Configuration of the first release. */
  readonly catalog: Catalog;
  /** Later releases observe no repository any more. */
  readonly widens?: boolean;
  /** Where they leave their traces. */
  readonly trace: Trace;
  /** Signs webhooks. */
  readonly secret: string;
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
  /** Where they run. */
  readonly slots: readonly Slot[];
  /** What there is to deploy. */
  readonly releases: Releases;
  /** The place whose process was the last to take the lease. */
  controller(): Slot | undefined;
  /** Called once, at the next taking of the lease, until the answer is called. */
  onTakeover(listener: () => void): () => void;
  /** Starts a process; the one before must be dead. */
  boot(slot: Slot): void;
  /** Drains it and starts its successor. */
  restart(slot: Slot): void;
  /** Starts its successor after so long. */
  bootLater(slot: Slot, afterMs: number): void;
  /** Processes that run, neither dead nor frozen. */
  awake(): readonly { readonly name: string; readonly orchestrator: Orchestrator }[];
  /** Hands it to one that is alive, in turn; nobody answers when none is. */
  handleWebhook(request: Request): Promise<Response>;
}

/** Processes that do not run yet. */
export function createProcesses(options: ProcessOptions): Processes {
  const { seed, clock, trouble, trace, catalog, environment, region } = options;
  const slots = Array.from({ length: options.count }, (_, index) => createSlot(`p${index + 1}`));
  const releases = createReleases(catalog, options.widens);
  const watchers = new Set<() => void>();
  let controller: Slot | undefined;
  let turn = 0;

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
    const release = releases.at(slot.release);
    slot.alarm = undefined;
    const time = processClock(clock, slot, life);
    const tookLease = (): void => takenBy(slot);
    const reached = processPorts(options, { who, life, time, entropy: own, note, tookLease });
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
