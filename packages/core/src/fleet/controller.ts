import type { Telemetry, TraceCarrier } from "@runs-fleet/telemetry";
import { createBootTimes } from "../pools/boot-times.ts";
import { createPoolRecorder, type PoolHistory } from "../pools/pool-history.ts";
import type { Cause } from "../ports/cause.ts";
import type { Clock, Entropy } from "../ports/clock.ts";
import { FleetError } from "../ports/failure.ts";
import type { GitHubClient } from "../ports/github-client.ts";
import type { MachineNotice } from "../ports/machine-notice.ts";
import type { MachineProvider, ObservedMachine } from "../ports/machine-provider.ts";
import { createSignalScope } from "../ports/signal-scope.ts";
import type { Lease, StateStore, Write } from "../ports/state-store.ts";
import type { Catalog } from "../routing/catalog.ts";
import type { JobDemand } from "./ask-narrowing.ts";
import { createCommitHold } from "./commit-hold.ts";
import type { FleetContext } from "./context.ts";
import type { EffectResult } from "./effects.ts";
import { createGates, type Gates } from "./gates.ts";
import { createHeldReports, type IncomingReport } from "./held-reports.ts";
import { traceJob } from "./job-spans.ts";
import type { Lane } from "./lane.ts";
import type { LeaseKeeper } from "./lease-keeper.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { loadRecords } from "./load-records.ts";
import { createMailbox } from "./mailbox.ts";
import { createEffectRunner } from "./perform-effects.ts";
import { createPlanMemory, noteAsked, noteClaims, noteWords } from "./plan-memory.ts";
import { planPass, roomForWrites } from "./plan-pass.ts";
import { notePools } from "./pool-status.ts";
import type { MachineRecord } from "./records.ts";
import { createRegistrar } from "./registrar.ts";
import { type FleetRules, fleetRules } from "./rules.ts";
import type { Decision } from "./status.ts";
import { settleStrangers } from "./strangers.ts";
import type { Timings } from "./timings.ts";

/** Something that the controller takes in. `settle` is called when it is durable, or need not be. */
export type Incoming =
  | {
      readonly kind: "demand";
      readonly event: JobDemand;
      readonly trace?: TraceCarrier | undefined;
      readonly settle?: () => void;
      /** Whether others wait until it is settled: then it is stored at once. */
      readonly isAwaited?: boolean;
    }
  | IncomingReport
  | { readonly kind: "notice"; readonly notice: MachineNotice; readonly settle?: () => void }
  | { readonly kind: "result"; readonly result: EffectResult }
  | {
      readonly kind: "listing";
      readonly machines: readonly ObservedMachine[];
      readonly listedAtMs: number;
    };

/** What one leadership needs. */
export interface LeadershipOptions {
  readonly environment: string;
  readonly region: string;
  readonly lease: Lease;
  readonly keeper: LeaseKeeper;
  readonly lane: Lane;
  readonly store: StateStore;
  readonly provider: MachineProvider;
  readonly github: GitHubClient;
  readonly catalog: () => Catalog;
  readonly timings: Timings;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly telemetry: Telemetry;
  readonly mintsPerMinute: number;
  readonly rebalance: FleetContext["rebalance"];
  readonly onDecision: (decision: Decision) => void;
  /** By which it decides. @defaultValue {@link fleetRules} */
  readonly rules?: FleetRules | undefined;
  /** Ends the leadership at once. */
  readonly signal: AbortSignal;
}

/** The controller of a shard, for as long as it holds the lease. */
export interface Leadership {
  readonly ledger: Ledger;
  /** GitHub listed these jobs as queued: nothing is missing about them. */
  confirmQueued(jobKeys: readonly string[]): void;
  /** Where runners of the jobs seen lately are registered. */
  scopes(): readonly string[];
  /** How much waits to be taken in: those who read queues hold back above a few hundred. */
  backlog(): number;
  take(incoming: Incoming): void;
  /** Has the next pass begin at once: what decisions are made from has changed. */
  wake(): void;
  /** Runs until the lease is lost or the signal aborts; rejects with the reason. */
  run(): Promise<never>;
  /** Takes nothing new on: no claims, no launches. Resolves when what is under way is done, or the signal aborts. */
  drain(signal: AbortSignal): Promise<void>;
  /** What its decisions are made from now. */
  context(): FleetContext;
  /** Why less of this fit is bought than is wanted, after failures. */
  heldBack(fit: string): Cause | undefined;
  /**
   * Resolves when machines that end or stop hold places that are wanted, at once if they do: only a listing tells when
   * they have ended. Never, if that never happens.
   */
  wantsListing(): Promise<void>;
  /** What a pool had since this leadership began. */
  history(pool: string): PoolHistory | undefined;
}

