import type { Cause } from "../ports/cause.ts";

/** A message that was moved out of the way, and why. */
export interface DeadLetter<T> {
  /** Id of the message. */
  readonly id: string;
  /** What it said. */
  readonly body: T;
  /** Why it was put aside. */
  readonly cause: Cause;
  /** How often it was received. */
  readonly attempts: number;
  /** Epoch milliseconds. */
  readonly atMs: number;
}

/** The cause of a message that nobody acknowledged. */
export function tooManyReceives(receives: number): Cause {
  return Object.freeze({
    code: "unknown",
    message: `Received ${receives} times without an acknowledgement`,
  });
}
