import { describe, expect, it } from "vitest";
import { describeMachineProviderContract } from "../testing/contracts/machine-provider.ts";
import { createMemoryMachineProvider } from "./memory-machine-provider.ts";

describeMachineProviderContract({
  api: { describe, it, expect },
  create: async ({ clock }) =>
    createMemoryMachineProvider({
      clock,
      region: "us-east-1",
      bootMs: 90_000,
      stopMs: 45_000,
      capacity: 4,
    }),
  traits: { capacity: 4, spot: true, concurrent: true },
});
