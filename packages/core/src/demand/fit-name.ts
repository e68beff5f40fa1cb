/** Longest name of a job that is kept, UTF-16 units: what tells it from its siblings is all that it is for. */
const longestName = 256;

/**
 * A job's name of bounded length, as a part of its event. One that is longer loses its middle: the values of a matrix stand at its
 * end.
 */
export function fitName(name: string | null | undefined): { readonly name?: string } {
  if (name === undefined || name === null || name === "") return {};
  if (name.length <= longestName) return { name };
  const half = longestName / 2;
  return { name: `${name.slice(0, half - 1)}…${name.slice(-half)}` };
}
