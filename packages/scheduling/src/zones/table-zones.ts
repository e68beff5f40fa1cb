import { MINUTE_MS } from "../calendar/civil.ts";
import type { TzTable, ZoneSource } from "../types/zones.ts";
import { type OffsetList, pushSpan, sliceSpans } from "./spans.ts";

function expandRule(rule: readonly number[], fromMinute: number): OffsetList {
  const list: OffsetList = { at: [], offsetMs: [] };
  let minute = fromMinute;
  pushSpan(list, minute * MINUTE_MS, (rule[0] ?? 0) * MINUTE_MS);
  for (let index = 1; index < rule.length; index += 2) {
    minute += rule[index] ?? 0;
    pushSpan(list, minute * MINUTE_MS, (rule[index + 1] ?? 0) * MINUTE_MS);
  }
  return list;
}

/**
 * Zone data from a table, such as `tzdata` of `@runs-fleet/scheduling/tzdata`: the same answers on every runtime.
 *
 * It knows only the time it was made for and says so with a `RangeError` beyond it;
 * `layered(tableZones(tzdata), intlZones())` goes on.
 */
export function tableZones(json: TzTable): ZoneSource {
  const range = { fromMs: json.fromMinute * MINUTE_MS, toMs: json.toMinute * MINUTE_MS };
  const ruleOf = new Map<string, number>();
  for (const [index, names] of json.zones.entries()) {
    for (const name of names.split(" ")) ruleOf.set(name.toLowerCase(), index);
  }
  const expanded: OffsetList[] = [];
  return {
    version: json.version,
    spans: (id, fromMs, toMs) => {
      const index = ruleOf.get(id.toLowerCase());
      if (index === undefined) throw new RangeError(`Unknown time zone "${id}"`);
      if (fromMs < range.fromMs || toMs > range.toMs) {
        throw new RangeError(
          `The zone table ${json.version} does not reach that far; add a source with layered(table, intlZones())`,
        );
      }
      expanded[index] ??= expandRule(json.rules[index] ?? [], json.fromMinute);
      return sliceSpans(expanded[index], fromMs, toMs);
    },
    range: (id) => (ruleOf.has(id.toLowerCase()) ? range : undefined),
  };
}
