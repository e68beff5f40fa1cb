import { describe, it } from "vitest";
import { createMemoryStore } from "../../src/embedded/memory-store.ts";
import { FleetError } from "../../src/ports/failure.ts";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";
import { type StoreStage, storeCases } from "./store-cases.ts";

const shard = "ci/us-east-1";

function createMemoryStage(): StoreStage {
  const clock = createVirtualClock(1_790_000_000_000);
  const store = createMemoryStore({ clock });
  return {
    async commit(epoch, writes) {
      const lease = { shard, owner: "a", epoch, expiresAtMs: clock.now() + 1_000 };
      const full = writes.map(({ id, expected, value }) => ({
        table: "jobs" as const,
        id,
        shard,
        open: true,
        expected,
        value,
      }));
      try {
        await store.commit(lease, full);
        return "ok";
      } catch (error) {
        if (FleetError.isInstance(error) && error.kind === "conflict") return "conflict";
        if (error instanceof RangeError || error instanceof TypeError) return "invalid";
        throw error;
      }
    },
    async get(id) {
      const found = await store.get("jobs", id);
      return found && { version: found.version, value: String(found.value) };
    },
  };
}

describe("the memory store keeps the rules of conditional writes:", () => {
  for (const { name, run } of storeCases) it(name, () => run(createMemoryStage()));
});
