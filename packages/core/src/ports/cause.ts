import type { FailureKind } from "./failure.ts";

/** Why a request could not be routed. */
export type RouteCode =
  | "unknown-pool"
  | "unknown-runner"
  | "unknown-image"
  | "unknown-environment"
  | "forbidden-pool"
  | "forbidden-environment"
  | "forbidden-region"
  | "forbidden-shape"
  | "no-policy"
  | "no-matching-shape"
  | "contradiction";

/** Why a job waits, was refused or failed. Stable: dashboards and runbooks key on it. */
export type CauseCode =
  | RouteCode
  | FailureKind
  | "labels-invalid"
  | "pool-limit"
  | "repository-limit"
  | "environment-limit"
  | "region-limit"
  | "mint-budget"
  | "budget"
  | "observe-only"
  | "deadline-exceeded"
  | "boot-timeout"
  | "machine-lost"
  | "interrupted"
  | "rerun-pending"
  | "rerun-failed"
  | "runner-outdated"
  | "registration-failed"
  | "taken-by-sibling"
  | "cancelled-on-github";

/** A cause with the words for the person who reads it. */
export interface Cause {
  /** What it is; stable. */
  readonly code: CauseCode;
  /** One sentence with the facts. Holds no secret. */
  readonly message: string;
}
