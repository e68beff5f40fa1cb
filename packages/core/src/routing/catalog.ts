import type { Schedule } from "@runs-fleet/scheduling";
import type { RouteCode } from "../ports/cause.ts";
import type { Visibility } from "../ports/demand-event.ts";
import type { LabelCatalog } from "./request.ts";
import type { Shape } from "./shape.ts";

/** Climbs or falls by `step` machines every `everyMs`. */
export interface Ramp {
  readonly step: number;
  readonly everyMs: number;
}

/** A pool of warm machines. `hot` and `stopped` count machines that are ready and unclaimed, over all its regions. */
export interface PoolConfig {
  readonly name: string;
  readonly environment: string;
  readonly regions: readonly { readonly name: string; readonly weight?: number }[];
  readonly shape: Shape;
  readonly schedule: Schedule;
  /** How long before a rise its machines are launched; `auto`: learnt from the pool's boot times. */
  readonly leadMs?: number | "auto";
  readonly holdMs?: number;
  readonly rampUp?: Ramp;
  readonly rampDown?: Ramp;
  /** The only thing besides its own deadline that may end a busy machine. @defaultValue none */
  readonly drainDeadlineMs?: number;
  readonly idleTimeoutMs?: number;
  readonly reuseHorizonMs?: number;
  readonly minUptimeMs?: number;
  /** Globs of `owner/name` that may use the pool. @defaultValue as the policy says */
  readonly repositories?: readonly string[];
  readonly limits: {
    /** Most machines in any state but terminated. */
    readonly machines: number;
    readonly createPerPass?: number;
    readonly maxSurge?: number;
    readonly maxUnavailable?: number;
  };
}

/**
 * Which repositories may use what; the first rule that allows wins.
 *
 * Globs are case-insensitive: `*` is any run of characters but a slash, `?` is one; `*` alone matches all.
 */
export interface Policy {
  readonly name: string;
  /** Globs of `owner/name`. */
  readonly repositories: readonly string[];
  /** @defaultValue private and internal */
  readonly visibility?: readonly Visibility[];
  /** Whether repositories that are forks are allowed. @defaultValue false */
  readonly forks?: boolean;
  /** Custom properties of the repository that must be equal. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Name of GitHub's runner group. @defaultValue the default group */
  readonly runnerGroup?: string;
  readonly allow: {
    /** Names or globs. @defaultValue all */
    readonly environments?: readonly string[];
    /** Names or globs. A job that names no pool needs none. @defaultValue all */
    readonly pools?: readonly string[];
    /** Most vCPUs a job may ask for: the upper end of its range, or of the shape of the pool it names. */
    readonly maxCpu?: number;
  };
  readonly limits?: {
    /** Most jobs of one repository that are assigned or running at once. */
    readonly perRepository?: number;
  };
}

/** The whole configuration that routing needs. */
export interface Catalog extends LabelCatalog {
  readonly version: string;
  readonly defaultEnvironment: string;
  readonly environments: readonly {
    readonly name: string;
    /** In order of preference. */
    readonly regions: readonly string[];
    /** Most machines at once. */
    readonly machines?: number;
  }[];
  readonly pools: readonly PoolConfig[];
  readonly images: readonly string[];
  readonly policies: readonly Policy[];
}

/** What routing knows about the job's repository. No branch: a webhook's branch proves nothing. */
export interface RoutedJob {
  readonly repository: string;
  readonly visibility: Visibility;
  readonly fork: boolean;
  readonly properties?: Readonly<Record<string, string>>;
}

/** Where a job goes. */
export interface Placement {
  readonly environment: string;
  /** In order of preference. */
  readonly regions: readonly string[];
  readonly pool?: string;
  readonly shape: Shape;
  /** The job's labels: a runner registers exactly these. */
  readonly labels: readonly string[];
  readonly runnerGroup?: string;
  /** Name of the rule that allowed it. */
  readonly policy: string;
}

/** One reason why a job goes nowhere. */
export interface RouteIssue {
  readonly code: RouteCode;
  readonly message: string;
}
