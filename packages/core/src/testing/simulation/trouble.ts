import type { Clock } from "../../ports/clock.ts";
import type { Fault, FaultKind } from "./faults.ts";

type FaultOf<Kind extends FaultKind> = Extract<Fault, { readonly kind: Kind }>;

/** Which faults are at work. */
export interface Trouble {
  begin(fault: Fault): void;
  end(fault: Fault): void;
  /** Faults of the kind that are at work now, oldest first. */
  active<Kind extends FaultKind>(kind: Kind): readonly FaultOf<Kind>[];
  /** How long nothing has been at work, milliseconds; 0 while something is. */
  calmForMs(): number;
}

/** No trouble yet. */
export function createTrouble(clock: Clock): Trouble {
  const active = new Map<string, Fault>();
  let lastMs = clock.now();
  return {
    begin: (fault) => {
      active.set(fault.id, fault);
    },
    end: (fault) => {
      active.delete(fault.id);
      lastMs = clock.now();
    },
    active: <Kind extends FaultKind>(kind: Kind) =>
      [...active.values()].filter((fault): fault is FaultOf<Kind> => fault.kind === kind),
    calmForMs: () => (active.size > 0 ? 0 : clock.now() - lastMs),
  };
}
