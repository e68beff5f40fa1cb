/**
 * What went wrong, named by what to do about it. These words and no others.
 *
 * - `capacity`: none of it here now; try the next offering.
 * - `quota`: this account and region is full; another region may not be.
 * - `throttled`: too many calls; back off, then repeat.
 * - `auth`: the credential is refused.
 * - `config`: the request itself is wrong; repeating it cannot help. Stop and say so.
 * - `not-found`: it is not there.
 * - `conflict`: someone else won.
 * - `unavailable`: the service or the region is down.
 * - `unknown`: none of the above; treated with the most caution.
 */
export type FailureKind =
  | "capacity"
  | "quota"
  | "throttled"
  | "auth"
  | "config"
  | "not-found"
  | "conflict"
  | "unavailable"
  | "unknown";

/** The plain data of a {@link FleetError}. */
export interface Failure {
  /** What to do about it. */
  readonly kind: FailureKind;
  /** What failed, on what, what to do next. Holds no secret. */
  readonly message: string;
  /** Whether the same call may succeed later. @defaultValue by kind: `throttled` and `unavailable` are */
  readonly retryable?: boolean;
  /** How long the service asked us to wait, milliseconds. */
  readonly retryAfterMs?: number;
  /** Facts for operators, such as the region or the status code. Holds no secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The error underneath. */
  readonly cause?: unknown;
}

const marker = Symbol.for("runs-fleet.error");

/** The one error of runs-fleet. `kind` says what to do about it. */
export class FleetError extends Error {
  /** What to do about it. */
  readonly kind: FailureKind;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** How long the service asked us to wait, milliseconds. */
  readonly retryAfterMs?: number;
  /** Facts for operators. Holds no secret. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(failure: Failure) {
    super(failure.message, failure.cause === undefined ? undefined : { cause: failure.cause });
    this.name = "FleetError";
    this.kind = failure.kind;
    this.retryable =
      failure.retryable ?? (failure.kind === "throttled" || failure.kind === "unavailable");
    if (failure.retryAfterMs !== undefined) this.retryAfterMs = failure.retryAfterMs;
    this.details = failure.details ?? {};
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether `value` is a FleetError, also one of another copy of this package. */
  static isInstance(value: unknown): value is FleetError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
