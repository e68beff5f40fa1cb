import type { ApiResponse } from "./exchange.ts";

/** Answers by their ETag, the longest unused forgotten first. */
export interface EtagCache {
  get(key: string): (ApiResponse & { readonly etag: string }) | undefined;
  set(key: string, response: ApiResponse): void;
}

const mostEntries = 512;
const mostCharacters = 8_388_608;
const largestEntry = 1_048_576;

/** An empty cache of at most 512 answers and 8 million characters. */
export function createEtagCache(): EtagCache {
  const entries = new Map<
    string,
    { readonly response: ApiResponse & { readonly etag: string }; readonly size: number }
  >();
  let total = 0;

  const drop = (key: string): void => {
    const entry = entries.get(key);
    if (entry === undefined) return;
    total -= entry.size;
    entries.delete(key);
  };

  return {
    get: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.response;
    },
    set: (key, response) => {
      drop(key);
      const etag = response.headers["etag"];
      if (etag === undefined) return;
      const size = key.length + (JSON.stringify(response.data)?.length ?? 0);
      if (size > largestEntry) return;
      entries.set(key, { response: { ...response, etag }, size });
      total += size;
      for (const oldest of entries.keys()) {
        if (entries.size <= mostEntries && total <= mostCharacters) break;
        drop(oldest);
      }
    },
  };
}
