import type { HistoryPage } from "@runs-fleet/core/github";

/** How often a list is read again that moved under our hands. */
const mostRounds = 4;
/** More pages than any list of ours has. */
const mostPages = 100;

/** A list with all its pages. */
export interface Collected<T> {
  /** Each once, as it was last seen. */
  readonly items: readonly T[];
  /** Entries that GitHub counts and did not list. */
  readonly unlisted: number;
  /** Of its only page. */
  readonly etag?: string;
}

/**
 * All entries of a list. Between two pages entries come and go, so that one is seen twice or never: what is seen twice counts
 * once, and while fewer are found than GitHub counts, all pages are read again.
 *
 * @param shrinks - Entries may be deleted, which moves others to pages that were read already, and the count does not show
 *   it: a list of several pages is then read until a pass shows nothing new.
 */
export async function collect<T extends { readonly id: string }>(
  first: HistoryPage<T>,
  readPage: (page: number) => Promise<HistoryPage<T>>,
  shrinks = false,
): Promise<Collected<T>> {
  const found = new Map<string, T>();
  let unlisted = 0;
  for (let round = 0; round < mostRounds; round += 1) {
    const before = found.size;
    let page = round === 0 ? first : await readPage(1);
    let number = 1;
    for (; ; number += 1) {
      for (const item of page.items) found.set(item.id, item);
      if (!page.more || number >= mostPages) break;
      page = await readPage(number + 1);
    }
    unlisted = Math.max(0, (page.total ?? 0) - found.size);
    const settled = !shrinks || number === 1 || found.size === before;
    if (unlisted === 0 && settled) {
      const etag = round === 0 && number === 1 ? first.etag : undefined;
      return { items: [...found.values()], unlisted, ...(etag === undefined ? {} : { etag }) };
    }
  }
  return { items: [...found.values()], unlisted };
}
