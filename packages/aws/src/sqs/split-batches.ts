import { mostBatchBytes, mostEntries } from "./limits.ts";

/** What decides where a message may go. */
export interface BatchItem {
  /** What SQS counts of it; at most what a batch may have. */
  readonly bytes: number;
  /** Whose order it keeps; `undefined`: nobody's. */
  readonly order: string | undefined;
}

interface Batch<I> {
  readonly items: I[];
  bytes: number;
}

/**
 * Batches of at most 10 messages and a mebibyte, to be sent one after the other. No two messages of one order are in one batch, for
 * SQS may take the later and refuse the earlier; each is in a later batch than those before it.
 *
 * Messages go into the last batches that have room, so what has no order stays as it came.
 */
export function splitBatches<I extends BatchItem>(items: readonly I[]): readonly (readonly I[])[] {
  const batches: Batch<I>[] = [];
  const lastOf = new Map<string, number>();
  // Batches before this one are full for all that follows.
  let open = 0;

  function placeFor({ bytes, order }: I): number {
    const before = order === undefined ? undefined : lastOf.get(order);
    for (let index = Math.max(open, (before ?? -1) + 1); index < batches.length; index += 1) {
      const batch = batches[index];
      if (batch !== undefined && fits(batch, bytes)) return index;
    }
    return batches.push({ items: [], bytes: 0 }) - 1;
  }

  for (const item of items) {
    const place = placeFor(item);
    const batch = batches[place];
    if (batch === undefined) continue;
    batch.items.push(item);
    batch.bytes += item.bytes;
    if (item.order !== undefined) lastOf.set(item.order, place);
    // What has no order goes on from here, as it came.
    else open = place;
    while (batches[open]?.items.length === mostEntries) open += 1;
  }
  return batches.map((batch) => batch.items);
}

function fits(batch: Batch<BatchItem>, bytes: number): boolean {
  return batch.items.length < mostEntries && batch.bytes + bytes <= mostBatchBytes;
}
