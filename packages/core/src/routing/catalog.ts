import type { Schedule } from "@runs-fleet/scheduling";
import type { RouteCode } from "../ports/cause.ts";
import type { Visibility } from "../ports/demand-event.ts";
import type { ImageSource } from "./image-source.ts";
import type { Narrowing } from "./narrowing.ts";
import type { LabelCatalog } from "./request.ts";
import type { Shape } from "./shape.ts";

/** Climbs or falls by `step` machines every `everyMs`. */
export interface Ramp {
  /** Machines per step, at least 1. */
  readonly step: number;
  /** Time between two steps, milliseconds. */
  readonly everyMs: number;
}

/** A pool of warm machines. `hot` and `stopped` count machines that are ready and unclaimed, over all its regions. */
export interface PoolConfig {
  /** What `pool=` names; unique in the catalog. */
  readonly name: string;
  /** Environment whose machines these are. */
  readonly environment: string;
  /** Where its machines are bought, each with its share of the pool's total. */
  readonly regions: readonly { readonly name: string; readonly weight?: number }[];
  /** What every machine of the pool is. */
  readonly shape: Shape;
  /** How many machines it wants, and when. */
  readonly schedule: Schedule;
  /** How long before a rise its machines are launched; `auto`: learnt from the pool's boot times. */
  readonly leadMs?: number | "auto";
  /** How long a level is kept after it ends, milliseconds. @defaultValue 0 */
  readonly holdMs?: number;
  /** Limit on climbing. @defaultValue no limit */
  readonly rampUp?: Ramp;
  /** Limit on falling. @defaultValue no limit */
  readonly rampDown?: Ramp;
  /**
   * How long work may go on, milliseconds, on machines that became surplus when the hot target fell: idle and booting ones
   * count first. The only thing besides its own deadline that may end a busy machine. @defaultValue none
   */
  readonly drainDeadlineMs?: number;
  /** Idle time after which a surplus machine may go, milliseconds. @defaultValue 600,000 */
  readonly idleTimeoutMs?: number;
  /** How far ahead a machine counts as needed and is kept, milliseconds. @defaultValue 0 */
  readonly reuseHorizonMs?: number;
  /** Youngest age at which a surplus machine may go, milliseconds. @defaultValue 60,000 */
  readonly minUptimeMs?: number;
  /** Tags of its machines besides those of the environment, for cost reports; machines that are there keep theirs. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Globs of `owner/name` that may use the pool. @defaultValue as the policy says */
  readonly repositories?: readonly string[];
  /** What the pool may not exceed, whatever its schedule and its jobs want. */
  readonly limits: {
    /** Most machines in any state but terminated. */
    readonly machines: number;
    /** Most machines that one pass of the controller buys. @defaultValue 100 */
    readonly createPerPass?: number;
    /**
     * Most machines above the target, hot and stopped together, while outdated ones and spares near their hard deadline are
     * replaced. @defaultValue a tenth of the target, at least 1
     */
    readonly maxSurge?: number;
    /**
     * Most machines below the target while they are replaced; 1 where `machines` or `maxSurge` leaves no room to buy
     * first. @defaultValue 0
     */
    readonly maxUnavailable?: number;
  };
}

/**
 * Which repositories may use what; the first rule that allows wins.
 *
 * Globs are case-insensitive: `*` is any run of characters but a slash, `?` is one; `*` alone matches all.
 */
