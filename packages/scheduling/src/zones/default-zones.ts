import type { ZoneSource } from "../types/zones.ts";
import { intlZones } from "./intl-zones.ts";

/** Only a cache: it holds what the runtime knows about zones, once. */
let sharedZones: ZoneSource | undefined;

/** The zones of schedules that come without any: those of the runtime. */
export function defaultZones(): ZoneSource {
  sharedZones ??= intlZones();
  return sharedZones;
}
