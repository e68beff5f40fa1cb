import type { StateStore } from "../../ports/state-store.ts";
import type { TestApi } from "../test-api.ts";
import { type ContractEnvironment, createCases } from "./stage.ts";
import { describeCommits } from "./state-store-commits.ts";
import { describeFencing } from "./state-store-fencing.ts";
import { describeLeases } from "./state-store-leases.ts";
import { describeReading } from "./state-store-reading.ts";
import type { StateStoreTraits } from "./state-store-suite.ts";

/** Options of {@link describeStateStoreContract}. */
export interface StateStoreContractOptions {
  /** The test runner's functions. */
  readonly api: TestApi;
  /** A store without content, for one case. Disposed of after the case when it can be. */
  create(environment: ContractEnvironment): Promise<StateStore>;
  /** What is special about the store. */
  readonly traits?: StateStoreTraits;
}

/** Declares the cases that every {@link StateStore} must pass. */
export function describeStateStoreContract(options: StateStoreContractOptions): void {
  const { api, traits = {} } = options;
  const suite = { api, traits, check: createCases(api, options.create) };
  api.describe("StateStore contract", () => {
    api.describe("leases", () => describeLeases(suite));
    api.describe("commits", () => describeCommits(suite));
    api.describe("fencing", () => describeFencing(suite));
    api.describe("reading", () => describeReading(suite));
  });
}
