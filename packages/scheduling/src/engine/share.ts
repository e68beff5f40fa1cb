import type { ZoneSource } from "../types/zones.ts";
import type { Engine } from "./compile.ts";

/** Most characters of keys to remember per zone source, about: engines go when memory is collected, keys do not. */
const MAX_SHARED = 20_000_000;

/** Only a cache: equal schedules over the same zones share what was computed for them. */
const shared = new WeakMap<ZoneSource, Map<string, WeakRef<Engine>>>();

/** The engine that was made for an equal input, or a new one. */
export function shareEngine(zones: ZoneSource, key: string, make: () => Engine): Engine {
  let engines = shared.get(zones);
  if (engines === undefined) {
    engines = new Map();
    shared.set(zones, engines);
  }
  const known = engines.get(key)?.deref();
  if (known !== undefined) return known;
  const engine = make();
  if (engines.size * key.length > MAX_SHARED) engines.clear();
  engines.set(key, new WeakRef(engine));
  return engine;
}