export interface Policy {
  /** Name of the rule, as {@link Placement.policy} repeats it. */
  readonly name: string;
  /** Globs of `owner/name`. */
  readonly repositories: readonly string[];
  /** Visibilities of repository that are allowed. @defaultValue private and internal */
  readonly visibility?: readonly Visibility[];
  /** Whether repositories that are forks are allowed. @defaultValue false */
  readonly forks?: boolean;
  /** Custom properties of the repository that must be equal. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Name of GitHub's runner group. @defaultValue the default group */
  readonly runnerGroup?: string;
  /** What the repositories may use. */
  readonly allow: {
    /** Names or globs. @defaultValue all */
    readonly environments?: readonly string[];
    /** Names or globs. A job that names no pool needs none. @defaultValue all */
    readonly pools?: readonly string[];
    /** Most vCPUs a job may ask for: the upper end of its range, or of the shape of the pool it names. */
    readonly maxCpu?: number;
  };
  /** What happens to a job whose machine was taken away while it ran. */
  readonly rerun?: {
    /**
     * How often GitHub is asked to run it again, on a machine that is bought on demand, 0 to 5. 0: never.
     * @defaultValue 1
     */
    readonly attempts: number;
  };
  /** How much of it they may use at once. @defaultValue no limit */
  readonly limits?: {
    /**
     * Most jobs of one repository that are given machines at once. Best effort where runners are registered at an
     * organisation: GitHub gives such a runner to the oldest queued job with its labels, one that we hold back included.
     */
    readonly perRepository?: number;
  };
}

/** The whole configuration that routing needs. */
export interface Catalog extends LabelCatalog {
  /** Names this state of the configuration, as `/status` and decisions show it. */
  readonly version: string;
  /** Environment of jobs that name none. */
  readonly defaultEnvironment: string;
  /** The environments that jobs may name. */
  readonly environments: readonly {
    readonly name: string;
    /** In order of preference. */
    readonly regions: readonly string[];
    /** Most machines at once. */
    readonly machines?: number;
    /** Tags of all its machines, for cost reports; those of a pool win. */
    readonly tags?: Readonly<Record<string, string>>;
  }[];
  /** Pools of all environments. */
  readonly pools: readonly PoolConfig[];
  /** Names that `image=` may have. */
  readonly images: readonly string[];
  /** Which image each of them is, by name; of those that are not here the provider knows. */
  readonly imageSources?: Readonly<Record<string, ImageSource>>;
  /** Who may use what, in order; a repository that no rule allows is refused. */
  readonly policies: readonly Policy[];
  /** What happens to a job that waits for long. Absent: it waits until its deadline without a word. */
  readonly unserved?: {
    /** How long it waits, milliseconds. */
    readonly afterMs: number;
    /** Its developer is told by a neutral check run what it waits for. */
    readonly outcome: "check-run";
  };
  /** For whom jobs are served. Absent: for all whom a policy allows. */
  readonly rollout?: {
    /** Globs of `owner/name` whose jobs are served. */
    readonly claim: readonly string[];
    /** Jobs of others are routed and put on record, and nothing is bought for them: something else runs them. */
    readonly else: "observe";
  };
}

/** What routing knows about the job's repository. No branch: a webhook's branch proves nothing. */
export interface RoutedJob {
  /** `owner/name`. */
  readonly repository: string;
  /** Who can see the repository. */
  readonly visibility: Visibility;
  /** Whether the repository is a fork. */
  readonly fork: boolean;
  /** Custom properties of the repository, by name. Absent: none are known. */
  readonly properties?: Readonly<Record<string, string>>;
  /** What the repository allows its own jobs. Absent: all that a policy allows. */
  readonly narrowing?: Narrowing;
}

/** Where a job goes. */
export interface Placement {
  /** The environment that serves the job. */
  readonly environment: string;
  /** In order of preference. */
  readonly regions: readonly string[];
  /** The pool that serves it. Absent: a machine of the shape is bought. */
  readonly pool?: string;
  /** What its machine must be. */
  readonly shape: Shape;
  /** The job's labels: a runner registers exactly these. */
  readonly labels: readonly string[];
  /** Name of GitHub's runner group. Absent: the default group. */
  readonly runnerGroup?: string;
  /** Name of the rule that allowed it. */
  readonly policy: string;
}

/** One reason why a job goes nowhere. */
export interface RouteIssue {
  /** What stands in the way; stable. */
  readonly code: RouteCode;
  /** What to change, in one sentence for the developer. */
  readonly message: string;
}
