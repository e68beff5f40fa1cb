import type { ZoneRange, ZoneSource } from "../types/zones.ts";
import { type OffsetList, pushSpan, sliceSpans } from "./spans.ts";

const ALWAYS: ZoneRange = { fromMs: -Infinity, toMs: Infinity };

interface Layer {
  readonly source: ZoneSource;
  readonly range: ZoneRange;
}

/**
 * Several sources as one: at each time the first that knows the zone then is asked.
 *
 * @example
 * const zones = layered(tableZones(tzdata), intlZones());
 */
export function layered(...sources: readonly ZoneSource[]): ZoneSource {
  const layersOf = (id: string): Layer[] => {
    const layers: Layer[] = [];
    for (const source of sources) {
      const range = source.range ? source.range(id) : ALWAYS;
      if (range) layers.push({ source, range });
    }
    return layers;
  };
  return {
    version: sources.map((source) => source.version).join("+") || "unknown",
    spans: (id, fromMs, toMs) => {
      const layers = layersOf(id);
      if (layers.length === 0) throw new RangeError(`Unknown time zone "${id}"`);
      const list: OffsetList = { at: [], offsetMs: [] };
      let from = fromMs;
      while (from < toMs) {
        const top = layers.findIndex(({ range }) => range.fromMs <= from && from < range.toMs);
        const layer = layers[top];
        if (layer === undefined) {
          throw new RangeError(`No zone data for "${id}" at that time`);
        }
        // A layer above that begins later takes over when it begins.
        const above = layers.slice(0, top).map(({ range }) => range.fromMs);
        const to = Math.min(toMs, layer.range.toMs, ...above.filter((start) => start > from));
        const { at, offsetMs } = layer.source.spans(id, from, to);
        for (const [index, start] of at.entries()) {
          pushSpan(list, Math.max(start, from), offsetMs[index] ?? 0);
        }
        from = to;
      }
      return sliceSpans(list, fromMs, toMs);
    },
    range: (id) => {
      const layers = layersOf(id);
      if (layers.length === 0) return undefined;
      return {
        fromMs: Math.min(...layers.map(({ range }) => range.fromMs)),
        toMs: Math.max(...layers.map(({ range }) => range.toMs)),
      };
    },
  };
}
