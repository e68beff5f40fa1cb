import type { Ec2InstanceType } from "./instance-type.ts";

/** What types cost, as somebody has looked it up. It ranks hardware that is adequate anyway; nothing is bought or left for it. */
export interface Ec2Prices {
  /** When it was looked up, epoch milliseconds. */
  readonly atMs: number;
  /** US dollars an hour, on demand, by type. One that is not here ranks behind those that are. */
  readonly usdPerHour: Readonly<Record<string, number>>;
}

/**
 * The types in the order in which they are wanted: the cheapest first, then the one with the fewest processors, the least
 * memory, the latest generation; at last by name, so that the order is the same for everybody.
 */
export function rankTypes(
  types: readonly Ec2InstanceType[],
  prices?: Ec2Prices,
): readonly Ec2InstanceType[] {
  const keyed = types.map((type) => ({
    type,
    keys: [
      priceOf(type, prices),
      type.vcpus,
      type.memoryMib,
      -(type.generation ?? 0),
    ] as readonly number[],
  }));
  keyed.sort((left, right) => compare(left, right) || (left.type.name < right.type.name ? -1 : 1));
  return keyed.map(({ type }) => type);
}

/**
 * At most `most` types, the best of each architecture first in line, so that a call that may buy either has some of both;
 * in the order in which they came.
 */
export function selectTypes(
  ranked: readonly Ec2InstanceType[],
  most: number,
): readonly Ec2InstanceType[] {
  if (ranked.length <= most) return ranked;
  const seen = { arm64: 0, x64: 0 };
  const places = ranked.map((type, rank) => {
    seen[type.arch] += 1;
    return { type, rank, place: seen[type.arch] };
  });
  const chosen = places.sort((left, right) => left.place - right.place || left.rank - right.rank);
  return chosen
    .slice(0, most)
    .sort((left, right) => left.rank - right.rank)
    .map(({ type }) => type);
}

function priceOf({ name }: Ec2InstanceType, prices: Ec2Prices | undefined): number {
  const table = prices?.usdPerHour ?? {};
  return Object.hasOwn(table, name) ? (table[name] ?? unknownPrice) : unknownPrice;
}

const unknownPrice = Number.MAX_VALUE;

function compare(
  left: { readonly keys: readonly number[] },
  right: { readonly keys: readonly number[] },
): number {
  for (const [index, key] of left.keys.entries()) {
    const difference = key - (right.keys[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
