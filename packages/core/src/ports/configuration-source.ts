import type { Narrowing } from "../routing/narrowing.ts";
import type { CallOptions } from "./call-options.ts";
import type { Cause } from "./cause.ts";
import type { PushEvent } from "./demand-event.ts";

/** How things stand with the configuration, as pages and `/status` tell it. */
export interface ConfigurationStanding {
  /** Where it is from: `acme/.github-private/.github/runs-fleet.yml`, say. */
  readonly source: string;
  /** The one in force. Absent: none was ever applied. */
  readonly applied?: {
    /** Names its state, as {@link FleetStatus.catalogVersion} repeats it. */
    readonly version: string;
    /** Commit that brought it. Absent: it was found by looking. */
    readonly commit?: string;
    /** When it came into force, epoch milliseconds. */
    readonly atMs: number;
  };
  /** The latest one that was refused, while it is the latest. */
  readonly rejected?: {
    /** Names its state. */
    readonly version: string;
    /** Commit that brought it. Absent: it was found by looking. */
    readonly commit?: string;
    /** When it was refused, epoch milliseconds. */
    readonly atMs: number;
    /** Why, one line for each of the first problems, each with its place. */
    readonly problems: readonly string[];
    /** How many more there are. */
    readonly more: number;
  };
  /** Why its source cannot be read, while it cannot: what is in force stays. */
  readonly alert?: {
    /** Why. */
    readonly cause: Cause;
    /** Since when, epoch milliseconds. */
    readonly sinceMs: number;
  };
  /** What this process has seen of repositories that narrow it for their own jobs. Absent: of none. */
  readonly repositories?: {
    /** How many narrow it. */
    readonly narrowed: number;
    /** The first of those whose file was refused: what it said before holds. */
    readonly refused: readonly {
      /** `owner/name`. */
      readonly repository: string;
      /** The first thing that is wrong, with its place. */
      readonly problem: string;
    }[];
    /** How many more have a file that was refused. */
    readonly more: number;
  };
}

/**
 * What keeps the configuration up to date: it is told of pushes, looks by itself, and tells how things stand. Reading what is in
 * force is {@link OrchestratorOptions.catalog}.
 */
export interface ConfigurationSource {
  /**
   * Takes in a push of any repository; those that concern it not change nothing. Resolves when what follows from it is on record;
   * when it rejects, the push comes again.
   */
  handlePush(event: PushEvent, options?: CallOptions): Promise<unknown>;
  /**
   * What a repository allows its own jobs: never more than the configuration does. Asked before a job that is new is routed, so it
   * must answer within seconds; what it cannot find out in time is as it was known last. `undefined`: it narrows nothing. When it
   * rejects, the job comes again.
   */
  narrowing?(repository: string, options?: CallOptions): Promise<Narrowing | undefined>;
  /** Looks at the source now; answers what came of it, as JSON. */
  poll(options?: CallOptions): Promise<unknown>;
  /** How things stand. `undefined`: nothing is known yet. */
  standing(options?: CallOptions): Promise<ConfigurationStanding | undefined>;
}
