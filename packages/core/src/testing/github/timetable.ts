import { createMinHeap } from "../../embedded/min-heap.ts";
import type { Clock } from "../../ports/clock.ts";

/** Things that happen by themselves at a moment. */
export interface Timetable {
  /** Calls `run` at `atMs` or soon after, unless the answer is called before. */
  at(atMs: number, run: () => void): () => void;
  /** Forgets everything. */
  close(): void;
}

/** Why a sleep is called off. One for all: an error for each would cost more than the rest of it. */
const enough = new Error("Nothing is due any more");

interface Due {
  readonly atMs: number;
  readonly sequence: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** A timetable that sleeps on `clock` only while something is due: one sleep at a time, whatever it holds. */
export function createTimetable(clock: Clock): Timetable {
  const fresh = () =>
    createMinHeap<Due>((left, right) =>
      left.atMs === right.atMs ? left.sequence < right.sequence : left.atMs < right.atMs,
    );
  let heap = fresh();
  let live = 0;
  let sequence = 0;
  let sleeping: { readonly untilMs: number; readonly abort: AbortController } | undefined;

  const stopSleeping = (): void => {
    const current = sleeping;
    sleeping = undefined;
    current?.abort.abort(enough);
  };
  const wake = (): void => {
    sleeping = undefined;
    for (let due = heap.peek(); due !== undefined && due.atMs <= clock.now(); due = heap.peek()) {
      heap.pop();
      if (due.cancelled) continue;
      due.cancelled = true;
      live -= 1;
      due.run();
    }
    arm();
  };
  const arm = (): void => {
    while (heap.peek()?.cancelled) heap.pop();
    const next = heap.peek();
    if (next === undefined) {
      stopSleeping();
      return;
    }
    if (sleeping !== undefined && sleeping.untilMs <= next.atMs) return;
    stopSleeping();
    const abort = new AbortController();
    sleeping = { untilMs: next.atMs, abort };
    clock.sleep(Math.max(0, next.atMs - clock.now()), abort.signal).then(wake, () => undefined);
  };
  return {
    at: (atMs, run) => {
      sequence += 1;
      live += 1;
      const due: Due = { atMs, sequence, run, cancelled: false };
      heap.push(due);
      arm();
      return () => {
        if (due.cancelled) return;
        due.cancelled = true;
        live -= 1;
        // Cancelled entries leave when they are half of it all, or when nothing else is due.
        if (live === 0 || heap.size() > 2 * live + 64) {
          const rest = fresh();
          for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) {
            if (!entry.cancelled) rest.push(entry);
          }
          heap = rest;
          if (live === 0) stopSleeping();
        }
      };
    },
    close: () => {
      for (let due = heap.pop(); due !== undefined; due = heap.pop()) due.cancelled = true;
      live = 0;
      stopSleeping();
    },
  };
}
