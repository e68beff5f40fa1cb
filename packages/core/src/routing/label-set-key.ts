/**
 * The key under which demand for these labels is counted: lower-cased, without duplicates, sorted, so that equal sets
 * have equal keys and other sets have other keys.
 *
 * GitHub gives a runner to any job whose labels it covers, whatever their order and case.
 *
 * @example
 * labelSetKey(["runs-fleet/cpu=4", "X64", "x64"]); // '["runs-fleet/cpu=4","x64"]'
 */
export function labelSetKey(labels: readonly string[]): string {
  const unique = new Set<string>();
  for (const label of labels) unique.add(label.toLowerCase());
  // By code units: the order of a locale differs between machines. JSON keeps a comma in a label apart from a border.
  return JSON.stringify([...unique].sort());
}
