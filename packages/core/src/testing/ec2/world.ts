import type { Clock } from "../../ports/clock.ts";
import type { Market, Os } from "../../routing/shape.ts";
import type { Dice } from "../simulation/dice.ts";
import type { Ec2Tag } from "./api.ts";
import type { Ec2Conditions } from "./conditions.ts";
import type { Ec2Fate } from "./instance.ts";
import type { Ec2InstanceType } from "./instance-types.ts";
import type { MachineBook } from "./machine-book.ts";
import type { Offerings } from "./offerings.ts";
import type { Throttle } from "./throttle.ts";

/** Something that has just happened to an instance; for those who play what runs on it. */
export type Ec2News =
  /**
   * It was bought or started. Its operating system is up at `readyAtMs`, and answers no more from `hangsAtMs` on; both
   * may be `Infinity`.
   */
  | {
      readonly kind: "booting";
      readonly id: string;
      readonly readyAtMs: number;
      readonly hangsAtMs: number;
      readonly fate: Ec2Fate;
    }
  | { readonly kind: "stopping" | "ending"; readonly id: string }
  /** Tags that were changed can now be read in its metadata. */
  | { readonly kind: "tags"; readonly id: string; readonly tags: readonly Ec2Tag[] }
  /** Its spot notice: it will be gone at `endsAtMs`. */
  | { readonly kind: "interruption"; readonly id: string; readonly endsAtMs: number };

/** A launch template, as far as launches depend on it. */
export interface Ec2LaunchTemplate {
  readonly id: string;
  readonly name: string;
  readonly imageId: string;
  readonly os: Os;
  readonly instanceType?: string;
  /** Whether instances read their tags in their metadata. @defaultValue true */
  readonly tagsInMetadata?: boolean;
  /** @defaultValue `terminate` */
  readonly onShutdown?: "stop" | "terminate";
}

/** A median, and how far around it: 1 puts about two thirds within a factor of e. */
export interface Ec2Spread {
  readonly medianMs: number;
  readonly spread: number;
}

/** How long things take. */
export interface Ec2Times {
  /** From pending to running. */
  readonly pendingMs: Ec2Spread;
  /** From a launch until the operating system is up, by system. */
  readonly bootMs: Readonly<Record<Os, Ec2Spread>>;
  /** The same from a start. */
  readonly startMs: Readonly<Record<Os, Ec2Spread>>;
  readonly stopMs: Ec2Spread;
  readonly shutdownMs: Ec2Spread;
}

/** At most so many, and the code that says why not more. */
export interface Ec2Lid {
  readonly count: number;
  readonly code: string;
}

/** What the operations of one region work on. */
export interface Ec2World {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly region: string;
  readonly zones: readonly string[];
  readonly types: ReadonlyMap<string, Ec2InstanceType>;
  /** By id and by name. */
  readonly templates: ReadonlyMap<string, Ec2LaunchTemplate>;
  readonly machines: MachineBook;
  readonly offerings: Offerings;
  readonly throttle: Throttle;
  readonly quotas: Readonly<Record<Market, number>>;
  readonly times: Ec2Times;
  conditions(): Ec2Conditions;
  /** What the call that is being made may launch at most. */
  lid(): Ec2Lid | undefined;
  emit(news: Ec2News): void;
  /** A new number, for ids. */
  next(): number;
}

/** The zone of a subnet; the model has one subnet in each zone. */
export function zoneOfSubnet(world: Ec2World, subnetId: string): string | undefined {
  return world.zones.find((zone) => subnetOf(zone) === subnetId);
}

/** The subnet of a zone. */
export function subnetOf(zone: string): string {
  return `subnet-${zone}`;
}

/** Draws a time. */
export function draw(world: Ec2World, { medianMs, spread }: Ec2Spread): number {
  return medianMs === 0 ? 0 : Math.max(1, world.dice.spread(medianMs, spread));
}
