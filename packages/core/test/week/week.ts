import type { Timings } from "../../src/fleet/timings.ts";
import type { MessageQueue } from "../../src/ports/message-queue.ts";
import type { FakeJob } from "../../src/testing/github/index.ts";
import { createSeededEntropy } from "../../src/testing/seeded-entropy.ts";
import { createFleetWorld, minutes } from "../fleet/world.ts";
import {
  bootMs,
  catalogOf,
  failing,
  launchMs,
  startMs as stoppedStartMs,
  type WeekOfYear,
  webhookMs,
} from "./configuration.ts";
import { type Arrival, arrivalsOf } from "./demand.ts";
import { failLaunches } from "./failing-launches.ts";
import { createInspector, type Inspection } from "./inspector.ts";
import { createWitness, type Testimony } from "./witness.ts";

/** How a week is lived. */
export interface WeekOptions {
  readonly week: WeekOfYear;
  readonly seed: number;
  /** Multiplies the sizes of the pools and the jobs that people push. @defaultValue 1 */
  readonly scale?: number;
  /** Called after each stretch of virtual time, with the part of the week that is over. */
  readonly onProgress?: (part: number) => void;
}

/** A week that was lived. */
export interface Lived {
  readonly week: WeekOfYear;
  readonly seed: number;
  readonly scale: number;
  readonly testimony: Testimony;
  readonly inspection: Inspection;
  readonly failures: ReturnType<ReturnType<typeof failLaunches>["counts"]>;
  readonly jobs: {
    readonly queued: number;
    readonly cancelled: number;
    /** Neither cancelled by a person nor run exactly once to its end, with what became of them. */
    readonly lost: readonly string[];
  };
}

/** Before the week: the controller takes over, and what is wanted all the time gets there. */
const warmUpMs = 20 * minutes;
/** After the week: the last jobs end, nobody wants a machine any more, and all must go. */
const windDownMs = 60 * minutes;
const stepMs = 10 * minutes;

/** Less often than production, for speed: a week has 120,000 renewals of a lease that nobody contests. */
const timings: Partial<Timings> = {
  leaseMs: 10 * minutes,
  leaseRenewMs: 4 * minutes,
  sweepMs: 30 * minutes,
};

/** A queue whose readers wait longer for the next message than they ask to: two of them read 120,000 times in a week. */
function patient<T>(queue: MessageQueue<T>): MessageQueue<T> {
  return { ...queue, receive: (request) => queue.receive({ ...request, waitMs: 10 * minutes }) };
}

/** What became of the jobs; they were queued in the order of their arrival. */
function outcomeOf(jobs: readonly FakeJob[], arrivals: readonly Arrival[]): Lived["jobs"] {
  const isFine = ({ state, starts, conclusion }: FakeJob, index: number): boolean => {
    const mayBeCancelled = arrivals[index]?.cancelAfterMs !== undefined;
    if (mayBeCancelled && conclusion === "cancelled") return starts <= 1;
    return state === "completed" && starts === 1 && conclusion === "success";
  };
  return {
    queued: jobs.length,
    cancelled: jobs.filter(({ conclusion }) => conclusion === "cancelled").length,
    lost: jobs
      .filter((job, index) => !isFine(job, index))
      .map(
        ({ id, labels, state, starts, conclusion }) =>
          `${id} (${labels.join(" ")}): ${state}, started ${starts} times, ${conclusion}`,
      ),
  };
}

/** Lets the real controller live a week in virtual time. */
export async function liveWeek(options: WeekOptions): Promise<Lived> {
  const { week, seed, scale = 1, onProgress } = options;
  const catalogs = [catalogOf(scale, false), catalogOf(scale, true)] as const;
  const entropy = (stream: number) => createSeededEntropy(seed * 16 + stream);
  const arrivals = arrivalsOf(week, entropy(1), scale);
  const launches = failLaunches(failing, launchMs, entropy(2).random);
  const witness = createWitness(() => world.clock.now());
  let isOver = false;
  const world = createFleetWorld({
    seed: seed * 16,
    startMs: week.fromMs - warmUpMs,
    catalog: () => catalogs[isOver ? 1 : 0],
    refuse: launches.refuse,
    bootMs: (id) => (witness.machines.get(id)?.wasStopped ? stoppedStartMs : bootMs),
    provider: (provider, clock) => launches.provider(witness.provider(provider), clock),
    store: witness.store,
    reports: witness.reports,
  });
  witness.watch(world.github);
  const inspector = createInspector(world, witness);
  const process = await world.boot({
    timings,
    demand: patient(world.demand),
    reports: patient(world.reports),
  });
  world.github.webhooks.faults({ delayMs: webhookMs });

  const push = async (): Promise<void> => {
    for (const { atMs, pool, labels, repository, durationMs, cancelAfterMs } of arrivals) {
      await world.clock.sleep(atMs - world.clock.now());
      const cancelled = cancelAfterMs === undefined ? {} : { cancelAfterMs };
      const id = world.github.queueJob({ repository, labels, durationMs, ...cancelled });
      witness.queued(id, pool);
    }
  };
  const pushed = push();
  const runUntil = async (endMs: number): Promise<void> => {
    while (world.clock.now() < endMs) {
      await world.clock.runUntil(Math.min(endMs, world.clock.now() + stepMs));
      await inspector.look();
      onProgress?.(
        Math.min(1, Math.max(0, (world.clock.now() - week.fromMs) / (week.toMs - week.fromMs))),
      );
    }
  };
  await runUntil(week.toMs);
  await pushed;
  isOver = true;
  await runUntil(week.toMs + windDownMs);
  const inspection = await inspector.close();
  await world.stop(process);

  return {
    week,
    seed,
    scale,
    testimony: witness,
    inspection,
    failures: launches.counts(),
    jobs: outcomeOf(world.github.jobs(), arrivals),
  };
}
