import type { Clock } from "../../ports/clock.ts";
import type { Market, Os } from "../../routing/shape.ts";
import type { Dice } from "../simulation/dice.ts";
import type { Ec2Tag } from "./api.ts";
import type { Ec2Conditions } from "./conditions.ts";
import type { ImageBook } from "./images.ts";
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
  /** Such as `lt-01`; launches may name it. */
  readonly id: string;
  /** Such as `linux-arm64`; launches may name it in place of the id. */
  readonly name: string;
  /** What its instances boot from, such as `ami-linux-arm64`. */
  readonly imageId: string;
  /** System of the image; decides how long boots take. */
  readonly os: Os;
  /** Type for launches that name none. Absent: such launches are refused. */
  readonly instanceType?: string;
  /** Whether instances read their tags in their metadata. @defaultValue true */
  readonly tagsInMetadata?: boolean;
  /** What a shutdown from inside does; spot instances always terminate. @defaultValue `terminate` */
  readonly onShutdown?: "stop" | "terminate";
}

/** A median, and how far around it: 1 puts about two thirds within a factor of e. */
export interface Ec2Spread {
  /** Half of all draws are shorter, milliseconds; 0 makes every draw 0. */
  readonly medianMs: number;
  /** How far draws lie around the median; 0 makes every draw the median. */
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
  /** From stopping to stopped. */
  readonly stopMs: Ec2Spread;
  /** From shutting down to terminated. */
  readonly shutdownMs: Ec2Spread;
}

/** At most so many, and the code that says why not more. */
export interface Ec2Lid {
  /** Most instances that the call may launch. */
  readonly count: number;
  /** EC2's code for the rest, such as `InsufficientInstanceCapacity`. */
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
  readonly images: ImageBook;
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
