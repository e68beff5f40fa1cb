import type { Clock } from "../../ports/clock.ts";
import { createDice, createStream, type Dice } from "./dice.ts";
import type { Fault, FaultKind, FaultOf } from "./faults.ts";

/** A fault that is at work, with dice of its own: what it draws changes nothing for any other. */
export type Active<Kind extends FaultKind> = FaultOf<Kind> & {
  readonly dice: Dice;
  /** When it began, epoch milliseconds. */
  readonly sinceMs: number;
};

/** Which faults are at work. */
export interface Trouble {
  begin(fault: Fault): void;
  end(fault: Fault): void;
  /** Faults of the kind that are at work now, oldest first. */
  active<Kind extends FaultKind>(kind: Kind): readonly Active<Kind>[];
  /** How long nothing has been at work, but for faults of one kind, milliseconds; 0 while something is. */
  calmForMs(butFor?: FaultKind): number;
}

const none: readonly never[] = [];

/** No trouble yet. `seed` decides what faults do. */
export function createTrouble(clock: Clock, seed: number): Trouble {
  const active = new Map<string, Fault>();
  /** Looked up with every call: kept by kind, and there only while there are any. */
  const byKind = new Map<FaultKind, readonly Active<FaultKind>[]>();
  const firstMs = clock.now();
  /** When the last fault of a kind ended. */
  const lastMs = new Map<FaultKind, number>();
  return {
    begin: (fault) => {
      active.set(fault.id, fault);
      const dice = createDice(createStream(seed, `chance of ${fault.id}`));
      byKind.set(fault.kind, [
        ...(byKind.get(fault.kind) ?? none),
        { ...fault, dice, sinceMs: clock.now() },
      ]);
    },
    end: (fault) => {
      if (!active.delete(fault.id)) return;
      const others = byKind.get(fault.kind)?.filter(({ id }) => id !== fault.id) ?? none;
      if (others.length > 0) byKind.set(fault.kind, others);
      else byKind.delete(fault.kind);
      lastMs.set(fault.kind, clock.now());
    },
    active: <Kind extends FaultKind>(kind: Kind) =>
      (byKind.get(kind) ?? none) as readonly Active<Kind>[],
    calmForMs: (butFor) => {
      const others = butFor === undefined ? none : (byKind.get(butFor) ?? none);
      if (active.size > others.length) return 0;
      let sinceMs = firstMs;
      for (const [kind, atMs] of lastMs) if (kind !== butFor && atMs > sinceMs) sinceMs = atMs;
      return clock.now() - sinceMs;
    },
  };
}
