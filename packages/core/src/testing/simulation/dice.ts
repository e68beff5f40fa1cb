import type { Entropy } from "../../ports/clock.ts";
import { createSeededEntropy } from "../seeded-entropy.ts";

/** Choices that a seed determines. */
export interface Dice {
  /** True with this probability. */
  chance(probability: number): boolean;
  /** A whole number in the closed range. */
  whole(min: number, max: number): number;
  /** One of them. */
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Exponentially distributed with this mean, rounded. */
  wait(mean: number): number;
  /** Around `median`; `spread` 1 puts about two thirds within a factor of e. */
  spread(median: number, spread: number): number;
}

/** Dice over a source of chance. */
export function createDice(entropy: Pick<Entropy, "random">): Dice {
  const { random } = entropy;
  return {
    chance: (probability) => random() < probability,
    whole: (min, max) => min + Math.floor(random() * (max - min + 1)),
    pick: (items) => items[Math.floor(random() * items.length)] ?? items[0],
    wait: (mean) => Math.round(-Math.log(1 - random()) * mean),
    spread: (median, spread) => {
      // The sum of three is near enough to a normal distribution, and needs no transcendental function but exp.
      const bell = (random() + random() + random()) * 2 - 3;
      return Math.round(median * Math.exp(bell * spread));
    },
  };
}

/** A stream of its own for each purpose: what one part draws changes nothing for another. */
export function createStream(seed: number, purpose: string): Entropy {
  let hash = seed | 0;
  for (let index = 0; index < purpose.length; index += 1) {
    hash = Math.imul(hash ^ purpose.charCodeAt(index), 0x0100_0193);
    hash ^= hash >>> 13;
  }
  return createSeededEntropy(hash);
}
