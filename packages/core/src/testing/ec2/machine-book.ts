import type { Market } from "../../routing/shape.ts";
import { isOccupying, type Machine, settlesAtMs, stateAt } from "./instance.ts";

/** The instances of a region. */
export interface MachineBook {
  find(id: string): Machine | undefined;
  /** All that can be seen, oldest first: terminated ones for an hour. */
  all(nowMs: number): Iterable<Machine>;
  add(machine: Machine): void;
  /** Forgets those that ended too long ago to be seen. */
  forget(nowMs: number): void;
  /** How many of an offering take up hardware. */
  used(typeName: string, zone: string, market: Market, nowMs: number): number;
  /** vCPUs that count against the quota of a market. */
  vcpus(market: Market, nowMs: number): number;
  /** Tells the book that a machine takes up hardware again, or is about to end. */
  touch(machine: Machine): void;
}

/** No instances. */
export function createMachineBook(terminatedVisibleMs: number): MachineBook {
  const machines = new Map<string, Machine>();
  /** All that may take up hardware; those that do not are dropped when it matters. */
  const occupying = new Set<Machine>();
  /** In the order of their last command. */
  const ending = new Set<Machine>();

  function* occupied(nowMs: number): Iterable<Machine> {
    for (const machine of occupying) {
      if (isOccupying(machine, nowMs)) yield machine;
      else occupying.delete(machine);
    }
  }

  function forget(nowMs: number): void {
    for (const machine of ending) {
      if (nowMs < settlesAtMs(machine) + terminatedVisibleMs) continue;
      ending.delete(machine);
      machines.delete(machine.id);
    }
  }

  function touch(machine: Machine): void {
    const rest = stateAt(machine, Number.MAX_SAFE_INTEGER);
    if (rest === "terminated") ending.add(machine);
    else ending.delete(machine);
    occupying.add(machine);
  }

  return {
    touch,
    find: (id) => machines.get(id),
    forget,
    all(nowMs) {
      forget(nowMs);
      return machines.values();
    },
    add(machine) {
      machines.set(machine.id, machine);
      touch(machine);
    },
    used(typeName, zone, market, nowMs) {
      let count = 0;
      for (const machine of occupied(nowMs)) {
        const { type } = machine;
        if (type.name === typeName && machine.zone === zone && machine.market === market) {
          count += 1;
        }
      }
      return count;
    },
    vcpus(market, nowMs) {
      let sum = 0;
      for (const machine of occupied(nowMs)) {
        if (machine.market === market) sum += machine.type.vcpus;
      }
      return sum;
    },
  };
}
