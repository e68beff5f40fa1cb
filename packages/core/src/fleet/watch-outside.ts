import type { Telemetry } from "@runs-fleet/telemetry";
import { createSweep, type Sweep } from "../demand/index.ts";
import type { Clock } from "../ports/clock.ts";
import type { JobEvent } from "../ports/demand-event.ts";
import type { DemandSource } from "../ports/demand-source.ts";
import type { GitHubClient } from "../ports/github-client.ts";
import type { MachineProvider } from "../ports/machine-provider.ts";
import { createSignalScope, type SignalScope } from "../ports/signal-scope.ts";
import type { StateStore } from "../ports/state-store.ts";
import type { Catalog } from "../routing/catalog.ts";
import { type NarrowingOf, narrowed } from "./ask-narrowing.ts";
import { runnerPrefix } from "./carry-out.ts";
import type { Leadership } from "./controller.ts";
import { causeOf } from "./gates.ts";
import { endedBefore } from "./intake.ts";
import { jobKeyOf } from "./records.ts";
import { routeJob } from "./route-demand.ts";
import { sweepRunners } from "./sweep-runners.ts";
import type { Timings } from "./timings.ts";

/** How far back a new controller looks for failed deliveries, milliseconds: each hundred of them costs a call. */
const firstLookBackMs = 6 * 60 * 60_000;
/** How far each later sweep looks back behind the one before: GitHub may note a failure late. */
const lookBackMs = 15 * 60_000;

/** What the watching needs. */
export interface WatchOptions {
  readonly leadership: Leadership;
  readonly environment: string;
  readonly region: string;
  readonly store: StateStore;
  readonly provider: MachineProvider;
  readonly github: GitHubClient;
  readonly demandSources: readonly DemandSource[];
  readonly catalog: () => Catalog;
  /** What the repository of a job allows itself. Absent: none narrows anything. */
  readonly narrowing?: NarrowingOf | undefined;
  readonly timings: Timings;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly note: (code: string, message: string) => void;
  readonly signal: AbortSignal;
}

/** Repeats a task, and a pause, until the signal aborts; a failure is noted and does not end it. */
async function repeat(
  { note, signal }: WatchOptions,
  scope: SignalScope,
  name: string,
  pause: (signal: AbortSignal) => Promise<void>,
  task: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await scope.run(task);
    } catch (error) {
      if (signal.aborted) return;
      const { code, message } = causeOf(error);
      note(code, `${name} failed: ${message}`);
    }
    await scope.run(pause).catch(() => undefined);
  }
}

/** The time between two listings while one is wanted early, milliseconds: time for a machine to switch off. */
const earlyListingMs = 5_000;
/** Why a wait for the next listing ends before it is due. */
const early = new Error("A listing is wanted early");

/** Lists the machines. */
async function list(
  { leadership, provider, environment, region, clock }: WatchOptions,
  signal: AbortSignal,
) {
  const listedAtMs = clock.now();
  const machines = await provider.list({ environment, region }, { signal });
  leadership.take({ kind: "listing", machines, listedAtMs });
}

/** Waits until the next listing is due, or wanted early while machines that end hold places that are wanted. */
async function untilListing(
  { leadership, clock, timings }: WatchOptions,
  signal: AbortSignal,
): Promise<void> {
  const leastMs = Math.min(earlyListingMs, timings.reconcileMs);
  await clock.sleep(leastMs, signal);
  const over = new AbortController();
  const stop = (): void => over.abort(early);
  signal.addEventListener("abort", stop, { once: true });
  let isDue = false;
  const due = clock.sleep(timings.reconcileMs - leastMs, over.signal).then(
    () => {
      isDue = true;
    },
    () => undefined,
  );
  await Promise.race([due, leadership.wantsListing()]);
  signal.removeEventListener("abort", stop);
  if (!isDue) stop();
}

/** Hands in a job that no message told of: its trace begins here. */
async function tell(
  { leadership, telemetry, narrowing }: WatchOptions,
  name: string,
  job: JobEvent,
  signal: AbortSignal,
  settle?: () => void,
): Promise<void> {
  const event = await narrowed(job, narrowing, signal);
  await telemetry.span(name, { "job.id": event.jobId }, async () => {
    const trace = telemetry.inject();
    leadership.take({ kind: "demand", event, trace, ...(settle ? { settle } : {}) });
  });
}

