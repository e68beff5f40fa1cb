import type { Market } from "../../routing/shape.ts";
import type { Ec2InstanceType } from "./instance-types.ts";

/** Which offerings; what is absent matches all. */
export interface Ec2OfferingMatch {
  /** Name of a type, such as `c7g.large`. */
  readonly type?: string;
  /** Name of a zone, such as `us-east-1a`. */
  readonly zone?: string;
  /** Spot or on demand. */
  readonly market?: Market;
}

/** A type of a zone in a market. */
export interface Ec2Offering {
  /** What is sold, with its list price. */
  readonly type: Ec2InstanceType;
  /** Where it is sold, such as `us-east-1a`. */
  readonly zone: string;
  /** How it is sold; spot prices change over time. */
  readonly market: Market;
}

/** How much of each offering there is, and what it costs. */
export interface Offerings {
  /** From now on each of the matching offerings holds so many instances. The newest rule that matches counts. */
  setCapacity(match: Ec2OfferingMatch, count: number): void;
  /** How many instances of it the region holds, those in use included. */
  capacityOf(offering: Ec2Offering): number;
  /** Whether it is sold at all. */
  isSold(offering: Ec2Offering): boolean;
  /** US dollars an hour. */
  priceOf(offering: Ec2Offering, atMs: number): number;
}

/** Spot prices stay for so long, milliseconds. */
const priceHoldsMs = 6 * 3_600_000;

/** A number in [0, 1) that the words determine. */
function chanceOf(words: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < words.length; index += 1) {
    hash = Math.imul(hash ^ words.charCodeAt(index), 0x0100_0193);
    hash ^= hash >>> 15;
  }
  return (hash >>> 0) / 4_294_967_296;
}

/** Everything in every zone without limit, until told otherwise. */
export function createOfferings(sold: (offering: Ec2Offering) => boolean = () => true): Offerings {
  const rules: { readonly match: Ec2OfferingMatch; readonly count: number }[] = [];
  const fits = (match: Ec2OfferingMatch, { type, zone, market }: Ec2Offering): boolean =>
    (match.type === undefined || match.type === type.name) &&
    (match.zone === undefined || match.zone === zone) &&
    (match.market === undefined || match.market === market);
  return {
    setCapacity(match, count) {
      const same = rules.findIndex(
        ({ match: { type, zone, market } }) =>
          type === match.type && zone === match.zone && market === match.market,
      );
      if (same >= 0) rules.splice(same, 1);
      rules.push({ match, count });
    },
    capacityOf: (offering) =>
      rules.findLast(({ match }) => fits(match, offering))?.count ?? Number.POSITIVE_INFINITY,
    isSold: sold,
    priceOf({ type, zone, market }, atMs) {
      if (market === "on-demand") return type.usdPerHour;
      const share = 0.3 + 0.4 * chanceOf(`${type.name} ${zone} ${Math.floor(atMs / priceHoldsMs)}`);
      return Math.round(type.usdPerHour * share * 10_000) / 10_000;
    },
  };
}
