import type { StateStore } from "../../ports/state-store.ts";
import type { TestApi } from "../test-api.ts";
import type { Stage } from "./stage.ts";

/** What a store can and cannot do. */
export interface StateStoreTraits {
  /** Adds the cases of many callers at once. @defaultValue false */
  readonly concurrent?: boolean;
}

/** What the parts of the suite share. */
export interface StateStoreSuite {
  readonly api: TestApi;
  readonly traits: StateStoreTraits;
  check(name: string, body: (store: StateStore, stage: Stage) => Promise<void>): void;
}
