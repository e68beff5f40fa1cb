import { intlZones, layered, tableZones, type ZoneSource } from "@runs-fleet/scheduling";
import { tzdata } from "@runs-fleet/scheduling/tzdata";

/** Only a cache. */
let shared: ZoneSource | undefined;

/**
 * Time zones for what people read of a configuration: the table that comes with the package first, so that every Node writes
 * the same bytes, and what the runtime knows for the rest.
 */
export function zoneData(): ZoneSource {
  shared ??= layered(tableZones(tzdata), intlZones());
  return shared;
}
