/**
 * What a provider says about a machine without being asked. It may be lost, late, repeated, or about somebody else's machine: a
 * machine that is not on the books is passed over.
 */
export type MachineNotice = {
  /** Machine that it is about, as its provider names it. */
  readonly machineId: string;
  /** When the provider gave it, epoch milliseconds by the provider. */
  readonly atMs: number;
} & (
  | {
      /** The provider takes the machine away. */
      readonly kind: "interruption";
      /** When it will be gone, epoch milliseconds. */
      readonly endsAtMs: number;
    }
  | {
      /** The provider thinks that it may soon take the machine away: advice, and no more. */
      readonly kind: "rebalance";
    }
  | {
      /** The machine ends, or has ended: it never runs again. */
      readonly kind: "ended";
    }
  | {
      /** The machine has stopped. */
      readonly kind: "stopped";
    }
  | {
      /** Something else about it, from which nothing follows. */
      readonly kind: "other";
    }
);