async function readSource(options: WatchOptions, source: DemandSource, signal: AbortSignal) {
  const { leadership, store } = options;
  for await (const { event, acknowledge } of source.receive({ signal })) {
    if (await endedBefore(store, leadership.ledger, jobKeyOf(event), signal)) {
      await acknowledge();
      continue;
    }
    await tell(options, "source", event, signal, () => {
      // Not acknowledged: it is yielded again, and changes nothing.
      acknowledge().catch(() => undefined);
    });
  }
}

async function sweepDemand(
  options: WatchOptions,
  sweep: Sweep,
  progress: { sinceMs: number },
  signal: AbortSignal,
): Promise<void> {
  const { leadership, store, clock, note } = options;
  const startedMs = clock.now();
  const deliveries = await sweep.sweepDeliveries(progress.sinceMs, { signal });
  if (deliveries.stopped === undefined) progress.sinceMs = startedMs - lookBackMs;
  if (deliveries.redelivered > 0) {
    note("redelivered", `${deliveries.redelivered} failed webhook deliveries are asked for again`);
  }
  const queued = await sweep.sweepQueuedJobs([...leadership.ledger.repositories.keys()], {
    signal,
  });
  leadership.confirmQueued(queued.jobs.map(jobKeyOf));
  for (const event of queued.jobs) {
    const key = jobKeyOf(event);
    const { jobs } = leadership.ledger;
    if (jobs.has(key) || leadership.ledger.hasEnded(key)) continue;
    // Refused under an earlier controller: at GitHub it stays queued for a day.
    if (await endedBefore(store, leadership.ledger, key, signal)) continue;
    // It waits for a fleet of another environment.
    if (routeJob(event, leadership.context()).kind === "not-ours") continue;
    note(
      "swept",
      `Job ${event.jobId} of ${event.repository} waits at GitHub and no webhook told of it`,
    );
    await tell(options, "sweep", event, signal);
  }
  for (const { subject, kind, message } of [...deliveries.failures, ...queued.failures]) {
    note(kind, `Sweep of ${subject}: ${message}`);
  }
  const stopped = deliveries.stopped ?? queued.stopped;
  if (stopped?.reason === "throttled") {
    note("throttled", "GitHub takes no more calls now; the sweep goes on with the next one");
    if (stopped.retryAfterMs !== undefined) await clock.sleep(stopped.retryAfterMs, signal);
  }
}

async function sweepOrphans(
  { leadership, github, note }: WatchOptions,
  suspects: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, scopes } = leadership;
  const removed = await sweepRunners(
    {
      runners: github.runners,
      scopes: scopes(),
      prefix: runnerPrefix(ledger.shard),
      isKnown: (name) => ledger.machineOfRunner(name) !== undefined,
      suspects,
    },
    { signal },
  );
  if (removed > 0)
    note("orphans-removed", `${removed} registrations without a machine are removed`);
}

/** Keeps the controller informed of what nobody tells it: the machines there are, and the jobs GitHub never told of. */
export async function watchOutside(options: WatchOptions): Promise<void> {
  const { timings, demandSources, github, catalog, clock } = options;
  const sweep = createSweep({ github, labels: catalog, clock });
  const progress = { sinceMs: clock.now() - firstLookBackMs };
  const suspects = new Set<string>();
  const scope = createSignalScope(options.signal);
  const every = (name: string, ms: number, task: (signal: AbortSignal) => Promise<void>) =>
    repeat(options, scope, name, (signal) => clock.sleep(ms, signal), task);
  await Promise.all([
    every("Sweeping demand", timings.sweepMs, (signal) =>
      sweepDemand(options, sweep, progress, signal),
    ),
    every("Sweeping runners", timings.sweepMs * 5, (signal) =>
      sweepOrphans(options, suspects, signal),
    ),
    repeat(
      options,
      scope,
      "Listing the machines",
      (signal) => untilListing(options, signal),
      (signal) => list(options, signal),
    ),
    ...demandSources.map((source) =>
      every(`Source ${source.name}`, timings.sweepMs, (signal) =>
        readSource(options, source, signal),
      ),
    ),
  ]);
}
