import type { CallOptions, StateStore } from "@runs-fleet/core";
import type { FleetConfig } from "../parse-config.ts";
import { type ConfigRecords, createConfigRecords } from "./config-records.ts";

/** A configuration in force. */
export interface ConfigInForce {
  /** Names its state: the sha of the blob, or one of all blobs. */
  readonly version: string;
  /** What it says. */
  readonly config: FleetConfig;
}

/** Reads what is in force, as {@link createConfigWatcher} puts it on record. */
export interface ConfigReader {
  /** What is in force. `undefined`: none was ever applied. A version that was read before is not read again. */
  current(options?: CallOptions): Promise<ConfigInForce | undefined>;
}

/** Which configuration is meant. */
export interface ConfigReaderOptions {
  /** Where what is in force is kept; shared by all processes. */
  readonly store: StateStore;
  /** `owner/name` of the repository, `acme/.github-private`, say. */
  readonly repository: string;
  /** The file. @defaultValue `.github/runs-fleet.yml` */
  readonly path?: string;
}

/** Where the configuration lies when nothing else is said. */
export const defaultPath = ".github/runs-fleet.yml";

/**
 * A configuration as it is on record: its shard, and its records.
 *
 * @throws A `TypeError` for a repository or path that is none.
 */
export function openRecords({ store, repository, path = defaultPath }: ConfigReaderOptions): {
  readonly shard: string;
  readonly records: ConfigRecords;
} {
  if (!/^[\w.-]{1,100}\/[\w.-]{1,100}$/.test(repository)) {
    throw new TypeError("repository must be owner/name");
  }
  if (path === "" || path.length > 200 || path.startsWith("/")) {
    throw new TypeError("path must be that of a file in the repository, at most 200 characters");
  }
  const key = `${repository.toLowerCase()}/${path}`;
  const shard = `configuration/${key}`;
  return { shard, records: createConfigRecords(store, shard, key) };
}

/** Reads through records. */
export function readerOf(records: ConfigRecords): ConfigReader {
  let latest: ConfigInForce | undefined;
  return {
    current: async (options) => {
      const { state } = await records.load(options);
      if (state.applied === undefined) return undefined;
      if (latest?.version === state.applied.version) return latest;
      const config = await records.read(options);
      latest = config && { version: config.catalog.version, config };
      return latest;
    },
  };
}

/**
 * Reads what is in force, for a process that does not watch: one that only takes webhooks, say. It calls nothing but the store.
 *
 * @throws A `TypeError` for a repository or path that is none.
 */
export function createConfigReader(options: ConfigReaderOptions): ConfigReader {
  return readerOf(openRecords(options).records);
}
