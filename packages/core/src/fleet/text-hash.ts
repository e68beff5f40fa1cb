/**
 * A short fingerprint of a text, 16 hexadecimal digits: two 32-bit FNV-1a sums with different seeds.
 * Names things that must agree between processes; it protects nothing.
 */
export function textHash(text: string): string {
  return sum(text, 0x811c9dc5) + sum(text, 0x1000193);
}

function sum(text: string, seed: number): string {
  let hash = seed;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
