import type { Market, Shape } from "../routing/shape.ts";
import type { CallOptions } from "./call-options.ts";
import type { FailureKind } from "./failure.ts";

/** An exact request to buy machines. Stored before it is sent; the same token with other fields is refused. */
export interface LaunchAttempt {
  /** Names the attempt; every machine that it buys remembers it. */
  readonly id: string;
  /** Makes the purchase idempotent: sent twice, it buys at most `count` in all. At most 64 ASCII characters. */
  readonly token: string;
  /** Shard whose controller buys: `environment/region`. */
  readonly shard: string;
  /** Environment that the machines belong to. */
  readonly environment: string;
  /** Region in which they are bought. */
  readonly region: string;
  /** Zone in which they are bought. Absent: the provider chooses. */
  readonly zone?: string;
  /** How many machines, at least 1. */
  readonly count: number;
  /** What every machine must be. */
  readonly shape: Shape;
  /** In order of preference. */
  readonly markets: readonly Market[];
  /** Pool that they are bought for. Absent: for the demand of a shape. */
  readonly pool?: string;
  /** Hash of all that makes a machine fit; a machine with another one is outdated. */
  readonly specHash: string;
  /** Hard deadline of the machines, epoch milliseconds: past it they are terminated, whatever they do. */
  readonly deadlineMs: number;
  /** Further tags for cost reports. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** State of a machine as its provider tells it. It may lag. */
export type ObservedState =
  | "pending"
  | "running"
  | "stopping"
  | "stopped"
  | "shutting-down"
  | "terminated";

/** A machine as its provider tells it. */
export interface ObservedMachine {
  /** The provider's id of the machine. */
  readonly id: string;
  /** The attempt that bought it. Absent: unknown, never "foreign". */
  readonly attemptId?: string;
  /** Its state; may be behind. */
  readonly state: ObservedState;
  /** How it was bought. */
  readonly market: Market;
  /** Zone in which it is. Absent: not said. */
  readonly zone?: string;
  /** The provider's name for its size. Absent: not said. */
  readonly instanceType?: string;
  /** Epoch milliseconds. */
  readonly launchedAtMs: number;
  /** A purchase of today would boot another image than it did. Absent: no, or not known. */
  readonly isSuperseded?: boolean;
}

/** Why part of an attempt bought nothing. */
export interface LaunchFailure {
  /** What to do about it. */
  readonly kind: FailureKind;
  /** What was tried, such as `c7g.xlarge:us-east-1a:spot`. */
  readonly offering?: string;
  /** What the provider said. Holds no secret. */
  readonly message: string;
}

/** What an attempt bought. Both lists may hold something. */
export interface LaunchResult {
  /** What was bought, at most the attempt's `count`. */
  readonly machines: readonly ObservedMachine[];
  /** Why the rest was not, one for each offering that was tried. */
  readonly failures: readonly LaunchFailure[];
}

/** What became of one id of a batch. */
export interface Outcome {
  /** Machine that it is about. */
  readonly id: string;
  /** Whether the machine was told, or was already as asked. */
  readonly ok: boolean;
  /** Set when `ok` is false. */
  readonly failure?: FailureKind;
}

/** How many calls a service takes at once, and how many a second after that. */
export interface CallRate {
  /** Calls that it takes at once; a whole number, at least 1. */
  readonly burst: number;
  /** Calls a second by which that fills up again; above 0. */
  readonly perSecond: number;
}

/** How fast a provider takes calls before it answers `throttled`. */
export interface ProviderPace {
  /** Launches, however many machines each is for. Absent: as many as there are. */
  readonly launch?: CallRate;
}

/** Buys and ends machines in one region. Adapters must pass `describeMachineProviderContract`. */
export interface MachineProvider {
  /** Names the provider in messages. */
  readonly name: string;
  /**
   * How fast it takes calls; the same for as long as it lives. A controller keeps to it, and leaves one launch of each
   * burst to others in the account. Absent: nothing is held back.
   */
  readonly pace?: ProviderPace;
  /**
   * Buys up to `attempt.count` machines. Repeated with the same token it buys nothing more; the repeated answer may
   * lack machines, so recovery lists by attempt.
   *
   * @throws A {@link FleetError} `config` when the token was used with other fields.
   */
  launch(attempt: LaunchAttempt, options?: CallOptions): Promise<LaunchResult>;
  /** Starts stopped machines. A running one is fine; a terminated one is `not-found`. */
  start(ids: readonly string[], options?: CallOptions): Promise<readonly Outcome[]>;
  /** Stops running machines; they can be started again. A stopped one is fine. */
  stop(ids: readonly string[], options?: CallOptions): Promise<readonly Outcome[]>;
  /** Ends machines for good. An unknown or ended one is fine. */
  terminate(ids: readonly string[], options?: CallOptions): Promise<readonly Outcome[]>;
  /** Tells running machines to look at their assignment, which was committed before. */
  ring(ids: readonly string[], nonce: string, options?: CallOptions): Promise<readonly Outcome[]>;
  /**
   * Every machine of the environment in the region: all pages, or it rejects. It may omit machines younger than
   * 5 minutes, lag in state, and lack the attempt id.
   */
  list(
    filter: { readonly environment: string; readonly region: string; readonly attemptId?: string },
    options?: CallOptions,
  ): Promise<readonly ObservedMachine[]>;
}