type Commit = (writes: readonly Write[], checked: boolean) => Promise<void>;

/** States that only a listing ends: the place, or the machine itself, is free before we know. */
const onTheWay: ReadonlySet<string> = new Set(["ending", "retiring", "stopping"]);
const longestSleepMs = 60_000;
const drainLookMs = 20;

/** Takes over: loads the shard, makes it unwritable for its predecessor, and picks up what was left open. */
export async function takeOver(options: LeadershipOptions): Promise<Leadership> {
  const { lease, keeper, lane, store, clock, signal } = options;
  const commit: Commit = (writes, checked) =>
    lane.run(async () => {
      if (!keeper.valid()) {
        throw new FleetError({ kind: "conflict", message: "The lease is no longer ours" });
      }
      await store.commit(keeper.lease() ?? lease, writes, { signal, checked });
    });
  const records = await loadRecords(store, lease, (writes) => commit(writes, true), signal);
  const gates = createGates(options.entropy.random);
  const ledger = createLedger({
    shard: lease.shard,
    records,
    now: clock.now,
    onDecision: options.onDecision,
    onMachineGone: ({ fit }) => gates.roomFreed(`launch:${fit}`),
    onJobMoved: (job) => traceJob(options.telemetry, job, ledger.machines.get(job.machineId ?? "")),
  });
  return lead(options, ledger, gates, commit);
}

