import {
  type CallOptions,
  type Catalog,
  FleetError,
  type Json,
  type Lease,
  type StateStore,
  type Write,
} from "@runs-fleet/core";
import type { FleetConfig } from "../parse-config.ts";
import { type ConfigState, parseState } from "./config-state.ts";

/** Most writes of one commit; a store takes 99. */
const mostWrites = 90;
/** Largest record, bytes; a store takes 400,000. */
const mostBytes = 390_000;

/** The state on record, and the record's version, by which it is changed. */
export interface LoadedState {
  readonly state: ConfigState;
  /** `absent`: there is no record yet. */
  readonly expected: number | "absent";
}

/** The records of one configuration file in a store. */
export interface ConfigRecords {
  /** What is on record. */
  load(options?: CallOptions): Promise<LoadedState>;
  /**
   * Replaces what is on record, in one step.
   *
   * @throws A {@link FleetError} `conflict` when it is no longer as it was loaded, or the lease is somebody else's.
   */
  save(lease: Lease, state: ConfigState, loaded: LoadedState, options?: CallOptions): Promise<void>;
  /** Why a configuration cannot be put on record. `undefined`: it can. */
  misfit(config: FleetConfig): string | undefined;
  /** Writes the pools of a version and all else that it says. It is in force only when the state names it. */
  write(lease: Lease, config: FleetConfig, options?: CallOptions): Promise<void>;
  /** The configuration in force, as one version; `undefined` when there is none. */
  read(options?: CallOptions): Promise<FleetConfig | undefined>;
  /** Deletes what belongs to none of these versions. */
  sweep(lease: Lease, keep: readonly string[], options?: CallOptions): Promise<void>;
}

const jsonOf = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/**
 * The records of the configuration `key`. Each pool of a version is one, all else that it says is another, and one more names the
 * version in force: a reader sees a version whole, whenever a writer dies.
 */
export function createConfigRecords(store: StateStore, shard: string, key: string): ConfigRecords {
  const restId = (version: string): string => `${key}@${version}`;
  const poolId = (version: string, pool: string): string => `${key}@${version}#${pool}`;
  const write = (record: Pick<Write, "table" | "id" | "expected" | "value">): Write => ({
    ...record,
    shard,
    open: true,
  });

  const load = async (options?: CallOptions): Promise<LoadedState> => {
    const record = await store.get("configurations", key, options);
    return record === undefined
      ? { state: {}, expected: "absent" }
      : { state: parseState(record.value), expected: record.version };
  };

  const readVersion = async (
    { version, pools }: NonNullable<ConfigState["applied"]>,
    options?: CallOptions,
  ): Promise<FleetConfig | undefined> => {
    const [rest, ...records] = await Promise.all([
      store.get("configurations", restId(version), options),
      ...pools.map((name) => store.get("pools", poolId(version, name), options)),
    ]);
    if (rest === undefined || records.some((record) => record === undefined)) return undefined;
    const config = rest.value as unknown as FleetConfig;
    const values = records.map((record) => record?.value) as unknown as Catalog["pools"];
    return { ...config, catalog: { ...config.catalog, pools: values } };
  };

  return {
    load,
    save: (lease, state, { expected }, options) =>
      store.commit(
        lease,
        [write({ table: "configurations", id: key, expected, value: jsonOf(state) })],
        // It decides what is bought from now on.
        { ...options, checked: true },
      ),
    misfit: ({ catalog: { pools, ...catalog }, ...rest }) => {
      const large = pools.find((pool) => bytesOf(pool) > mostBytes);
      if (large) return `Pool ${large.name} is larger than can be put on record`;
      if (
        bytesOf({ ...rest, catalog }) > mostBytes ||
        bytesOf(pools.map(({ name }) => name)) > mostBytes / 2
      ) {
        return "The configuration is larger than can be put on record";
      }
      return undefined;
    },
    write: async (lease, { catalog: { pools, ...catalog }, ...rest }, options) => {
      const { version } = catalog;
      const writes = [
        ...pools.map((pool) =>
          write({
            table: "pools",
            id: poolId(version, pool.name),
            expected: "any",
            value: jsonOf(pool),
          }),
        ),
        write({
          table: "configurations",
          id: restId(version),
          expected: "any",
          value: jsonOf({ ...rest, catalog: { ...catalog, pools: [] } }),
        }),
      ];
      for (let from = 0; from < writes.length; from += mostWrites) {
        await store.commit(lease, writes.slice(from, from + mostWrites), options);
      }
    },
    read: async (options) => {
      // A version may be swept away between two reads when two later ones came; the next look finds the later one.
      for (let tries = 0; tries < 5; tries += 1) {
        const { state } = await load(options);
        if (state.applied === undefined) return undefined;
        const config = await readVersion(state.applied, options);
        if (config !== undefined) return config;
      }
      throw new FleetError({
        kind: "unavailable",
        message: "The configuration changes all the time",
      });
    },
    sweep: async (lease, keep, options) => {
      const kept = new Set(keep.map(restId));
      const writes: Write[] = [];
      for await (const { table, id } of store.load(shard, options)) {
        const owner = id.split("#", 1)[0] ?? "";
        if (!id.startsWith(`${key}@`) || kept.has(owner)) continue;
        writes.push(write({ table, id, expected: "any", value: undefined }));
      }
      for (let from = 0; from < writes.length; from += mostWrites) {
        await store.commit(lease, writes.slice(from, from + mostWrites), options);
      }
    },
  };
}
