import type { LaunchAttempt } from "../../src/ports/machine-provider.ts";
import { type Counts, type Frame, noCounts, noPool, type Phase } from "./frames.ts";

/** A machine as it was seen. */
export interface Seen {
  readonly id: string;
  readonly pool: string;
  readonly attemptId: string;
  phase: Phase;
  /** When its agent last said `ready`; infinite while it has not since it was switched on. */
  readyAtMs: number;
  wasStopped: boolean;
  /** An assignment is stored that it has not read. */
  unread: boolean;
  /** The job of the last record that was not one of its end. */
  jobKey: string | undefined;
  /** The job that GitHub says it runs. */
  runs: string | undefined;
  hardDeadlineMs: number;
}

/** What one purchase asked for, and which machines came of it. */
export interface Purchase {
  readonly count: number;
  readonly machines: ReadonlySet<string>;
}

/** The machines that were ever seen, and how many of each pool did what, when. */
export interface Sightings {
  readonly machines: ReadonlyMap<string, Seen>;
  /** By pool, each in order of time; what has no pool is under {@link noPool}. */
  readonly frames: ReadonlyMap<string, readonly Frame[]>;
  /** When jobs were queued, by pool, in order of time. */
  readonly arrivals: ReadonlyMap<string, readonly number[]>;
  /** By token. */
  readonly purchases: ReadonlyMap<string, Purchase>;
  /** A machine came of a purchase; machines that are known are not news. */
  meet(attempt: LaunchAttempt, id: string): void;
  /** A machine does something else from now on; one that has ended never does. */
  move(machine: Seen, phase: Phase): void;
  /** A job of a pool waits from now on. */
  queued(pool: string): void;
  /** It waits no more. */
  served(pool: string): void;
}

/** Sightings of nothing yet. */
export function createSightings(nowMs: () => number): Sightings {
  const machines = new Map<string, Seen>();
  const frames = new Map<string, Frame[]>();
  const counts = new Map<string, Counts>();
  const arrivals = new Map<string, number[]>();
  const purchases = new Map<string, { readonly count: number; readonly machines: Set<string> }>();

  const change = (pool: string, by: Partial<Counts>): void => {
    const now = counts.get(pool) ?? { ...noCounts };
    counts.set(pool, now);
    for (const key of Object.keys(by) as (keyof Counts)[]) now[key] += by[key] ?? 0;
    const list = frames.get(pool) ?? [];
    frames.set(pool, list);
    // What happens at one instant is one frame.
    if (list.at(-1)?.atMs === nowMs()) list.pop();
    list.push({ atMs: nowMs(), ...now });
  };

  return {
    machines,
    frames,
    arrivals,
    purchases,
    meet: (attempt, id) => {
      const purchase = purchases.get(attempt.token) ?? {
        count: attempt.count,
        machines: new Set(),
      };
      purchases.set(attempt.token, purchase);
      purchase.machines.add(id);
      if (machines.has(id)) return;
      const pool = attempt.pool ?? noPool;
      machines.set(id, {
        id,
        pool,
        attemptId: attempt.id,
        phase: "booting",
        readyAtMs: Number.POSITIVE_INFINITY,
        wasStopped: false,
        unread: false,
        jobKey: undefined,
        runs: undefined,
        hardDeadlineMs: attempt.deadlineMs,
      });
      change(pool, { booting: 1 });
    },
    move: (machine, phase) => {
      if (machine.phase === phase || machine.phase === "ended") return;
      const by: Partial<Counts> = { [machine.phase]: -1 };
      if (phase !== "ended") by[phase] = 1;
      machine.phase = phase;
      if (phase === "booting") machine.readyAtMs = Number.POSITIVE_INFINITY;
      if (phase === "stopped") machine.wasStopped = true;
      change(machine.pool, by);
    },
    queued: (pool) => {
      const list = arrivals.get(pool) ?? [];
      arrivals.set(pool, list);
      list.push(nowMs());
      change(pool, { waiting: 1 });
    },
    served: (pool) => change(pool, { waiting: -1 }),
  };
}
