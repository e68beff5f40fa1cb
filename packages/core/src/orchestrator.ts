import { noTelemetry, type Telemetry } from "@runs-fleet/telemetry";
import { defaultMintsPerMinute } from "./capacity/minute-budget.ts";
import { assertCallRate } from "./capacity/purchase-pace.ts";
import { createWebhookHandler } from "./demand/index.ts";
import { askNarrowing } from "./fleet/ask-narrowing.ts";
import { createCatalogInForce } from "./fleet/catalog-in-force.ts";
import type { FleetContext } from "./fleet/context.ts";
import { type Leadership, takeOver } from "./fleet/controller.ts";
import { createDecisionLog } from "./fleet/decision-log.ts";
import { currentDecisions } from "./fleet/explain-now.ts";
import { causeOf } from "./fleet/gates.ts";
import { pumpDemand, pumpNotices, pumpReports } from "./fleet/intake.ts";
import { createLane } from "./fleet/lane.ts";
import { createLeaseKeeper } from "./fleet/lease-keeper.ts";
import { readShard, recordedDecisions } from "./fleet/read-shard.ts";
import type { JobRecord } from "./fleet/records.ts";
import type { FleetRules } from "./fleet/rules.ts";
import type { Decision, FleetStatus } from "./fleet/status.ts";
import { fleetStatus } from "./fleet/status-view.ts";
import { resolveTimings, type Timings } from "./fleet/timings.ts";
import { watchOutside } from "./fleet/watch-outside.ts";
import type { Orchestrator } from "./orchestrator-port.ts";
import { compiledSchedule, poolTargets } from "./pools/pool-target.ts";
import type { Clock, Entropy } from "./ports/clock.ts";
import type { ConfigurationSource } from "./ports/configuration-source.ts";
import type { DeliveryLog } from "./ports/delivery-log.ts";
import type { DemandEvent, PushEvent } from "./ports/demand-event.ts";
import type { DemandSource } from "./ports/demand-source.ts";
import { eitherSignal } from "./ports/either-signal.ts";
import { FleetError } from "./ports/failure.ts";
import type { GitHubClient } from "./ports/github-client.ts";
import type { MachineNotice } from "./ports/machine-notice.ts";
import type { MachineProvider } from "./ports/machine-provider.ts";
import type { MessageQueue } from "./ports/message-queue.ts";
import type { StateStore } from "./ports/state-store.ts";
import { systemClock, systemEntropy } from "./ports/system-clock.ts";
import type { Catalog } from "./routing/catalog.ts";
import type { AgentEvent } from "./wire/agent-event.ts";

/** What an orchestrator is assembled from. */
export interface OrchestratorOptions {
  /** The environment it serves; jobs of others are left alone. */
  readonly environment: string;
  /** Names this process among those that share the store; unique per process, stable over its life. */
  readonly owner: string;
  /** Reads the configuration. Called at the start and with each reconciliation; one that is not sound changes nothing. */
  readonly catalog: () => Promise<Catalog>;
  /** What keeps the configuration up to date. Absent: nothing does; `catalog` is asked with each reconciliation. */
  readonly configuration?: ConfigurationSource;
  /** Where records and leases live; shared by all processes of the shard. */
  readonly store: StateStore;
  /** Queue between webhooks and the controller; shared like the store. */
  readonly demand: MessageQueue<DemandEvent>;
  /** Queue of what agents report. */
  readonly reports: MessageQueue<AgentEvent>;
  /**
   * Queue of what the provider says about machines without being asked, such as that it takes one away. Absent: agents and
   * listings tell, later.
   */
  readonly notices?: MessageQueue<MachineNotice>;
  /**
   * What becomes of idle machines that the provider may soon take away: another one is bought in their place, or nothing.
   * Machines with work are left alone either way. @defaultValue `"replace-idle"`
   */
  readonly rebalance?: "replace-idle" | "ignore";
  /** By region. One region for now: run one orchestrator for each. */
  readonly providers: Readonly<Record<string, MachineProvider>>;
  /** Client of the App that is installed on the repositories. */
  readonly github: GitHubClient;
  /** Secrets of the webhook; two while one is being replaced. */
  readonly webhookSecrets: readonly [string, ...string[]];
  /**
   * Which webhook deliveries were enqueued. The store's log is shared by all processes and costs two requests a delivery; one
   * in memory costs none and knows its own process alone. A replay that no log knows is enqueued again, which does no harm.
   *
   * @defaultValue the store's
   */
  readonly deliveries?: DeliveryLog;
  /** Where jobs come from besides webhooks. */
  readonly demandSources?: readonly DemandSource[];
  /** Spans of time that differ from the default, milliseconds. @defaultValue {@link defaultTimings} */
  readonly timings?: Partial<Timings>;
  /** Runner registrations a minute that GitHub grants. @defaultValue {@link defaultMintsPerMinute} */
  readonly mintsPerMinute?: number;
  /** Source of time. @defaultValue {@link systemClock} */
  readonly clock?: Clock;
  /** Source of ids and jitter. @defaultValue {@link systemEntropy} */
  readonly entropy?: Entropy;
  /** Receives spans and counts. @defaultValue {@link noTelemetry} */
  readonly telemetry?: Telemetry;
  /** Told every decision as it is made; must not throw. For a host's own log: `explain` answers only the latest. */
  readonly onDecision?: (decision: Decision) => void;
}

