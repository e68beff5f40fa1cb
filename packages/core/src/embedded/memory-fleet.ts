import type { LaunchAttempt } from "../ports/machine-provider.ts";
import type { Market } from "../routing/shape.ts";
import { type MemoryMachine, stateOf } from "./memory-machine.ts";

/** The machines of the memory provider, and how many more fit. */
export interface MemoryFleet {
  find(id: string): MemoryMachine | undefined;
  all(nowMs: number): Iterable<MemoryMachine>;
  isFull(nowMs: number): boolean;
  /** Adds a machine that was told to run and is not booting yet. */
  buy(attempt: LaunchAttempt, market: Market, nowMs: number): MemoryMachine;
  /** Tells a machine what to do from now on. */
  tell(machine: MemoryMachine, told: MemoryMachine["told"], nowMs: number, settlesMs: number): void;
}

/**
 * No machines. Ended ones are kept for `endedListedMs`; only those that are pending, running or stopping take up
 * `capacity`.
 */
export function createMemoryFleet(
  region: string,
  capacity: number,
  endedListedMs: number,
): MemoryFleet {
  const machines = new Map<string, MemoryMachine>();
  /** In order of their end. */
  const ended = new Set<MemoryMachine>();
  /** All that may take up capacity; those that have stopped meanwhile are dropped when it matters. */
  const occupying = new Set<MemoryMachine>();
  let launched = 0;

  function forgetEnded(nowMs: number): void {
    for (const machine of ended) {
      if (nowMs < machine.settledAtMs + endedListedMs) return;
      ended.delete(machine);
      machines.delete(machine.id);
    }
  }

  return {
    find: (id) => machines.get(id),
    all(nowMs) {
      forgetEnded(nowMs);
      return machines.values();
    },
    isFull(nowMs) {
      if (occupying.size < capacity) return false;
      for (const machine of occupying) {
        if (stateOf(machine, nowMs) === "stopped") occupying.delete(machine);
      }
      return occupying.size >= capacity;
    },
    buy(attempt, market, nowMs) {
      forgetEnded(nowMs);
      launched += 1;
      const machine: MemoryMachine = {
        id: `${region}-${String(launched).padStart(6, "0")}`,
        attempt,
        market,
        zone: attempt.zone,
        launchedAtMs: nowMs,
        told: "run",
        settledAtMs: nowMs,
      };
      machines.set(machine.id, machine);
      occupying.add(machine);
      return machine;
    },
    tell(machine, told, nowMs, settlesMs) {
      machine.told = told;
      machine.settledAtMs = nowMs + settlesMs;
      if (told === "run") occupying.add(machine);
      if (told === "end") {
        occupying.delete(machine);
        ended.add(machine);
      }
    },
  };
}