function lead(
  options: LeadershipOptions,
  ledger: Ledger,
  gates: Gates,
  commit: Commit,
): Leadership {
  const { environment, region, keeper, store, provider, github, timings, clock, entropy } = options;
  const { telemetry, mintsPerMinute, signal, rules = fleetRules } = options;
  const mailbox = createMailbox<Incoming>();
  const scope = createSignalScope(signal);
  const registrar = createRegistrar(github, clock.now);
  const planning = { gates, mintsPerMinute, registrar, entropy };
  const memory = createPlanMemory(planning, provider.pace?.launch);
  noteClaims(memory.mints, ledger, clock.now());
  noteWords(memory.words, ledger, clock.now());
  const held = createHeldReports({
    isKnown: (machineId) => ledger.machines.has(machineId) || ledger.hasGone(machineId),
    store,
    retake: mailbox.put,
    scope,
  });
  const effects = createEffectRunner({
    telemetry,
    ledger,
    store,
    provider,
    github,
    registrar,
    entropy,
    words: memory.words,
    nowMs: clock.now,
    mayAct: () => keeper.valid() && !signal.aborted,
    mayPurchase: () => {
      const nowMs = clock.now();
      const isGranted = memory.purchases.left(nowMs) > 0;
      if (isGranted) memory.purchases.spend(nowMs);
      return isGranted;
    },
    commit,
    scope,
    onResult: (result) => mailbox.put({ kind: "result", result }),
    signal,
  });
  const hold = createCommitHold(store.holdMs ?? 0);
  const boots = createBootTimes();
  const recorder = createPoolRecorder();
  let draining = false;
  let passing = false;
  /** Told when a listing is wanted. */
  let wanting: (() => void) | undefined;

  const isListingWanted = (): boolean => {
    if (!memory.isLimited) return false;
    for (const { state } of ledger.machines.values()) if (onTheWay.has(state)) return true;
    return false;
  };

  const context = (): FleetContext => ({
    nowMs: clock.now(),
    environment,
    region,
    catalog: options.catalog(),
    timings,
    bootMs: boots.p95s(),
    ...(options.rebalance === undefined ? {} : { rebalance: options.rebalance }),
  });

  /** Learns from boots; a start of a stopped machine is faster and says nothing about a purchase. */
  const noteBoot = (machine: MachineRecord | undefined, nowMs: number): void => {
    if (!machine || machine.wasStopped) return;
    memory.bootFailures.succeeded(machine.fit);
    if (machine.pool === undefined) return;
    boots.note(machine.pool, nowMs - machine.launchedAtMs);
  };

  /** Takes one thing in. Answers whether it is settled once the pass is stored. */
  const take = (incoming: Incoming, now: FleetContext): boolean => {
    switch (incoming.kind) {
      case "demand":
        rules.takeDemand(ledger, now, incoming.event, incoming.trace);
        return true;
      case "report": {
        const before = ledger.machines.get(incoming.event.machineId);
        const outcome = rules.takeReport(ledger, now, incoming.event, incoming.sender);
        if (outcome === "taken" && incoming.event.kind === "ready") noteBoot(before, now.nowMs);
        if (outcome === "forged") telemetry.count("runs_fleet.reports.forged", 1);
        if (outcome === "unknown-machine") held.hold(incoming);
        return outcome !== "unknown-machine";
      }
      case "notice":
        rules.takeNotice(ledger, now, incoming.notice);
        return true;
      case "result":
        if (incoming.result.kind === "verified") {
          noteAsked(memory.asked, ledger, incoming.result.jobKey, now.nowMs);
        }
        rules.takeResult(ledger, now, memory.gates, incoming.result);
        return true;
      case "listing": {
        const { machines, listedAtMs } = incoming;
        const strangers = rules.takeListing(ledger, now, machines, listedAtMs);
        if (strangers.ids.length > 0) {
          const tools = { ledger, store, provider, context: now, keeper, scope };
          // Looked into on the side; what fails is looked into again with the next listing.
          settleStrangers(tools, machines, strangers.ids).catch(() => undefined);
        }
        return true;
      }
    }
  };

  /** Stores a batch. What is only temporary is tried again for as long as the lease is good. */
  const persist = async (writes: readonly Write[], checked: boolean): Promise<void> => {
    let delayMs = 50;
    for (;;) {
      try {
        await commit(writes, checked);
        return;
      } catch (error) {
        const temporary = FleetError.isInstance(error) && error.retryable;
        if (!temporary || !keeper.valid() || signal.aborted) throw error;
        await clock.sleep(delayMs, signal);
        delayMs = Math.min(2_000, delayMs * 2);
      }
    }
  };

  /** Takes in, plans, stores, then acts. Answers when the next pass is due. */
  const pass = async (): Promise<number> => {
    const now = context();
    let mayWait = !draining;
    while (ledger.pendingWrites() < roomForWrites) {
      const incoming = mailbox.take();
      if (!incoming) break;
      if (take(incoming, now) && "settle" in incoming && incoming.settle) {
        hold.owe(incoming.settle);
        if ("isAwaited" in incoming && incoming.isAwaited) mayWait = false;
      }
    }
    const next = planPass(ledger, now, memory, draining, rules);
    if (wanting && isListingWanted()) {
      wanting();
      wanting = undefined;
    }
    notePools(recorder, ledger, now);
    held.release();
    const untilMs = mayWait ? hold.untilMs(ledger, now.nowMs) : undefined;
    if (untilMs !== undefined) return Math.min(next, untilMs);
    const batch = ledger.seal();
    const settles = hold.release();
    for (const { writes, checked } of batch.commits) await persist(writes, checked);
    for (const settle of settles) settle();
    effects.run(batch.effects);
    return Math.min(next, memory.words.nextMs(now.nowMs));
  };

  const quiet = (): boolean =>
    mailbox.size() === 0 && effects.busy() === 0 && !passing && !hold.isHolding();

  return {
    ledger,
    confirmQueued: (jobKeys) => {
      for (const key of jobKeys) memory.asked.set(key, { atMs: clock.now(), times: 0 });
    },
    scopes: () => [...new Set([...ledger.repositories.keys()].map(registrar.scopeOf))],
    backlog: mailbox.size,
    take: mailbox.put,
    wake: mailbox.wake,
    context,
    heldBack: (fit) =>
      gates.shut(`launch:${fit}`, clock.now())?.cause ?? memory.bootFailures.probing(fit),
    wantsListing: () =>
      new Promise((resolve) => {
        if (isListingWanted()) resolve();
        else wanting = resolve;
      }),
    history: recorder.of,
    drain: async (until) => {
      draining = true;
      // What waits to be stored waits no longer.
      mailbox.wake();
      while (!until.aborted && !signal.aborted && !quiet()) {
        await clock.sleep(drainLookMs, until).catch(() => undefined);
      }
    },
    run: async () => {
      rules.resume(ledger, context());
      signal.addEventListener("abort", mailbox.wake, { once: true });
      for (let passes = 1; ; passes++) {
        signal.throwIfAborted();
        if (!keeper.valid()) {
          throw new FleetError({ kind: "conflict", message: "The lease ran out" });
        }
        passing = true;
        const nextMs = await pass().finally(() => {
          passing = false;
        });
        const delayMs = mailbox.size() > 0 ? 0 : Math.min(longestSleepMs, nextMs - clock.now());
        if (delayMs > 0) await mailbox.wait((stop) => clock.sleep(delayMs, stop));
        // Others of this process get their turn even while passes follow one another.
        else if (passes % 16 === 0) await clock.sleep(0, signal);
      }
    },
  };
}
