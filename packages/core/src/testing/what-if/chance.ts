function mix(word: number): number {
  let mixed = word ^ (word >>> 16);
  mixed = Math.imul(mixed, 0x21f0_aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a_2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/**
 * Numbers in [0, 1) that seed, purpose and index determine, and nothing else: the thousandth job has the same luck in
 * every configuration, so that two of them can be compared.
 */
export function createChance(seed: number, purpose: string): (index: number) => number {
  let key = mix(seed | 0);
  for (let at = 0; at < purpose.length; at += 1) key = mix(key ^ purpose.charCodeAt(at));
  return (index) => mix(mix((key + Math.imul(index | 0, 0x9e37_79b9)) | 0)) / 4_294_967_296;
}
