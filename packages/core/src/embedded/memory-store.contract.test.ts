import { describe, expect, it } from "vitest";
import { describeStateStoreContract } from "../testing/contracts/state-store.ts";
import { createMemoryStore } from "./memory-store.ts";

describeStateStoreContract({
  api: { describe, it, expect },
  create: async ({ clock }) => createMemoryStore({ clock }),
  traits: { concurrent: true },
});
