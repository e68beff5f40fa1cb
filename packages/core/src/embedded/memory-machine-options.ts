import type { Clock } from "../ports/clock.ts";
import type { FailureKind } from "../ports/failure.ts";
import type { LaunchAttempt } from "../ports/machine-provider.ts";
import type { Market } from "../routing/shape.ts";

/** A call that a test can let fail: one machine of a launch, one id of a batch, or a listing. */
export type MachineCall =
  | { readonly kind: "launch"; readonly attempt: LaunchAttempt; readonly market: Market }
  | { readonly kind: "start" | "stop" | "terminate" | "ring"; readonly id: string }
  | { readonly kind: "list" };

/** Something that has just begun; for tests that play the machine's part. */
export type MachineNews =
  /** Runs from `readyAtMs` on, unless told otherwise before. */
  | {
      readonly kind: "booting";
      readonly id: string;
      readonly attempt: LaunchAttempt;
      readonly readyAtMs: number;
    }
  | { readonly kind: "stopping" | "ending"; readonly id: string }
  | { readonly kind: "rung"; readonly id: string; readonly nonce: string };

/** Options of {@link createMemoryMachineProvider}. */
export interface MemoryMachineProviderOptions {
  /** The one region whose machines it has. */
  readonly region: string;
  /** Source of time. @defaultValue `systemClock` */
  readonly clock?: Clock;
  /** From launch or start to running, milliseconds. @defaultValue 0 */
  readonly bootMs?: number;
  /** From stop to stopped and from terminate to terminated, milliseconds. @defaultValue 0 */
  readonly stopMs?: number;
  /** How many machines may be pending, running or stopping at once. @defaultValue no limit */
  readonly capacity?: number;
  /** How long a terminated machine is still listed, milliseconds. @defaultValue 60,000 */
  readonly terminatedListedMs?: number;
  /** Answers the kind of failure of a call that is to fail; it then has no effect. */
  readonly refuse?: (call: MachineCall) => FailureKind | undefined;
  /** Told what begins, synchronously and after the state changed. */
  readonly onNews?: (news: MachineNews) => void;
}
