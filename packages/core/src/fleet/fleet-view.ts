import type { AttemptRecord, JobRecord, MachineRecord } from "./records.ts";
import { workStates } from "./transitions.ts";

/** The records that plans read. */
export interface FleetView {
  readonly jobs: ReadonlyMap<string, JobRecord>;
  readonly machines: ReadonlyMap<string, MachineRecord>;
  readonly attempts: ReadonlyMap<string, AttemptRecord>;
}

/** What there is of one fit, in numbers. */
export interface Stock {
  /** Ready and unclaimed. */
  readonly ready: number;
  /** Bought or started, not ready yet. */
  readonly booting: number;
  /** In purchases whose answer is not in: they count in full. */
  readonly buying: number;
  /** On their way, booting or being bought. */
  readonly coming: number;
  /** Claimed, or at work. */
  readonly busy: number;
  readonly stopping: number;
  readonly stopped: number;
  /** Every machine that is not gone, and every purchase that may still bring one. */
  readonly total: number;
}

const none: Stock = Object.freeze({
  ready: 0,
  booting: 0,
  buying: 0,
  coming: 0,
  busy: 0,
  stopping: 0,
  stopped: 0,
  total: 0,
});

/** Counts the stock of each fit. An attempt under recovery counts as far as its machines are not on the books. */
export function countStock(view: FleetView): {
  of(fit: string): Stock;
  readonly total: number;
} {
  const stocks = new Map<string, { -readonly [K in keyof Stock]: Stock[K] }>();
  const adopted = new Map<string, number>();
  let total = 0;
  const of = (fit: string): { -readonly [K in keyof Stock]: Stock[K] } => {
    const stock = stocks.get(fit) ?? { ...none };
    stocks.set(fit, stock);
    return stock;
  };
  for (const machine of view.machines.values()) {
    const stock = of(machine.fit);
    if (machine.state === "ready") stock.ready += 1;
    else if (machine.state === "booting") stock.booting += 1;
    else if (workStates.has(machine.state)) stock.busy += 1;
    else if (machine.state === "stopping") stock.stopping += 1;
    else if (machine.state === "stopped") stock.stopped += 1;
    stock.total += 1;
    total += 1;
    if (view.attempts.has(machine.attemptId)) {
      adopted.set(machine.attemptId, (adopted.get(machine.attemptId) ?? 0) + 1);
    }
  }
  for (const attempt of view.attempts.values()) {
    const missing = Math.max(0, attempt.request.count - (adopted.get(attempt.request.id) ?? 0));
    const stock = of(attempt.fit);
    stock.buying += missing;
    stock.total += missing;
    total += missing;
  }
  for (const stock of stocks.values()) stock.coming = stock.booting + stock.buying;
  return { of: (fit) => stocks.get(fit) ?? none, total };
}
