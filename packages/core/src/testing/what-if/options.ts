import type { Rates } from "@runs-fleet/scheduling";
import type { Visibility } from "../../ports/demand-event.ts";
import type { Catalog, Os } from "../../routing/index.ts";
import type { Provenance } from "./report.ts";

/** A job to be simulated. */
export interface SimulatedJob {
  /** When it was queued, epoch milliseconds. */
  readonly queuedAtMs: number;
  /** How long it ran, or will run, once started, milliseconds. */
  readonly durationMs: number;
  /** Its `runs-on` labels. */
  readonly labels: readonly string[];
  /** `owner/name`. */
  readonly repository: string;
  /** Who sees its repository: policies may ask for it. @defaultValue `private` */
  readonly visibility?: Visibility;
  /** Whether its repository is a fork: policies have to allow that. @defaultValue false */
  readonly fork?: boolean;
  /** When it was started in reality, epoch milliseconds: what the simulation is compared with. */
  readonly startedAtMs?: number;
  /** How it ended in reality. `cancelled` without a start: it is cancelled after {@link SimulatedJob.durationMs} of waiting. */
  readonly conclusion?: string;
  /** Names it in reports. */
  readonly id?: string;
}

/** A distribution of durations by four of its points, milliseconds; linear in between. */
export interface Durations {
  /** The shortest; not below 0. */
  readonly minMs: number;
  /** Half are no longer; not below {@link Durations.minMs}. */
  readonly p50Ms: number;
  /** 95 of 100 are no longer; not below {@link Durations.p50Ms}. */
  readonly p95Ms: number;
  /** The longest; not below {@link Durations.p95Ms}. */
  readonly maxMs: number;
}

/** How long machines take to become ready. */
export interface BootProfile extends Provenance {
  /** From purchase to ready. */
  readonly launch: Durations;
  /** From the start of a stopped machine to ready. */
  readonly start: Durations;
}

/** Boot times by system; a pool's own come before those of its system. */
export interface BootProfiles {
  /** By system. A system that is not named has that of {@link defaultBootProfiles}. */
  readonly os?: Partial<Readonly<Record<Os, BootProfile>>>;
  /** By name of the pool, for images that boot otherwise than their system's. */
  readonly pools?: Readonly<Record<string, BootProfile>>;
}

/** Delays of a job's way besides boots. */
export interface DelayProfile extends Provenance {
  /** From GitHub's queue to the controller's: the webhook's way. */
  readonly webhook: Durations;
  /** GitHub's answer to the registration of a runner. */
  readonly mint: Durations;
  /** From the stored assignment until the machine has read it. */
  readonly notice: Durations;
  /** From there until GitHub says that the job runs: the runner's start. */
  readonly registration: Durations;
  /** From the end of the job until the machine is off. */
  readonly ending: Durations;
}

/** What {@link simulateFleet} is given. */
export interface SimulateFleetOptions {
  /** The configuration to be tried, as `parseCatalog` answers it. */
  readonly catalog: Catalog;
  /** In any order. */
  readonly jobs: readonly SimulatedJob[];
  /** Decides boot times, delays and interruptions. A safe integer. */
  readonly seed: number;
  /** How many seeds are run, `seed` and those that follow it, to show how much chance matters. 1 to 100. @defaultValue 1 */
  readonly seeds?: number;
  /** By pool; `*` prices the pools that are not named, and machines of no pool. @defaultValue no cost is told */
  readonly rates?: Readonly<Record<string, Rates>>;
  /** Where the rates come from. @defaultValue that they were given without a source */
  readonly ratesFrom?: Provenance;
  /** How long machines take to become ready. @defaultValue {@link defaultBootProfiles} */
  readonly boots?: BootProfiles;
  /** How long all else takes on a job's way. @defaultValue {@link defaultDelays} */
  readonly delays?: DelayProfile;
  /**
   * What is simulated, epoch milliseconds, `toMs` not included. Jobs queued outside are left out, and nothing before or
   * after it is counted. @defaultValue from the hour of the first job to the end of the hour of the last
   */
  readonly horizon?: { readonly fromMs: number; readonly toMs: number };
  /** Interruptions of spot machines per machine-hour. @defaultValue 0 */
  readonly interruptionsPerHour?: number;
  /** IANA time zone of hours of the week. @defaultValue that of the first pool's schedule, else UTC */
  readonly timeZone?: string;
  /** Told between 0 and 1, about a hundred times. */
  readonly onProgress?: (part: number) => void;
  /** Ends it: the simulation rejects with its reason. */
  readonly signal?: AbortSignal;
}
