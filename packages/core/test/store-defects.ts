import { createMemoryStore } from "../src/embedded/memory-store.ts";
import { FleetError } from "../src/ports/failure.ts";
import type { StateStore, Write } from "../src/ports/state-store.ts";
import type { ContractEnvironment } from "../src/testing/contracts/stage.ts";
import { describeStateStoreContract } from "../src/testing/contracts/state-store.ts";
import { type Defect, describeDefects } from "./defects.ts";

/** A store with one defect. */
export interface StoreDefect extends Defect {
  make(environment: ContractEnvironment): StateStore;
}

/** A sound store with some methods replaced by broken ones. */
export function defect(
  name: string,
  caught: string,
  breakStore: (store: StateStore) => Partial<StateStore>,
): StoreDefect {
  return {
    name,
    caught,
    make: (environment) => {
      const store = createMemoryStore(environment);
      return { ...store, ...breakStore(store) };
    },
  };
}

/** A store that writes something else than it was told. */
export function changeWrites(change: (write: Write) => Write) {
  return ({ commit }: StateStore): Partial<StateStore> => ({
    commit: (lease, writes, options) => commit(lease, writes.map(change), options),
  });
}

/** The error of a store that refuses a commit. */
export function conflict(): FleetError {
  return new FleetError({ kind: "conflict", message: "broken" });
}

/** Proves a group of the contract of stores on broken ones. */
export function describeStoreDefects(group: string, defects: readonly StoreDefect[]): void {
  describeDefects({
    noun: "a store",
    group,
    defects,
    declare: (api, broken) =>
      describeStateStoreContract({
        api,
        create: async (environment) => (broken?.make ?? createMemoryStore)(environment),
        traits: { concurrent: true },
      }),
  });
}
