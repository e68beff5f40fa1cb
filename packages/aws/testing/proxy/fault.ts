import type { AwsRequest } from "./exchange.ts";

/** Before: the service never hears of the call. After: it has done it, and the client does not get the answer. */
export type Side = "before" | "after";

/** What goes wrong with a call. */
export type Fault =
  /** An error of the service, in the form of its protocol. `after` is an answer that lies: it is done. */
  | ErrorFault
  /** The connection breaks: ECONNRESET. */
  | { readonly kind: "reset"; readonly side: Side }
  /** It is done, and half of the answer arrives before the connection breaks. */
  | { readonly kind: "truncate" }
  /** Goes on after a while, also when the client has gone: `before` makes an effect come late, even after a retry. */
  | { readonly kind: "delay"; readonly side: Side; readonly delayMs: number }
  /** The connection breaks at once, and the call goes on when `until` resolves: after a retry, or whatever a test does first. */
  | { readonly kind: "late"; readonly until: Promise<unknown> }
  /** No answer ever: the client waits for its own timeout. */
  | { readonly kind: "blackhole"; readonly side: Side }
  | FleetErrorsFault
  | EntryErrorsFault;

/** See {@link Fault}. */
export interface ErrorFault {
  readonly kind: "error";
  readonly side: Side;
  /** The code, such as `RequestLimitExceeded`. */
  readonly code: string;
  /** For people. @defaultValue `Injected` */
  readonly message?: string;
  /** HTTP status. @defaultValue what goes with the code */
  readonly status?: number;
  /** More members of a JSON error, such as `CancellationReasons`. */
  readonly members?: Readonly<Record<string, unknown>>;
}

/** CreateFleet brings fewer machines than asked, or none, and says why: HTTP 200 with `Errors`. */
export interface FleetErrorsFault {
  readonly kind: "fleet-errors";
  /** How many machines it launches at most; 0 launches none. */
  readonly keep: number;
  /** The errors, given to the overrides of the call in turn. */
  readonly codes: readonly [string, ...string[]];
}

/** A batch call of SQS serves only some of its entries: HTTP 200 with `Failed`. */
export interface EntryErrorsFault {
  readonly kind: "entry-errors";
  /** The places of the entries that fail, from 0; those that the call does not have count for nothing. */
  readonly entries: readonly number[];
  /** The code of each. */
  readonly code: string;
  /** Whether the entry itself is wrong, so that sending it again is no use. */
  readonly senderFault: boolean;
}

/** Which calls a fault is for. Every condition that is there has to hold. */
export interface FaultRule {
  /** What goes wrong. */
  readonly fault: Fault;
  /** What the log calls it. @defaultValue the kind of the fault */
  readonly name?: string;
  /** As in {@link AwsRequest.service}. */
  readonly service?: string;
  /** The operation, or several. */
  readonly action?: string | readonly string[];
  /** As in {@link AwsRequest.region}. */
  readonly region?: string;
  /** Any other condition. */
  readonly where?: (request: AwsRequest) => boolean;
  /** How many calls that fit are left alone first: 2 makes the third the first victim. @defaultValue 0 */
  readonly skip?: number;
  /** How many calls it is for; retries of the SDK count. `Infinity`: all. @defaultValue 1 */
  readonly times?: number;
}
