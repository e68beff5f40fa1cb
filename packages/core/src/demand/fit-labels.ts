/** One more than the router takes, so that it still sees that there were too many. */
const mostLabels = 101;
/** One more than the router takes of a label. */
const longestLabel = 257;
/** What labels may take of a message of 64 KB, as JSON in UTF-8. */
const labelBytes = 48 * 1024;

/** Stands for labels that did not fit. Longer than the router allows, so that the job is refused, not served wrongly. */
const omitted = "…".repeat(longestLabel);

const encoder = new TextEncoder();

function sizeOf(label: string): number {
  return encoder.encode(JSON.stringify(label)).byteLength + 1;
}

/**
 * Labels of bounded number, length and size. What had to be cut is still too long for the router, which then
 * refuses the job by name: labels within its limits come through unchanged.
 */
export function fitLabels(labels: readonly unknown[]): readonly string[] {
  const kept: string[] = [];
  let bytes = sizeOf(omitted);
  for (const label of labels.slice(0, mostLabels)) {
    if (typeof label !== "string") continue;
    const cut = label.length > longestLabel ? label.slice(0, longestLabel) : label;
    // 6 bytes is the most that JSON makes of one UTF-16 unit: short sets need no measuring.
    bytes += cut.length <= 64 ? cut.length * 6 + 3 : sizeOf(cut);
    if (bytes > labelBytes) return [...kept, omitted];
    kept.push(cut);
  }
  return kept;
}
