import type { ZoneSource } from "../types/zones.ts";
import { discoverBySamples, discoverWithTemporal, type TemporalLike } from "./discover.ts";
import { createOffsetReader, type OffsetReader } from "./offset-reader.ts";
import { type OffsetList, pushSpan, sliceSpans } from "./spans.ts";

/** Offsets are discovered and kept in pieces of this length, about 99 days: a power of two, so that pieces of all zones align. */
const PIECE_MS = 8_589_934_592;

interface Zone {
  readonly discover: (fromMs: number, toMs: number) => OffsetList;
  readonly pieces: Map<number, OffsetList>;
}

const FOREVER = { fromMs: -Infinity, toMs: Infinity } as const;

/** Names whose offset never changes need no search. */
const isFixed = (id: string): boolean => /^(etc\/.*|utc|gmt)$/i.test(id);

function openZone(id: string, temporal: TemporalLike | undefined): Zone {
  let read: OffsetReader;
  try {
    // Newer runtimes accept `+05:30` as a zone, older ones do not: refuse it everywhere.
    read = createOffsetReader(/^[A-Za-z]/.test(id) ? id : "none");
  } catch (cause) {
    throw new RangeError(`Unknown time zone "${id}"`, { cause });
  }
  const pieces = new Map<number, OffsetList>();
  if (isFixed(id)) {
    return { pieces, discover: (from) => ({ at: [from], offsetMs: [read(from)] }) };
  }
  if (temporal) {
    return { pieces, discover: (from, to) => discoverWithTemporal(temporal, id, from, to) };
  }
  return { pieces, discover: (from, to) => discoverBySamples(read, from, to) };
}

/** Zones of the runtime, with or without its `Temporal`. */
export function createIntlZones(temporal: TemporalLike | undefined, version: string): ZoneSource {
  const zones = new Map<string, Zone>();

  const zoneOf = (id: string): Zone => {
    const key = id.toLowerCase();
    let zone = zones.get(key);
    if (zone === undefined) {
      zone = openZone(id, temporal);
      zones.set(key, zone);
    }
    return zone;
  };

  const pieceOf = (zone: Zone, index: number): OffsetList => {
    let piece = zone.pieces.get(index);
    if (piece === undefined) {
      piece = zone.discover(index * PIECE_MS, (index + 1) * PIECE_MS);
      zone.pieces.set(index, piece);
    }
    return piece;
  };

  return {
    version,
    spans: (id, fromMs, toMs) => {
      const zone = zoneOf(id);
      const list: OffsetList = { at: [], offsetMs: [] };
      const last = Math.floor((toMs - 1) / PIECE_MS);
      for (let index = Math.floor(fromMs / PIECE_MS); index <= last; index++) {
        const piece = pieceOf(zone, index);
        for (const [at, ms] of piece.at.entries()) pushSpan(list, ms, piece.offsetMs[at] as number);
      }
      return sliceSpans(list, fromMs, toMs);
    },
    range: (id) => {
      try {
        zoneOf(id);
        return FOREVER;
      } catch {
        return undefined;
      }
    },
  };
}

/**
 * Zone data of the runtime, discovered on demand and kept for the life of the source.
 *
 * The data is as old as the runtime: {@link checkZones} says whether that matters. The host's own zone has no effect.
 */
export function intlZones(): ZoneSource {
  const host = globalThis as {
    readonly Temporal?: TemporalLike;
    readonly process?: { readonly versions?: { readonly tz?: string } };
  };
  return createIntlZones(host.Temporal, host.process?.versions?.tz ?? "unknown");
}