const decisionsShown = 50;
const defaultDrainMs = 30_000;

/**
 * An orchestrator of one environment in one region. Any number of processes may run one on the same store: one of them
 * is the controller, the others take webhooks and stand by.
 *
 * @throws A `TypeError` or `RangeError` for options that cannot work.
 */
export function createOrchestrator(options: OrchestratorOptions): Orchestrator {
  return assembleOrchestrator(options);
}

/** What the test kit reaches inside: no product passes it. */
export interface OrchestratorInsides {
  /** By which the controller decides. */
  readonly rules?: FleetRules;
}

/**
 * {@link createOrchestrator}, for the test kit, which has to know whether a controller that decides wrongly is caught.
 *
 * @throws A `TypeError` or `RangeError` for options that cannot work.
 */
export function assembleOrchestrator(
  options: OrchestratorOptions,
  { rules }: OrchestratorInsides = {},
): Orchestrator {
  const { environment, owner, store, demand, reports, github, demandSources = [] } = options;
  const { clock = systemClock, entropy = systemEntropy, telemetry = noTelemetry } = options;
  const { mintsPerMinute = defaultMintsPerMinute } = options;
  const [region, ...others] = Object.keys(options.providers);
  const provider = region === undefined ? undefined : options.providers[region];
  if (region === undefined || provider === undefined || others.length > 0) {
    throw new RangeError("providers must name exactly one region; run one orchestrator per region");
  }
  if (environment === "" || owner === "") {
    throw new TypeError("environment and owner must not be empty");
  }
  if (provider.pace?.launch) assertCallRate(provider.pace.launch, `The pace of ${provider.name}`);
  const timings = resolveTimings(options.timings);
  const shard = `${environment}/${region}`;
  const log = createDecisionLog(options.onDecision);
  const lane = createLane();
  const keeper = createLeaseKeeper({ leases: store.leases, shard, owner, timings, clock, lane });
  const stopping = new AbortController();
  const draining = new AbortController();
  const drainAsked = whenAborted(draining.signal);
  let leadership: Leadership | undefined;
  let running: Promise<void> | undefined;

  const note = (code: string, message: string): void =>
    log.add({ atMs: clock.now(), subject: {}, code, message });
  const catalogs = createCatalogInForce(options.catalog, note);
  const context = (): FleetContext => ({
    nowMs: clock.now(),
    environment,
    region,
    catalog: catalogs.current(),
    timings,
    ...(options.rebalance === undefined ? {} : { rebalance: options.rebalance }),
  });

  /** Every process reads it: one that stands by takes webhooks by it. */
  const readCatalog = async (): Promise<void> => {
    const before = catalogs.isRead() ? catalogs.current() : undefined;
    await catalogs.refresh();
    if (catalogs.current() !== before) leadership?.wake();
  };
  const keepReading = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await clock.sleep(timings.reconcileMs, signal).catch(() => undefined);
      if (!signal.aborted) await readCatalog().catch(() => undefined);
    }
  };
  const onPush = async (event: PushEvent, signal: AbortSignal): Promise<void> => {
    if (options.configuration === undefined) return;
    try {
      await options.configuration.handlePush(event, { signal });
    } catch (error) {
      const { code, message } = causeOf(error);
      note(code, `A push to ${event.repository} is looked at again: ${message}`);
      throw error;
    }
    await readCatalog();
  };

  const narrowing = askNarrowing(options.configuration, note);

  /** One leadership, from taking over to losing or releasing the lease. */
  const serve = async (): Promise<void> => {
    const lease = await keeper.acquire(stopping.signal);
    if (!lease) return;
    const over = new AbortController();
    const leading = eitherSignal(over.signal, stopping.signal);
    const feeding = eitherSignal(leading.signal, draining.signal);
    const { signal } = leading;
    const receiving = feeding.signal;
    const kept = keeper.keep(signal);
    try {
      const led = await takeOver({
        environment,
        region,
        lease,
        keeper,
        lane,
        store,
        provider,
        github,
        catalog: catalogs.current,
        timings,
        clock,
        entropy,
        telemetry,
        mintsPerMinute,
        rebalance: options.rebalance,
        onDecision: log.add,
        rules,
        signal,
      });
      leadership = led;
      note("controller", `Controller of ${shard} under epoch ${lease.epoch}`);
      const feeds = [
        pumpDemand({
          queue: demand,
          leadership: led,
          store,
          clock,
          onPush,
          narrowing,
          signal: receiving,
        }),
        pumpReports({ queue: reports, leadership: led, clock, signal }),
        ...(options.notices === undefined
          ? []
          : [pumpNotices({ queue: options.notices, leadership: led, clock, signal })]),
        watchOutside({
          leadership: led,
          environment,
          region,
          store,
          provider,
          github,
          demandSources,
          catalog: catalogs.current,
          narrowing,
          timings,
          clock,
          telemetry,
          note,
          signal: receiving,
        }),
      ];
      // The lease's end ends everything: the renewals stop by themselves only when it is lost.
      const lost = kept.then(() => {
        throw new FleetError({ kind: "conflict", message: "The lease was lost" });
      });
      const drained = drainAsked.then(() => led.drain(stopping.signal));
      await Promise.race([led.run(), lost, drained]);
      over.abort(new FleetError({ kind: "conflict", message: "The leadership is over" }));
      await Promise.allSettled(feeds);
    } finally {
      leadership = undefined;
      over.abort(new FleetError({ kind: "conflict", message: "The leadership is over" }));
      leading.leave();
      feeding.leave();
      await kept;
      // Released also after a failure: whoever can do better need not wait for the lease to run out.
      await keeper.release().catch(() => undefined);
    }
  };

  const live = async (): Promise<void> => {
    const either = eitherSignal(stopping.signal, draining.signal).signal;
    while (!stopping.signal.aborted && !draining.signal.aborted) {
      try {
        await serve();
      } catch (error) {
        const { code, message } = causeOf(error);
        if (!stopping.signal.aborted)
          note(code, `No longer the controller of ${shard}: ${message}`);
      }
      // At most one renewal's time: a lease that runs out is taken over within leaseMs and that.
      const pauseMs = timings.leaseRenewMs * (0.5 + entropy.random() / 2);
      await clock.sleep(pauseMs, either).catch(() => undefined);
    }
  };

  const handler = createWebhookHandler({
    secrets: options.webhookSecrets,
    queue: demand,
    deliveries: options.deliveries ?? store.deliveries,
    labels: catalogs.current,
    clock,
    telemetry,
  });

  const status = async (): Promise<FleetStatus> => {
    const led = leadership;
    // The controller's own view of things: it alone knows how long machines boot and what failed lately.
    const now = led?.context() ?? context();
    const { targets } = poolTargets(now);
    const role = draining.signal.aborted ? "draining" : led ? "controller" : "standby";
    const epoch = led ? keeper.lease()?.epoch : undefined;
    const view = led ? led.ledger : await readShard(store, shard);
    const ended: readonly JobRecord[] = led ? led.ledger.ended : [];
    // A source that cannot be asked hides nothing else.
    const configuration = await options.configuration?.standing().catch(() => undefined);
    const standing = {
      role,
      ...(epoch === undefined ? {} : { epoch }),
      ...(configuration === undefined ? {} : { configuration }),
    } as const;
    return fleetStatus(
      view,
      ended,
      targets,
      log.latest(decisionsShown),
      now,
      standing,
      led?.heldBack,
    );
  };

  return {
    handleWebhook: handler,
    start: async () => {
      if (running !== undefined) throw new TypeError("The orchestrator was started before");
      await catalogs.refresh();
      running = live();
      // Nobody waits for it at the end: what it reads may hang, and is not used any more.
      void keepReading(eitherSignal(stopping.signal, draining.signal).signal);
    },
    stop: async (deadlineMs = defaultDrainMs) => {
      draining.abort(new FleetError({ kind: "unavailable", message: "Draining" }));
      if (running === undefined) return;
      const timeout = new AbortController();
      const late = clock
        .sleep(deadlineMs, timeout.signal)
        .then(() => stopping.abort(new FleetError({ kind: "unavailable", message: "Stopped" })))
        .catch(() => undefined);
      await running;
      timeout.abort(new FleetError({ kind: "unavailable", message: "Drained" }));
      await late;
      stopping.abort(new FleetError({ kind: "unavailable", message: "Stopped" }));
    },
    status,
    pools: async () => {
      const led = leadership;
      const now = led?.context() ?? context();
      return poolTargets(now).targets.map(({ pool, problem }) => {
        const history = led?.history(pool.name);
        return {
          name: pool.name,
          region,
          config: pool,
          ...(problem === undefined ? { schedule: compiledSchedule(pool, now) } : {}),
          ...(history === undefined ? {} : { history }),
        };
      });
    },
    configuration: async () => {
      const standing = await options.configuration?.standing();
      return { catalog: catalogs.current(), ...(standing === undefined ? {} : { standing }) };
    },
    refreshConfiguration: async () => {
      const outcome = await options.configuration?.poll();
      await readCatalog();
      return outcome;
    },
    explain: async (subject) => {
      const recorded = await recordedDecisions(store, subject);
      const seen = new Set(recorded.map(({ atMs, code }) => `${atMs}/${code}`));
      const recent = log.about(subject).filter(({ atMs, code }) => !seen.has(`${atMs}/${code}`));
      const decided = [...recorded, ...recent].sort((left, right) => left.atMs - right.atMs);
      // A process that has not read its configuration yet can still tell what is stored.
      const now = catalogs.isRead() ? currentDecisions(subject, await status(), clock.now()) : [];
      return [...now, ...decided];
    },
  };
}

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
