import type { TraceCarrier } from "@runs-fleet/telemetry";
import type { CallOptions } from "./call-options.ts";
import type { Cause } from "./cause.ts";
import type { FleetError } from "./failure.ts";

/** A message as it is sent. */
export interface Message<T> {
  /** What is said. */
  readonly body: T;
  /** Fairness or ordering group, such as the repository. */
  readonly group?: string;
  /** Messages of one id within 5 minutes may be dropped as duplicates, where the queue can. */
  readonly deduplicationId?: string;
  /** Trace in which it was sent; travels beside the body. */
  readonly trace?: TraceCarrier;
}

/** A message as it is received. */
export interface Delivery<T> {
  /** Names the message; the same at every receive. */
  readonly id: string;
  /** What is said, parsed and checked. */
  readonly body: T;
  /** Names this receive; a later receive of the message has another one. */
  readonly receipt: string;
  /** 1 at the first receive. */
  readonly attempt: number;
  /** Who sent it, as the queue verified it; never read from the body. */
  readonly sender?: string;
  /** Trace in which it was sent. */
  readonly trace?: TraceCarrier;
}

/** What became of one sent message. */
export type SendOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: FleetError };

/** A queue that delivers at least once. Adapters must pass `describeMessageQueueContract`. */
export interface MessageQueue<T> {
  /**
   * Whether the messages of a group wait until the one before is acknowledged, so that keeping one back holds up others.
   *
   * @defaultValue `false`
   */
  readonly isOrdered?: boolean;
  /** Stores the messages durably; the answer has one outcome per message, in order. */
  send(messages: readonly Message<T>[], options?: CallOptions): Promise<readonly SendOutcome[]>;
  /**
   * Up to `max` messages, waiting up to `waitMs` for the first. Each is hidden from others for `visibilityMs`.
   */
  receive(
    options: CallOptions & {
      readonly max: number;
      readonly waitMs: number;
      readonly visibilityMs: number;
    },
  ): Promise<readonly Delivery<T>[]>;
  /** Removes them for good. One whose visibility ran out, or that is gone, is not an error. */
  acknowledge(deliveries: readonly Delivery<T>[], options?: CallOptions): Promise<void>;
  /** Hides them for `visibilityMs` from now; 0 hands them back at once. */
  extend(
    deliveries: readonly Delivery<T>[],
    visibilityMs: number,
    options?: CallOptions,
  ): Promise<void>;
  /** Moves one out of the way for a person to look at, with the cause. */
  deadLetter(delivery: Delivery<T>, cause: Cause, options?: CallOptions): Promise<void>;
}
