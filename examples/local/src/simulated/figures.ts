import type { FleetStatus } from "@runs-fleet/core";

/** How a machine was found for a job. */
export type Served = "hot" | "stopped" | "cold";

/** What is known of one pool, or of all machines without one, over a span of time. */
export interface Row {
  /** Jobs that ended, by how their machine was found. */
  readonly served: Readonly<Record<Served, number>>;
  /** From queued to started, milliseconds, of the jobs that started. */
  readonly waitsMs: readonly number[];
  /** Machine hours that were switched on, and that were stopped. */
  readonly onHours: number;
  readonly stoppedHours: number;
  /** Most machines that were switched on at once. */
  readonly peak: number;
  /** Hours of hot machines that the schedule wanted, and how much of them was there. */
  readonly wantedHours: number;
  readonly readyHours: number;
}

/** What happened in a span of time. */
export interface Figures {
  /** By pool; the machines without a pool under {@link onDemand}. */
  readonly rows: ReadonlyMap<string, Row>;
  /** Windows of hot machines that opened, how many machines they wanted at that moment, and how many were ready. */
  readonly opened: number;
  readonly openedWanted: number;
  readonly openedReady: number;
  readonly launched: number;
  readonly launchesRefused: number;
  readonly started: number;
  readonly startsRefused: number;
}

/** Collects what happens, for two spans: the whole, and the one since the last `restart`. */
export interface FiguresTaker {
  readonly whole: Figures;
  readonly lately: Figures;
  restart(): void;
  queued(jobId: string, pool: string | undefined, atMs: number): void;
  started(jobId: string, atMs: number): void;
  /**
   * Takes in how things stand.
   *
   * @param forMs - Time for which it counts, until the next look, milliseconds.
   * @param opening - Pools of which a window opens at this moment.
   */
  look(status: FleetStatus, forMs: number, opening?: readonly string[]): void;
  count(what: "launched" | "launchesRefused" | "started" | "startsRefused", by: number): void;
}

/** The row of jobs and machines without a pool. */
export const onDemand = "on demand";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type OpenRow = Mutable<Omit<Row, "served" | "waitsMs">> & {
  readonly served: Record<Served, number>;
  readonly waitsMs: number[];
};
type OpenFigures = Mutable<Omit<Figures, "rows">> & { readonly rows: Map<string, OpenRow> };

const hourMs = 3_600_000;

function emptyFigures(): OpenFigures {
  const opened = { opened: 0, openedWanted: 0, openedReady: 0 };
  return {
    rows: new Map(),
    ...opened,
    launched: 0,
    launchesRefused: 0,
    started: 0,
    startsRefused: 0,
  };
}

function rowOf({ rows }: OpenFigures, pool: string | undefined): OpenRow {
  const name = pool ?? onDemand;
  const known = rows.get(name);
  if (known) return known;
  const made: OpenRow = {
    served: { hot: 0, stopped: 0, cold: 0 },
    waitsMs: [],
    onHours: 0,
    stoppedHours: 0,
    peak: 0,
    wantedHours: 0,
    readyHours: 0,
  };
  rows.set(name, made);
  return made;
}

function lookInto(
  figures: OpenFigures,
  { pools, machines }: FleetStatus,
  forMs: number,
  opening: readonly string[],
): void {
  const hours = forMs / hourMs;
  const on = new Map<string | undefined, number>();
  for (const { pool, state } of machines) {
    if (state === "stopped") rowOf(figures, pool).stoppedHours += hours;
    else on.set(pool, (on.get(pool) ?? 0) + 1);
  }
  for (const [pool, count] of on) {
    const row = rowOf(figures, pool);
    row.onHours += count * hours;
    row.peak = Math.max(row.peak, count);
  }
  for (const { name, target, ready } of pools) {
    const row = rowOf(figures, name);
    row.wantedHours += target.hot * hours;
    row.readyHours += Math.min(target.hot, ready.hot) * hours;
    if (!opening.includes(name)) continue;
    figures.opened += 1;
    figures.openedWanted += target.hot;
    figures.openedReady += Math.min(target.hot, ready.hot);
  }
}

/** Makes a taker that has seen nothing. */
export function createFigures(): FiguresTaker {
  const whole = emptyFigures();
  let lately = emptyFigures();
  const waiting = new Map<string, { readonly pool: string | undefined; readonly atMs: number }>();
  const ended = new Set<string>();
  const both = (): readonly OpenFigures[] => [whole, lately];
  return {
    whole,
    get lately() {
      return lately;
    },
    restart: () => {
      lately = emptyFigures();
    },
    queued: (jobId, pool, atMs) => {
      waiting.set(jobId, { pool, atMs });
    },
    started: (jobId, atMs) => {
      const job = waiting.get(jobId);
      if (!waiting.delete(jobId) || !job) return;
      for (const figures of both()) rowOf(figures, job.pool).waitsMs.push(atMs - job.atMs);
    },
    look: (status, forMs, opening = []) => {
      for (const figures of both()) lookInto(figures, status, forMs, opening);
      for (const { id, state, served, pool } of status.jobs) {
        if (state !== "completed" || served === undefined || ended.has(id)) continue;
        ended.add(id);
        for (const figures of both()) rowOf(figures, pool).served[served] += 1;
      }
    },
    count: (what, by) => {
      for (const figures of both()) figures[what] += by;
    },
  };
}
