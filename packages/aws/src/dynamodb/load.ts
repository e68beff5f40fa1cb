import type { StoredRecord } from "@runs-fleet/core";
import { tableNames } from "@runs-fleet/core/embedded/rules";
import { findOpen, findOpenings, type ItemPlace, readItems } from "./find-open.ts";
import type { Opening } from "./opening-item.ts";
import { mostKeys } from "./read-items.ts";
import { isLive, readRecord, readRecordHead } from "./record-item.ts";
import type { StoreTools } from "./tools.ts";

/**
 * How far back openings are read, milliseconds. An index is behind by a fraction of a second; what is older than this is
 * taken to be in it.
 */
const openingsReadMs = 30 * 60_000;

/** An index that lacks a record for this long, milliseconds, is not believed for older ones either. */
const indexLagMs = 5 * 60_000;

/** Batches that are read at once. */
const batchesAtOnce = 4;

/**
 * Every open record of a shard. The index tells where most of them are, but not yet where the latest are: these are in the
 * openings, which each commit stores together with the records that it opens. All are then read from their own tables, as
 * they are now.
 */
export async function* loadOpen(
  tools: StoreTools,
  shard: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<StoredRecord> {
  const { clock, keys } = tools;
  const reading = { purpose: `load the open records of ${shard}`, signal };
  const beganMs = clock.now();
  const loaded = new Set<string>();

  async function* open(places: readonly ItemPlace[]): AsyncGenerator<StoredRecord> {
    // Each once: an index that changes while it is read may tell of an item twice, and a batch must not.
    const byName = new Map(places.map((place) => [`${place.table}/${place.key}`, place]));
    const left = [...byName].filter(([name]) => !loaded.has(name)).map(([, place]) => place);
    for (let start = 0; start < left.length; start += mostKeys * batchesAtOnce) {
      const some = left.slice(start, start + mostKeys * batchesAtOnce);
      for (const { table, item } of await readItems(tools, some, reading)) {
        signal?.throwIfAborted();
        const head = readRecordHead(item, `An item of ${table}`);
        if (head.shard !== shard || !head.open || !isLive(head, clock.now())) continue;
        const record = readRecord(table, item, keys);
        loaded.add(`${table}/${keys.keyOf(table, record.id)}`);
        yield record;
      }
    }
  }

  const placesOf = (openings: readonly Opening[]): readonly ItemPlace[] =>
    openings.flatMap(({ records }) =>
      records.map(({ table, id }) => ({ table, key: keys.keyOf(table, id) })),
    );

  const indexed = await Promise.all(
    tableNames.map((table) => findOpen(tools, table, shard, reading)),
  );
  yield* open(indexed.flat());
  // After the index, so that nothing falls between the two.
  const recent = await findOpenings(tools, shard, beganMs - openingsReadMs, reading);
  let isFarBehind = false;
  for await (const record of open(placesOf(recent.filter(isIndexed)))) {
    isFarBehind = true;
    yield record;
  }
  yield* open(placesOf(isFarBehind ? await findOpenings(tools, shard, 0, reading) : recent));

  function isIndexed({ atMs }: Opening): boolean {
    return atMs < beganMs - indexLagMs;
  }
}
