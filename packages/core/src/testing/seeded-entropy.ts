import type { Entropy } from "../ports/clock.ts";

/** Spreads one seed over a sequence of 32-bit words. */
function createSeeder(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e37_79b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x21f0_aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a_2d97);
    return (word ^ (word >>> 15)) >>> 0;
  };
}

/** Small fast counting generator on three 32-bit words and a counter: integer operations only, so every platform agrees. */
function createWords(seed: number): () => number {
  const next = createSeeder(seed);
  let a = next() | 0;
  let b = next() | 0;
  let c = next() | 0;
  let counter = 1;
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // Neighbouring seeds need some rounds to part.
  for (let round = 0; round < 12; round += 1) word();
  return word;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, "0");
}

/**
 * Randomness that a seed determines, the same on every platform and version.
 *
 * @param seed - A safe integer; its lower 32 bits count.
 * @throws A RangeError when `seed` is no safe integer.
 */
export function createSeededEntropy(seed: number): Entropy {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a safe integer, is ${seed}`);
  const word = createWords(seed);
  return Object.freeze({
    uuid() {
      const version = hex(((word() & 0xffff_0fff) | 0x4000) >>> 0);
      const variant = hex(((word() & 0x3fff_ffff) | 0x8000_0000) >>> 0);
      const head = `${hex(word())}-${version.slice(0, 4)}-${version.slice(4)}`;
      return `${head}-${variant.slice(0, 4)}-${variant.slice(4)}${hex(word())}`;
    },
    // 53 bits, as many as a number in [0, 1) can hold.
    random: () => ((word() >>> 5) * 67_108_864 + (word() >>> 6)) / 9_007_199_254_740_992,
  });
}
