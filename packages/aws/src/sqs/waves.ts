/** Calls side by side: few beside the 50 sockets of a client. */
const defaultWidth = 8;

/** Runs a task for each item, in order, at most `width` at once. Rejects when a wave is over in which one did. */
export async function inWaves<I>(
  items: readonly I[],
  width: number | undefined,
  run: (item: I) => Promise<void>,
): Promise<void> {
  const wave = width ?? defaultWidth;
  for (let start = 0; start < items.length; start += wave) {
    const results = await Promise.allSettled(items.slice(start, start + wave).map(run));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }
}
